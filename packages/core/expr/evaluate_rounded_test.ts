import { assertEquals, assertThrows } from "@std/assert";
import { body } from "./body.ts";
import { compileReference } from "./evaluate.ts";
import { compileRounded } from "./evaluate_rounded.ts";
import * as e from "./expr.ts";

const { fround } = Math;
const x = e.input(0);

Deno.test("compileRounded() rounds after each step", () => {
  const data = Float32Array.from({ length: 600 }, (_, i) => i / 7);
  const made = body(e.div(e.sub(e.add(e.mul(x, 1.1), 0.3), e.sqrt(x)), 0.7));
  const out = new Float32Array(600);
  compileRounded(made)(data, out, 0, 600);
  const expected = data.map((v) =>
    fround(fround(fround(fround(v * fround(1.1)) + fround(0.3)) - fround(Math.sqrt(v))) / fround(0.7))
  );
  assertEquals(out, expected);
  // The reference rounds the result alone.
  const once = new Float32Array(1), reference = compileReference(made, "float32");
  assertEquals(data.some((v, i) => (reference([v], [], [], 0, once), once[0] !== out[i])), true);
});

Deno.test("compileRounded() writes the elements that it is told to, of any function", () => {
  const out = new Float32Array(6), data = [1, 2, 3, 4, 5, 6];
  compileRounded(body(e.where(e.less(x, 4), e.neg(x), e.max(x, 5))))(data, out, 1, 5);
  assertEquals([...out], [0, -2, -3, 5, 5, 0]);
  compileRounded(body(x))(data, out, 0, 1);
  assertEquals([...out], [1, -2, -3, 5, 5, 0]);
  compileRounded(body(e.constant(0.1)))(data, out, 5, 6);
  assertEquals(out[5], fround(0.1));
});

Deno.test("compileRounded() refuses bodies of more than input 0", () => {
  for (const other of [e.input(1), e.scalar(0), e.coordinate(0), e.random()]) {
    assertThrows(() => compileRounded(body(e.add(x, other))), TypeError, "must depend on input 0 alone");
  }
});
