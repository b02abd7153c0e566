import { assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  atleast1d,
  atleast2d,
  atleast3d,
  blockDiag,
  broadcastTensors,
  cartesianProd,
  cat,
  columnStack,
  combinations,
  Device,
  diagEmbed,
  dstack,
  hstack,
  type NestedArray,
  ReferenceBackend,
  repeatInterleave,
  selectScatter,
  sliceScatter,
  sumToSize,
  type Tensor,
  tensor,
  vstack,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const f = (data: NestedArray): Tensor => tensor(data, { device });
const ids = (data: NestedArray): Tensor => tensor(data, { device, dtype: "int32" });
const x = f([[1, 2, 3], [4, 5, 6]]);
const shapes = (tensors: readonly Tensor[]) => tensors.map((t) => t.shape);

Deno.test("cat() skips tensors of shape [0], but for their type", () => {
  const nothing = f([]);
  assertEquals(cat([nothing, x]).tolist(), x.tolist());
  assertEquals(cat([nothing, x], -1).tolist(), x.tolist());
  assertEquals(cat([tensor([], { device, dtype: "float64" }), x]).dtype, "float64");
  assertEquals(cat([nothing, nothing]).shape, [0]);
  assertThrows(() => cat([zeros([0, 1], { device }), x]), RangeError, "shapes must be equal but for axis 0");
});

Deno.test("tensorSplit() cuts evenly, or where it is told", () => {
  const y = zeros([3, 2], { device });
  assertEquals(shapes(y.tensorSplit([2, 1, 7, -1])), [[2, 2], [0, 2], [2, 2], [0, 2], [1, 2]]);
  assertEquals(shapes(zeros([2], { device }).tensorSplit(4)), [[1], [1], [0], [0]]);
  assertEquals(shapes(y.tensorSplit(ids([1, 2]))), [[1, 2], [1, 2], [1, 2]]);
  assertEquals(shapes(y.tensorSplit(ids(2), 1)), [[3, 1], [3, 1]]);
  assertThrows(() => y.tensorSplit(0), RangeError, "an integer number of sections from 1");
  assertThrows(() => y.tensorSplit([0.5]), RangeError, "current sections are [0.5]");
  assertThrows(() => y.tensorSplit(ids([[1]])), RangeError, "positions must be a vector");
  assertThrows(() => f(1).tensorSplit(1), RangeError, "at least 1 axes");
});

Deno.test("hsplit(), vsplit() and dsplit() cut evenly along an axis of their own", () => {
  assertEquals(shapes(x.hsplit(3)), [[2, 1], [2, 1], [2, 1]]);
  assertEquals(shapes(f([1, 2]).hsplit(2)), [[1], [1]]);
  assertEquals(shapes(x.vsplit(2)), [[1, 3], [1, 3]]);
  assertEquals(shapes(zeros([1, 1, 4], { device }).dsplit([1])), [[1, 1, 1], [1, 1, 3]]);
  assertThrows(() => x.hsplit(2), RangeError, "must divide the extent 3 of axis 1: current number is 2");
  assertThrows(() => f([1]).vsplit(1), RangeError, "vsplit() as there must be at least 2 axes");
  assertThrows(() => x.dsplit(1), RangeError, "dsplit() as there must be at least 3 axes");
});

Deno.test("atleast1d(), atleast2d() and atleast3d() add axes", () => {
  assertEquals(shapes(atleast1d([f(1), x])), [[1], [2, 3]]);
  assertEquals(shapes(atleast2d([f(1), f([1, 2]), x])), [[1, 1], [1, 2], [2, 3]]);
  assertEquals(shapes(atleast3d([f(1), f([1, 2]), x])), [[1, 1, 1], [1, 2, 1], [2, 3, 1]]);
});

Deno.test("hstack(), vstack(), dstack() and columnStack() join as NumPy does", () => {
  assertEquals(hstack([f(1), f([2, 3])]).tolist(), [1, 2, 3]);
  assertEquals(hstack([x, x]).shape, [2, 6]);
  assertEquals(vstack([f([1, 2]), f([3, 4])]).tolist(), [[1, 2], [3, 4]]);
  assertEquals(dstack([f([1, 2]), f([3, 4])]).tolist(), [[[1, 3], [2, 4]]]);
  assertEquals(columnStack([f(1), f(2)]).tolist(), [[1, 2]]);
  assertEquals(columnStack([f([1, 2]), x]).tolist(), [[1, 1, 2, 3], [2, 4, 5, 6]]);
  for (const join of [hstack, vstack, dstack, columnStack, cartesianProd, blockDiag]) {
    assertThrows(() => join([]), RangeError, `Cannot apply ${join.name}() as there must be a tensor`);
  }
});

Deno.test("cartesianProd() and combinations() refuse what is no vector", () => {
  assertThrows(() => cartesianProd([x]), RangeError, "tensors must be vectors: current shape is [2, 3]");
  assertThrows(() => combinations(x), RangeError, "tensors must be vectors");
  assertThrows(() => combinations(f([1]), { r: -1 }), RangeError, "r is -1");
  assertEquals(combinations(f([1, 2]), { r: 3 }).shape, [0, 3]);
  assertEquals(combinations(f([1, 2]), { r: 0 }).shape, [0]);
  assertEquals(combinations(f([1, 2, 3]), { r: 3 }).tolist(), [[1, 2, 3]]);
});

Deno.test("blockDiag() promotes, and takes empty rows", () => {
  assertEquals(blockDiag([f([]), f([1])]).tolist(), [[0], [1]]);
  assertEquals(blockDiag([ids([1]), f([2])]).dtype, "float32");
  assertThrows(() => blockDiag([zeros([1, 1, 1], { device })]), RangeError, "matrices or vectors");
});

Deno.test("repeatInterleave() takes numbers of repeats as a tensor or a list", () => {
  assertEquals(repeatInterleave(ids([2, 0, 3])).tolist(), [0, 0, 2, 2, 2]);
  assertEquals(x.repeatInterleave(ids([1, 2]), 0).tolist(), [[1, 2, 3], [4, 5, 6], [4, 5, 6]]);
  assertEquals(x.repeatInterleave(ids(2), 0).shape, [4, 3]);
  assertEquals(x.repeatInterleave(ids([1, 0, 0, 0, 0, 2])).tolist(), [1, 6, 6]);
  assertEquals(x.repeatInterleave([0, 0, 0], 1).shape, [2, 0]);
  assertThrows(
    () => x.repeatInterleave(ids([1, 2]), 1),
    RangeError,
    "one for each of 3 positions: current shape of the repeats is [2]",
  );
  assertThrows(() => x.repeatInterleave([1, 2], 1), RangeError, "one for each of 3 positions");
  assertThrows(() => x.repeatInterleave(ids([1, -1]), 0), RangeError, "current number is -1");
  assertThrows(() => x.repeatInterleave(f([1, 1]), 0), TypeError, "the repeats must be integers");
});

Deno.test("sumToSize() undoes a broadcast", () => {
  assertEquals(sumToSize(x, [3]).tolist(), [5, 7, 9]);
  assertEquals(sumToSize(x, [2, 1]).tolist(), [[6], [15]]);
  assertEquals(sumToSize(x, []).item(), 21);
  assertThrows(() => sumToSize(x, [2]), RangeError, "current shapes are [2] and [2, 3]");
  assertThrows(() => sumToSize(f([1, 2, 3]), [1, 3]), RangeError, "must broadcast to that of the tensor");
});

Deno.test("broadcastTensors() repeats all over one shape", () => {
  assertEquals(shapes(broadcastTensors([zeros([2, 1], { device }), f([1, 2, 3])])), [[2, 3], [2, 3]]);
  assertThrows(
    () => broadcastTensors([x, f([1, 2])]),
    RangeError,
    "broadcastTensors() as shapes must be equal or 1",
  );
});

Deno.test("diagEmbed() and fillDiagonal_() refuse other axes", () => {
  assertThrows(() => diagEmbed(x, { dim1: 0, dim2: 0 }), RangeError, "dims must be two axes");
  assertThrows(() => diagEmbed(f(1)), RangeError, "there must be an axis");
  assertEquals(diagEmbed(f([1, 2]), { offset: -1 }).tolist(), [[0, 0, 0], [1, 0, 0], [0, 2, 0]]);
  assertThrows(() => f([1]).fillDiagonal_(1), RangeError, "a matrix, or more axes of one extent");
  assertThrows(() => zeros([2, 2, 3], { device }).fillDiagonal_(1), RangeError, "current shape is [2, 2, 3]");
  const tall = zeros([5, 2], { device });
  assertEquals(tall.fillDiagonal_(1, { wrap: true }).tolist(), [[1, 0], [0, 1], [0, 0], [1, 0], [0, 1]]);
});

Deno.test("sliceScatter() and selectScatter() want a source of the shape of the part", () => {
  assertThrows(
    () => sliceScatter(x, f([1, 2, 3]), { end: 1 }),
    RangeError,
    "the shape [1, 3] of the part that it replaces",
  );
  assertThrows(() => selectScatter(x, f([1]), 0, 0), RangeError, "current shape is [1]");
});

Deno.test("adjoint(), mT and mH transpose matrices alone", () => {
  const stack = arange(0, 6, 1, { device }).reshape([1, 2, 3]);
  assertEquals([stack.mT.shape, stack.mH.shape, stack.adjoint().shape], [[1, 3, 2], [1, 3, 2], [1, 3, 2]]);
  assertEquals(f(1).mT.item(), 1);
  assertThrows(() => f([1]).mT, RangeError, "there must be matrices: current shape is [1]");
});
