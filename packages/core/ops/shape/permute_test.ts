import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, Device, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device }).reshape([1, 2, 3]);

Deno.test("permute() reorders axes without a copy", () => {
  const y = x.permute([2, 0, -2]);
  assertEquals(y.tolist(), [[[0, 3]], [[1, 4]], [[2, 5]]]);
  assertStrictEquals(y.storage, x.storage);
});

Deno.test("permute() refuses axes named twice or left out", () => {
  assertThrows(() => x.permute([0, 1, -2]), RangeError, "dims must name each of 3 axes once");
  assertThrows(() => x.permute([0, 1]), RangeError);
  assertThrows(() => x.permute([0, 1, 3]), RangeError);
});

Deno.test("transpose() exchanges two axes", () => {
  assertEquals(x.transpose(-1, 1).shape, [1, 3, 2]);
  assertEquals(x.transpose(0, 0).tolist(), x.tolist());
});

Deno.test("t() transposes matrices alone", () => {
  assertEquals(x.select(0, 0).t().tolist(), [[0, 3], [1, 4], [2, 5]]);
  assertEquals(tensor([1, 2], { device }).t().shape, [2]);
  assertThrows(() => x.t(), RangeError, "at most 2 axes");
});

Deno.test("movedim() moves axes and keeps the order of the others", () => {
  assertEquals(x.movedim(0, -1).shape, [2, 3, 1]);
  assertEquals(x.movedim([0, 1], [2, 0]).shape, [2, 3, 1]);
  assertThrows(() => x.movedim([0, 1], 0), RangeError);
});
