import { assertEquals, assertThrows } from "@std/assert";
import {
  bincount,
  Device,
  ReferenceBackend,
  searchsorted,
  tensor,
  uniqueAll,
  unravelIndex,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const whole = { device, dtype: "int32" } as const;

Deno.test("nonzero() gives positions, one a row", () => {
  const x = tensor([[0, 2], [NaN, 0]], { device });
  assertEquals(x.nonzero().tolist(), [[0, 1], [1, 0]]);
  assertEquals(x.t().nonzero().tolist(), [[0, 1], [1, 0]]);
  assertEquals(zeros([2, 2], { device }).nonzero().shape, [0, 2]);
  assertEquals(tensor(1, { device }).nonzero().shape, [1, 0]);
});

Deno.test("unravelIndex() gives int64, whatever the indices are", () => {
  for (const dtype of ["uint8", "int32", "int64"] as const) {
    const at = unravelIndex(tensor([5, 0], { device, dtype }), [2, 3]);
    assertEquals(at.map((t) => [t.dtype, t.tolist()]), [["int64", [1, 0]], ["int64", [2, 0]]]);
  }
});

Deno.test("maskedSelect() broadcasts either way", () => {
  const x = tensor([[1, 2], [3, 4]], { device });
  assertEquals(x.maskedSelect(tensor([true, false], { device })).tolist(), [1, 3]);
  assertEquals(tensor([5], { device }).maskedSelect(x.gt(1)).tolist(), [5, 5, 5]);
  assertEquals(x.maskedSelect(x.gt(9)).shape, [0]);
});

Deno.test("uniqueAll() gives values, places and counts", () => {
  const { values, inverse, counts } = uniqueAll(tensor([[3, 1], [3, -2]], { device }));
  assertEquals(values.tolist(), [-2, 1, 3]);
  assertEquals(inverse.tolist(), [[2, 1], [2, 0]]);
  assertEquals(counts.tolist(), [1, 1, 2]);
  assertEquals(tensor([], { device }).unique().shape, [0]);
});

Deno.test("bincount() counts, weighs and pads", () => {
  const x = tensor([1, 3, 1], whole);
  assertEquals(bincount(x).tolist(), [0, 2, 0, 1]);
  assertEquals(bincount(x, { weights: tensor([0.5, 2, 1], { device }) }).tolist(), [0, 1.5, 0, 2]);
  assertEquals(bincount(x, { minlength: 5 }).tolist(), [0, 2, 0, 1, 0]);
  assertEquals(bincount(tensor([], whole)).shape, [0]);
  assertThrows(() => bincount(tensor([-1], whole)), RangeError, "must not be negative");
  assertThrows(() => bincount(tensor([1.5], { device })), TypeError, "a vector of integers");
});

Deno.test("searchsorted() finds places before or behind equals", () => {
  const sorted = tensor([1, 3, 3, 5, 7], { device });
  const values = tensor([[0, 1, 3], [6, 7, NaN]], { device });
  assertEquals(searchsorted(sorted, values).tolist(), [[0, 0, 1], [4, 4, 5]]);
  assertEquals(searchsorted(sorted, values, { right: true }).tolist(), [[0, 1, 3], [4, 5, 5]]);
  const rows = tensor([[1, 2], [5, 6]], { device });
  assertEquals(searchsorted(rows, tensor([[2], [7]], { device })).tolist(), [[1], [2]]);
  assertEquals(searchsorted(zeros([0], { device }), values).tolist(), [[0, 0, 0], [0, 0, 0]]);
  assertThrows(() => searchsorted(rows, tensor([[2]], { device })), RangeError, "one for each row");
});

Deno.test("oneHot() marks classes", () => {
  const x = tensor([[1, 0]], whole);
  assertEquals(x.oneHot(3).tolist(), [[[0, 1, 0], [1, 0, 0]]]);
  assertEquals(x.oneHot().shape, [1, 2, 2]);
  assertEquals(tensor(1, whole).oneHot(2).tolist(), [0, 1]);
  const outside = "Cannot apply oneHot() as numbers must be classes from 0 to 1: current number is ";
  assertThrows(() => tensor([5], whole).oneHot(2), RangeError, `${outside}5`);
  assertThrows(() => tensor([-1], whole).oneHot(2), RangeError, `${outside}-1`);
  assertThrows(() => tensor([-1], whole).oneHot(), RangeError, "classes from 0: current number is -1");
  assertThrows(() => tensor([0, -1, 1], whole).oneHot(), RangeError, `${outside}-1`);
  assertThrows(
    () => tensor([], whole).oneHot(),
    RangeError,
    "must be given where there is nothing to tell it",
  );
  assertThrows(() => tensor([0], whole).oneHot(0), RangeError, "an integer from 1: current number is 0");
  assertThrows(() => tensor([1], { device }).oneHot(2), TypeError, "numbers must be integers");
});
