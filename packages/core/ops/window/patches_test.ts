import { assertEquals, assertThrows } from "@std/assert";
import { arange, Device, fold, ones, ReferenceBackend, unfold } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 9, 1, { device }).reshape([1, 1, 3, 3]);

Deno.test("unfold() gives patches as columns", () => {
  assertEquals(unfold(x, { kernelSize: [1, 2], stride: [2, 1] }).tolist(), [[[0, 1, 6, 7], [1, 2, 7, 8]]]);
  assertEquals(unfold(x, { kernelSize: 2, dilation: 2 }).tolist(), [[[0], [2], [6], [8]]]);
  assertEquals(unfold(x, 2, { dilation: 2 }).tolist(), [[[0], [2], [6], [8]]]);
  assertEquals(unfold(x, [1, 2], { stride: [2, 1] }).tolist(), [[[0, 1, 6, 7], [1, 2, 7, 8]]]);
  assertThrows(() => unfold(x, { kernelSize: 4 }), RangeError);
  assertThrows(() => unfold(x.at(0, 0), { kernelSize: 2 }), RangeError, "[n, c, h, w]");
});

Deno.test("fold() adds patches up", () => {
  const options = { outputSize: 3, kernelSize: 2 }, windows = ones([1, 4, 4], { device });
  assertEquals(fold(windows, options).tolist(), [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]]);
  assertEquals(
    fold(unfold(x, { kernelSize: 1, padding: 1 }), { outputSize: 3, kernelSize: 1, padding: 1 }).tolist(),
    x.tolist(),
  );
  assertEquals(fold(windows, [4, 4], 2, { stride: 2 }).tolist(), ones([1, 1, 4, 4], { device }).tolist());
  assertThrows(() => fold(ones([1, 4, 3], { device }), options), RangeError, "[n, c * 4, 4]");
});
