import { assertEquals, assertThrows } from "@std/assert";
import { arange, Device, pad, ReferenceBackend } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device }).reshape([2, 3]);

Deno.test("pad() begins with the last axis", () => {
  assertEquals(pad(x, [1, 0, 0, 1], { value: 9 }).tolist(), [[9, 0, 1, 2], [9, 3, 4, 5], [9, 9, 9, 9]]);
  assertEquals(pad(x.t(), [0, 1]).tolist(), [[0, 3, 0], [1, 4, 0], [2, 5, 0]]);
});

Deno.test("pad() cuts where padding is negative", () => {
  assertEquals(pad(x, [-1, -1]).tolist(), [[1], [4]]);
  assertEquals(pad(x, [2, -3]).tolist(), [[0, 0], [0, 0]]);
  assertThrows(() => pad(x, [-2, -2]), RangeError, "no more than there is");
});

Deno.test("pad() continues what is inside", () => {
  assertEquals(pad(x, [2, 1], { mode: "reflect" }).at(0).tolist(), [2, 1, 0, 1, 2, 1]);
  assertEquals(pad(x, [2, 1], { mode: "replicate" }).at(0).tolist(), [0, 0, 0, 1, 2, 2]);
  assertEquals(pad(x, [2, 1], { mode: "circular" }).at(0).tolist(), [1, 2, 0, 1, 2, 0]);
  assertThrows(() => pad(x, [3, 0], { mode: "reflect" }), RangeError, "at most 2 for an extent of 3");
  assertThrows(() => pad(x, [4, 0], { mode: "circular" }), RangeError);
});

Deno.test("pad() refuses odd lists and too many pairs", () => {
  assertThrows(() => pad(x, [1]), RangeError, "pairs of integers");
  assertThrows(() => pad(x, [1, 1, 1, 1, 1, 1]), RangeError);
});
