import { assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  avgPool1d,
  avgPool2d,
  Device,
  full,
  maxPool1d,
  maxPool2d,
  maxPool2dWithIndices,
  ones,
  ReferenceBackend,
  tensor,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const plane = (h: number, w: number) => arange(0, h * w, 1, { device, dtype: "float32" }).reshape([1, h, w]);

Deno.test("maxPool2d() tells where the first of the largest lies", () => {
  const x = tensor([[[1, 1, 0], [1, 1, NaN]]], { device });
  const { values, indices } = maxPool2dWithIndices(x, 2, { stride: 1 });
  assertEquals(values.tolist(), [[[1, NaN]]]);
  assertEquals(indices.tolist(), [[[0, 5]]]);
  assertEquals(indices.dtype, "int64");
});

Deno.test("maxPool2d() points into the plane, not into its margin", () => {
  const { indices } = maxPool2dWithIndices(plane(3, 3), 2, { padding: 1 });
  assertEquals(indices.tolist(), [[[0, 2], [6, 8]]]);
  const lowest = full([1, 3, 3], -Infinity, { device });
  assertEquals(maxPool2dWithIndices(lowest, 2, { padding: 1 }).indices.tolist(), [[[0, 1], [3, 4]]]);
});

Deno.test("maxPool2d() with ceilMode drops a window that begins in the margin behind", () => {
  assertEquals(maxPool2d(plane(4, 4), 2, { stride: 3, padding: 1, ceilMode: true }).tolist(), [[[0, 3], [
    12,
    15,
  ]]]);
  assertEquals(maxPool2d(plane(3, 3), 2, { ceilMode: true }).tolist(), [[[4, 5], [7, 8]]]);
});

Deno.test("maxPool1d() and avgPool1d() run along one axis", () => {
  const x = tensor([[1, 5, 2, 0]], { device });
  assertEquals(maxPool1d(x, 2).tolist(), [[5, 2]]);
  assertEquals(avgPool1d(x, 2, { stride: 1 }).tolist(), [[3, 3.5, 1]]);
});

Deno.test("avgPool2d() divides by what it is told to", () => {
  const x = ones([1, 3, 3], { device });
  assertEquals(avgPool2d(x, 2, { padding: 1 }).tolist(), [[[0.25, 0.5], [0.5, 1]]]);
  assertEquals(avgPool2d(x, 2, { padding: 1, countIncludePad: false }).tolist(), [[[1, 1], [1, 1]]]);
  assertEquals(avgPool2d(x, 2, { stride: 1, divisorOverride: 2 }).tolist(), [[[2, 2], [2, 2]]]);
});

Deno.test("avgPool2d() counts margins, but not what ceilMode adds behind them", () => {
  // Along each axis the windows see 1 + 2, and 1 + 0 of 1 of the elements.
  const x = ones([1, 3, 3], { device });
  assertEquals(avgPool2d(x, 2, { ceilMode: true }).tolist(), [[[1, 1], [1, 1]]]);
  // PyTorch: torch.nn.functional.avg_pool2d(torch.ones(1, 4, 4), 3, 2, 1, True)
  const ninth = 1 / 9;
  const y = avgPool2d(ones([1, 4, 4], { device, dtype: "float64" }), 3, {
    stride: 2,
    padding: 1,
    ceilMode: true,
  });
  const wanted = [[4 * ninth, 6 * ninth, 2 / 6], [6 * ninth, 1, 0.5], [2 / 6, 0.5, 0.25]];
  assertEquals(
    (y.tolist() as number[][][])[0]!.map((row) => row.map((n) => n.toFixed(6))),
    wanted.map((row) => row.map((n) => n.toFixed(6))),
  );
});

Deno.test("maxPool2d() and avgPool2d() say what does not fit", () => {
  assertThrows(() => maxPool2d(plane(2, 2), 3), RangeError, "current sizes are [2, 2] and [3, 3]");
  assertThrows(
    () => maxPool2d(plane(4, 4), 2, { padding: 2 }),
    RangeError,
    "padding must be at most half of the window",
  );
  assertThrows(() => maxPool2d(ones([4, 4], { device }), 2), RangeError, "current shape is [4, 4]");
  assertThrows(() => maxPool2d(plane(4, 4).to("int32"), 2), TypeError, "dtype is int32");
  assertThrows(() => avgPool2d(plane(4, 4), 0), RangeError, "kernelSize must be");
  assertThrows(() => avgPool2d(plane(4, 4), 2, { divisorOverride: 0 }), RangeError, "divisorOverride");
});
