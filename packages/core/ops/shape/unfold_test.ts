import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, Device, ones, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device });

Deno.test("slidingWindow() is a view of windows", () => {
  assertEquals(x.unfold(0, 3, 2).tolist(), [[0, 1, 2], [2, 3, 4]]);
  assertEquals(x.unfold(0, 3, 1, { dilation: 2 }).tolist(), [[0, 2, 4], [1, 3, 5]]);
  assertEquals(x.reshape([2, 3]).unfold(1, 2, 1).shape, [2, 2, 2]);
  assertStrictEquals(x.unfold(0, 3, 2).storage, x.storage);
  assertThrows(() => x.unfold(0, 7, 1), RangeError, "a window must fit into 6 positions");
  assertThrows(() => x.unfold(0, 2, 0), RangeError, "step must be an integer from 1");
});

Deno.test("overlapAdd() adds windows up", () => {
  assertEquals(ones([2, 3], { device }).fold(0, 6, 2).tolist(), [1, 1, 2, 1, 1, 0]);
  assertEquals(ones([2, 2], { device }).fold(0, 4, 1, { dilation: 2 }).tolist(), [1, 1, 1, 1]);
  assertThrows(() => ones([2, 3], { device }).fold(0, 4, 2), RangeError, "which reach to 5");
});

Deno.test("unfold() of a tensor without axes is a window of its one element", () => {
  const x = tensor(5, { device });
  assertEquals(x.unfold(0, 1, 1).tolist(), [5]);
});
