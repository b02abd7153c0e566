import { assertEquals, assertThrows } from "@std/assert";
import { readExpression } from "./expression.ts";
import { textOf } from "./module.ts";
import { TokenReader, tokensOf } from "./tokens.ts";

const VALUES: Readonly<Record<string, string>> = {
  x: "f32",
  v: "vec4<f32>",
  i: "i32",
  u: "u32",
  b: "array<atomic<u32>>",
  pair: "Pair",
};

function read(code: string): string {
  const reader = new TokenReader(tokensOf(code));
  const expression = readExpression(reader, {
    value: (name) => VALUES[name],
    isFixed: () => true,
    result: (name) => name === "load" ? "f32" : undefined,
    field: (structure, name) => structure === "Pair" && name === "y0" ? "vec4<f32>" : undefined,
  });
  assertEquals(reader.done, true);
  const text = (e: typeof expression): string => textOf(e, text);
  assertEquals(text(expression).replaceAll(" ", ""), code.replaceAll(" ", ""));
  return expression.type;
}

Deno.test("readExpression() finds the types of values", () => {
  const types = {
    "x * v + 1f": "vec4<f32>",
    "1 + u": "u32",
    "0xfu + 1u": "u32",
    "2.5": "abstract float",
    "v.xy": "vec2<f32>",
    "v.x": "f32",
    "v[1u]": "f32",
    "pair.y0.z": "f32",
    "bitcast<vec4<u32>>(v) >> vec4u(2u)": "vec4<u32>",
    "vec4u(v)": "vec4<u32>",
    "vec4<bool>(false)": "vec4<bool>",
    "select(0, i, x < 1f)": "i32",
    "v >= vec4f(0f)": "vec4<bool>",
    "u >> 1u > 0u && !(i <= 2)": "bool",
    "any(v == v)": "bool",
    "atomicLoad(&b[u + 1u])": "u32",
    "fma(-x, 2f, load(u))": "f32",
    "array<u32, 8>(0u)[2u]": "u32",
  };
  for (const [code, type] of Object.entries(types)) assertEquals(read(code), type, code);
});

Deno.test("readExpression() refuses what it does not know", () => {
  assertThrows(() => read("y + 1f"), TypeError, "no value called y");
  assertThrows(() => read("tan(x)"), TypeError, "function tan() is not known");
  assertThrows(() => read("pair.z"), TypeError, "no field z");
});
