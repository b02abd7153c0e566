import { assert, assertEquals, assertThrows } from "@std/assert";
import { body } from "./body.ts";
import { compileReference } from "./evaluate.ts";
import * as e from "./expr.ts";
import { ARITY, FLOAT64, INT32, SCALAR_FUNCTIONS, toInt32 } from "./functions.ts";
import { toProgram } from "./program.ts";

const [x, y] = [e.input(0), e.input(1)];

Deno.test("every scalar function has a builder of its name", () => {
  const builders = e as unknown as Record<string, (...args: e.Operand[]) => e.Expr>;
  for (const fn of SCALAR_FUNCTIONS) {
    const args = [x, y, e.input(2)].slice(0, ARITY[fn]);
    assertEquals(builders[fn]!(...args), { kind: "call", fn, args });
  }
});

Deno.test("call() folds constants and drops identities", () => {
  assertEquals(e.add(2, 3), e.constant(5));
  assertEquals(e.sin(1), e.constant(Math.sin(1)));
  for (
    const same of [e.add(x, 0), e.add(0, x), e.sub(x, 0), e.mul(1, x), e.mul(x, 1), e.div(x, 1), e.pow(x, 1)]
  ) {
    assert(same === x);
  }
  assertEquals(e.sub(0, x), e.neg(x));
  assertEquals(e.mul(x, -1), e.neg(x));
  assert(e.neg(e.neg(x)) === x);
  assertEquals(e.abs(e.neg(x)), e.abs(x));
  assert(e.where(1, x, y) === x && e.where(0, x, y) === y);
  assertEquals(e.pow(x, 2), e.mul(x, x));
  assertEquals(e.pow(x, 0.5), e.sqrt(x));
  assertEquals(e.pow(x, -1), e.reciprocal(x));
  assertEquals(e.mul(x, 0).kind, "call", "x * 0 is NaN for infinite x");
  assertThrows(() => e.call("add", x), TypeError, "add takes 2 operands");
});

Deno.test("toProgram() shares equal subexpressions, whatever the order of operands", () => {
  const program = toProgram([e.add(e.exp(e.mul(x, y)), e.exp(e.mul(y, x)))]);
  assertEquals(program.steps.map((s) => s.kind === "call" ? s.fn : s.kind), [
    "input",
    "input",
    "mul",
    "exp",
    "add",
  ]);
  assert(toProgram([e.sub(x, y)]).key !== toProgram([e.sub(y, x)]).key);
  assert(toProgram([e.add(x, -0.5)]).key !== toProgram([e.add(x, 0.5)]).key);
  assert(toProgram([e.constant(0)]).key !== toProgram([e.constant(-0)]).key);
});

Deno.test("body() gives one object for equal expressions", () => {
  const make = () => body(e.mul(e.exp(x), e.scalar(0)), e.coordinate(1));
  assert(make() === make());
  assert(make() !== body(e.mul(e.exp(x), e.scalar(1))));
  const made = make();
  assertEquals([made.inputs, made.scalars, made.usesCoordinate, made.usesRandom], [1, 1, true, false]);
});

Deno.test("Body does arithmetic between scalars on the host", () => {
  const s = e.scalar(1);
  const made = body(e.add(e.mul(x, e.sub(1, s)), e.div(y, e.sub(1, s))));
  assertEquals(made.hostScalars([9, 0.999]), [1 - 0.999]);
  assertEquals(made.program.steps.filter((step) => step.kind === "scalar").length, 1);
  const plain = body(e.mul(x, e.scalar(0)));
  const given = [3];
  assert(plain.hostScalars(given) === given);
});

