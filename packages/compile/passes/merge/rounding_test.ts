import { assertEquals } from "@std/assert";
import { body, expr as e } from "@troodon/core/kernel";
import { decidingInputs, roundsOutput } from "./rounding.ts";

const [x, y, z] = [e.input(0), e.input(1), e.input(2)];

Deno.test("decidingInputs() names the inputs of comparisons of two values, and of steps", () => {
  const inputs = (...outputs: Parameters<typeof body>) => [...decidingInputs(body(...outputs))].sort();
  assertEquals(inputs(e.mul(x, e.equal(y, z))), [1, 2]);
  assertEquals(inputs(e.where(e.less(e.add(x, z), y), x, 0)), [0, 1, 2]);
  assertEquals(inputs(e.add(x, e.floor(y))), [1]);
  assertEquals(inputs(e.mul(x, y), e.equal(z, 0)), [2]);
});

Deno.test("decidingInputs() leaves out comparisons with constants, and what jumps nowhere", () => {
  assertEquals(decidingInputs(body(e.where(e.greater(x, 0), y, 0))), new Set());
  assertEquals(decidingInputs(body(e.where(e.less(x, e.scalar(0)), y, e.exp(z)))), new Set());
  assertEquals(decidingInputs(body(e.max(x, y))), new Set());
});

Deno.test("roundsOutput() holds for arithmetic of floats, and not for what picks one of its arguments", () => {
  const both = body(e.max(e.neg(x), y), e.abs(e.mul(x, y)));
  assertEquals([0, 1].map((output) => roundsOutput(both, output, "float32")), [false, true]);
  assertEquals(roundsOutput(both, 1, "int64"), false);
});
