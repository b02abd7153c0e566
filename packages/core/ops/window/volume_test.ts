import { assertEquals, assertThrows } from "@std/assert";
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  adaptiveMaxPool2dWithIndices,
  arange,
  avgPool3d,
  conv3d,
  convTranspose3d,
  Device,
  interpolate,
  localResponseNorm,
  maxPool3d,
  ones,
  ReferenceBackend,
  rrelu,
  tensor,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const floats = (n: number, shape: readonly number[]) =>
  arange(0, n, 1, { device, dtype: "float32" }).reshape(shape);

Deno.test("conv3d() adds up cubes", () => {
  const x = ones([1, 3, 3, 3], { device }), weight = ones([2, 1, 2, 2, 2], { device });
  const y = conv3d(x, weight, tensor([0, 1], { device }), { stride: [1, 2, 1] });
  assertEquals(y.tolist(), [[[[8, 8]], [[8, 8]]], [[[9, 9]], [[9, 9]]]]);
});

Deno.test("conv3d() refuses what does not fit", () => {
  const x = ones([1, 2, 3, 3, 3], { device });
  assertThrows(() => conv3d(x, ones([2, 1, 1, 1, 1], { device })), RangeError, "conv3d()");
  assertThrows(() => conv3d(x, ones([2, 2, 4, 1, 1], { device })), RangeError, "3 and 4");
  const weight = ones([2, 2, 2, 2, 2], { device });
  assertThrows(() => conv3d(x, weight, null, { padding: "same", stride: 2 }), RangeError, "stride of 1");
  assertThrows(() => conv3d(x, weight, null, { stride: 0 }), RangeError, "stride");
  assertThrows(() => conv3d(x, weight.to("float64")), TypeError, "float64");
});

Deno.test("convTranspose3d() spreads one element", () => {
  const weight = floats(8, [1, 1, 2, 2, 2]);
  assertEquals(convTranspose3d(tensor([[[[2]]]], { device }), weight).tolist(), [
    [[[0, 2], [4, 6]], [[8, 10], [12, 14]]],
  ]);
  const x = ones([1, 1, 2, 2, 2], { device });
  assertThrows(
    () => convTranspose3d(x, weight, null, { outputPadding: [1, 0, 0] }),
    RangeError,
    "below stride",
  );
  assertThrows(() => convTranspose3d(x, weight, null, { padding: [2, 0, 0] }), RangeError, "depth is -1");
});

Deno.test("maxPool3d() and avgPool3d() cover volumes", () => {
  const x = floats(16, [1, 2, 2, 4]);
  assertEquals(maxPool3d(x, 2).tolist(), [[[[13, 15]]]]);
  assertEquals(avgPool3d(x, 2).tolist(), [[[[6.5, 8.5]]]]);
  assertThrows(() => maxPool3d(floats(4, [2, 2]), 2), RangeError, "[n, c, d, h, w]");
  assertThrows(() => avgPool3d(x, 2, { divisorOverride: 0 }), RangeError, "divisorOverride");
});

Deno.test("adaptiveMaxPool2d() keeps infinities and NaN in their windows", () => {
  const x = tensor([[[NaN, 1, 2, 3, Infinity]]], { device });
  assertEquals(adaptiveMaxPool2d(x, [1, 3]).tolist(), [[[NaN, 3, Infinity]]]);
  assertEquals(adaptiveAvgPool2d(x, [1, 3]).tolist(), [[[NaN, 2, Infinity]]]);
});

Deno.test("adaptiveMaxPool2dWithIndices() takes the first of equals", () => {
  const { values, indices } = adaptiveMaxPool2dWithIndices(ones([1, 5, 5], { device }), [2, 3]);
  assertEquals(values.tolist(), [[[1, 1, 1], [1, 1, 1]]]);
  assertEquals(indices.tolist(), [[[0, 1, 3], [10, 11, 13]]]);
});

Deno.test("adaptiveAvgPool2d() refuses sizes and types", () => {
  const x = floats(8, [2, 2, 2]);
  assertThrows(() => adaptiveAvgPool2d(x, 0), RangeError, "outputSize is 0");
  assertThrows(() => adaptiveAvgPool2d(x, [1, 1.5]), RangeError, "[1, 1.5]");
  assertThrows(() => adaptiveAvgPool2d(x.to("int32"), 1), TypeError, "int32");
});

Deno.test("interpolate() refuses modes and sizes that do not fit", () => {
  const x = floats(8, [1, 2, 4]);
  assertThrows(() => interpolate(x, { size: 3, mode: "bilinear" }), RangeError, '"bilinear" needs 2 axes');
  assertThrows(() => interpolate(x, {}), RangeError, "either size or scaleFactor");
  assertThrows(() => interpolate(x, { size: 2, scaleFactor: 2 }), RangeError, "either size or scaleFactor");
  assertThrows(() => interpolate(x, { size: [2, 2] }), RangeError, "[2, 2]");
  assertThrows(() => interpolate(x, { scaleFactor: 0.1 }), RangeError, "no extent be 0");
  assertThrows(() => interpolate(x, { size: 2, alignCorners: true }), RangeError, "no corners");
  assertThrows(() => interpolate(x.to("int32"), { size: 2 }), TypeError, "int32");
});

Deno.test("interpolate() to the same extents is a copy", () => {
  const x = floats(8, [1, 2, 4]), y = interpolate(x, { size: 4, mode: "linear" });
  assertEquals(y.tolist(), x.tolist());
  assertEquals(y.storage === x.storage, false);
});

Deno.test("localResponseNorm() and rrelu() refuse their arguments", () => {
  assertThrows(() => localResponseNorm(ones([2, 2], { device }), 1), RangeError, "three axes");
  assertThrows(() => localResponseNorm(ones([2, 2, 2], { device }), 0), RangeError, "size is 0");
  assertThrows(() => rrelu(ones([2], { device }), { lower: 2, upper: 1 }), RangeError, "2 and 1");
});