Deno.test("FLOAT64 follows IEEE 754 and PyTorch at the edges", () => {
  const cases: [keyof typeof FLOAT64, number[], number][] = [
    ["round", [0.5], 0],
    ["round", [1.5], 2],
    ["round", [2.5], 2],
    ["round", [-0.5], -0],
    ["round", [-2.5], -2],
    ["pow", [1, NaN], 1],
    ["pow", [-1, Infinity], 1],
    ["pow", [-8, 1 / 3], NaN],
    ["remainder", [-7, 3], 2],
    ["remainder", [7, -3], -2],
    ["fmod", [-7, 3], -1],
    ["floorDiv", [-7, 2], -4],
    ["floorDiv", [1, 0.1], 9],
    ["floorDiv", [1, 0], Infinity],
    ["max", [NaN, 1], NaN],
    ["min", [1, NaN], NaN],
    ["logaddexp", [-Infinity, -Infinity], -Infinity],
    ["logaddexp", [1000, 1000], 1000 + Math.LN2],
    ["softplus", [-800], 0],
    ["softplus", [1000], 1000],
    ["sigmoid", [-1000], 0],
    ["sigmoid", [NaN], NaN],
    ["erf", [-0], -0],
    ["erfc", [-Infinity], 2],
    ["where", [NaN, 1, 2], 1],
  ];
  for (const [fn, args, expected] of cases) assertEquals(FLOAT64[fn](...args), expected, `${fn}(${args})`);
});

Deno.test("erf and erfc are within 1e-15", () => {
  const table: [number, number, number][] = [
    [0.1, 0.1124629160182848922, 0.8875370839817151078],
    [0.5, 0.5204998778130465377, 0.4795001221869534623],
    [1, 0.8427007929497148693, 0.1572992070502851307],
    [1.6, 0.9763483833446439929, 0.02365161665535600707],
    [3, 0.9999779095030014146, 2.2090496998585441373e-5],
    [10, 1, 2.0884875837625447570e-45],
    [26, 1, 5.6631924088561428465e-296],
  ];
  for (const [at, erf, erfc] of table) {
    assert(Math.abs(FLOAT64.erf(at) / erf - 1) < 1e-15, `erf(${at})`);
    assert(Math.abs(FLOAT64.erfc(at) / erfc - 1) < 1e-15, `erfc(${at})`);
    assertEquals(FLOAT64.erf(-at), -FLOAT64.erf(at));
  }
});

Deno.test("INT32 wraps around and never divides by zero", () => {
  assertEquals(INT32.add(2147483647, 1), -2147483648);
  assertEquals(INT32.mul(65537, 65537), Math.imul(65537, 65537));
  assertEquals(INT32.neg(-2147483648), -2147483648);
  assertEquals(INT32.abs(-2147483648), -2147483648);
  assertEquals([INT32.div(-7, 2), INT32.floorDiv(-7, 2), INT32.div(7, 0), INT32.remainder(7, 0)], [
    -3,
    -4,
    0,
    0,
  ]);
  assertEquals([INT32.pow(3, 20), INT32.pow(-1, -3), INT32.pow(2, -1), INT32.pow(0, 0)], [
    3486784401 | 0,
    -1,
    0,
    1,
  ]);
  assertEquals([toInt32(-1.9), toInt32(NaN), toInt32(1e10), toInt32(-Infinity)], [
    -1,
    0,
    2147483647,
    -2147483648,
  ]);
});

Deno.test("compileReference() calculates in float64 or int32", () => {
  const out = new Float64Array(2);
  const made = body(e.div(x, e.add(y, e.scalar(0))), e.add(e.coordinate(1), e.sub(e.scalar(0), 0.5)));
  compileReference(made, "float64")([7, 1], [1], [0, 5], 0, out);
  assertEquals([...out], [3.5, 5.5]);
  compileReference(made, "int32")([7, 1], [1], [0, 5], 0, out);
  assertEquals([...out], [3, 5]);
});

Deno.test("compileReference() draws the block of the element", () => {
  const out = new Float64Array(1);
  const draw = compileReference(body(e.random(2)), "float32");
  draw([], [], [], 1, out, { seed: [0, 0], offset: [0xffffffff, 7] });
  const carried = out[0]!;
  draw([], [], [], 0, out, { seed: [0, 0], offset: [0, 8] });
  assertEquals(out[0], carried);
  // First known answer of the Random123 library for Philox4x32-10: word 2 is bc57ac4c.
  draw([], [], [], 0, out, { seed: [0, 0], offset: [0, 0] });
  assertEquals(out[0], (0xbc57ac4c >>> 8) * 2 ** -24);
  assertThrows(() => draw([], [], [], 0, out), TypeError, "no random state");
});

