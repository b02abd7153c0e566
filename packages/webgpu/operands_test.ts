import { assertEquals } from "@std/assert";
import { rowMajor } from "@troodon/core/kernel";
import { alignmentOf, Operands, type PlanView, type Region } from "./operands.ts";

const view = (buffer: Region, shape: readonly number[] = [3], offset = 0): PlanView => (
  { buffer, dtype: "float32", shape, strides: rowMajor(shape), offset }
);
const region = (slot: number, operand = -1, bytes = -1): Region => ({ slot, operand, bytes });

Deno.test("alignmentOf() knows the start, multiples of 4, and the rest", () => {
  assertEquals([0, 4, 8, 1, 2, 6, 7].map(alignmentOf), [0, 4, 4, 1, 1, 1, 1]);
});

Deno.test("Operands binds a slot once, and writes it if any view is an output", () => {
  const [a, b, c] = [region(1, 0), region(2, 1), region(1, 2)];
  const operands = new Operands([view(a), view(b)], [view(c)]);
  assertEquals([operands.slots, operands.written, operands.inputs], [[1, 2], [true, false], 2]);
  assertEquals(operands.views.map(({ binding, operand }) => [binding, operand]), [[0, 0], [1, 1], [0, 2]]);
  assertEquals(operands.append(region(7)), 2);
  assertEquals([operands.slots, operands.written], [[1, 2, 7], [true, false, true]]);
});

Deno.test("Operands says which outputs nothing follows in their buffers", () => {
  const last = (from: PlanView[], to: PlanView[]) => new Operands(from, to).views.map((v) => v.last);
  const whole = region(1, 0, 12), part = region(2, 1, -1), larger = region(3, 2, 16);
  assertEquals(last([view(whole)], [view(whole)]), [false, true]);
  assertEquals(last([], [view(part)]), [false]);
  assertEquals(last([], [view(larger)]), [false]);
  // Laid out anew it is as large.
  assertEquals(last([], [view(whole, [1, 3, 1])]), [true]);
});