Deno.test("pow() by a known exponent is products and roots, with the values of the power", () => {
  const known: readonly [number, e.Expr][] = [
    [0, e.constant(1)],
    [1, x],
    [2, e.mul(x, x)],
    [3, e.mul(e.mul(x, x), x)],
    [0.5, e.sqrt(x)],
    [-0.5, e.rsqrt(x)],
    [-1, e.reciprocal(x)],
    [-2, e.reciprocal(e.mul(x, x))],
  ];
  const out = new Float64Array(1);
  for (const [exponent, expected] of known) {
    assertEquals(e.pow(x, exponent), expected);
    for (const at of [0.3, 1, 2.5]) {
      compileReference(body(e.pow(x, exponent)), "float64")([at], [], [], 0, out);
      assert(Math.abs(out[0]! / at ** exponent - 1) < 1e-15, `${at} to the power of ${exponent}`);
    }
  }
  for (const exponent of [4, -3, 1.5, 0.25]) {
    const made = e.pow(x, exponent);
    assertEquals(made.kind === "call" && made.fn, "pow");
  }
});

Deno.test("call() folds nothing that depends on the operand, and keeps what is not an identity", () => {
  for (
    const made of [
      e.sub(x, 1),
      e.add(x, -0.5),
      e.div(x, 2),
      e.mul(x, 2),
      e.div(1, x),
      e.neg(x),
      e.abs(x),
      e.sub(x, x),
    ]
  ) assertEquals(made.kind, "call");
  assertEquals(e.div(x, -1), e.neg(x));
  assertEquals(e.mul(-1, x), e.neg(x));
  assertEquals(e.pow(2, 3), e.constant(8));
  assertEquals(e.pow(2, x).kind, "call");
  assertEquals(e.where(x, 1, 0).kind, "call");
  assertEquals(e.where(NaN, x, y), x, "NaN is not 0");
});

Deno.test("INT32 has the bits of JavaScript's operators", () => {
  for (const [a, b] of [[6, 3], [-1, 1], [-2147483648, 31], [5, 0], [-7, 2]] as const) {
    assertEquals(
      [INT32.and(a, b), INT32.or(a, b), INT32.xor(a, b), INT32.shiftLeft(a, b), INT32.shiftRight(a, b)],
      [a & b, a | b, a ^ b, a << b, a >> b],
    );
    assertEquals([FLOAT64.shiftLeft(a, b), FLOAT64.shiftRight(a, b)], [a << b, a >> b]);
  }
  assertEquals([INT32.not(0), INT32.not(5)], [~0, ~5]);
});

Deno.test("FLOAT64 is right on both sides of every bound", () => {
  const cases: [keyof typeof FLOAT64, number[], number][] = [
    ["sign", [-0], -0],
    ["sign", [-3], -1],
    ["sign", [3], 1],
    ["less", [1, 1], 0],
    ["lessEqual", [1, 1], 1],
    ["lessEqual", [1, NaN], 0],
    ["notEqual", [NaN, NaN], 1],
    ["equal", [NaN, NaN], 0],
    ["equal", [0, -0], 1],
    ["isNan", [NaN], 1],
    ["isNan", [Infinity], 0],
    ["fmod", [7, -3], 1],
    ["fmod", [1, 0], NaN],
    ["remainder", [6, 3], 0],
    ["remainder", [-6, 3], 0],
    ["remainder", [5, -3], -1],
    ["floorDiv", [-7, -2], 3],
    ["floorDiv", [7, 2], 3],
    ["trunc", [-1.7], -1],
    ["round", [3.5], 4],
    ["round", [-1.5], -2],
    ["hypot", [3e200, 4e200], 5e200],
    ["logaddexp", [Infinity, 1], Infinity],
    ["logaddexp", [0, 0], Math.LN2],
    ["logaddexp", [-1e300, 5], 5],
    ["sigmoid", [0], 0.5],
    ["softplus", [0], Math.LN2],
    ["where", [0, 1, 2], 2],
    ["max", [-0, -1], -0],
    ["min", [2, 1], 1],
  ];
  for (const [fn, args, expected] of cases) {
    const found = FLOAT64[fn](...args);
    assert(
      Object.is(found + 0, expected + 0) || Math.abs(found - expected) < 1e-15 * Math.abs(expected),
      `${fn}(${args}) is ${found}`,
    );
  }
});
