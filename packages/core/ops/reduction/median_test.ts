import { assertEquals, assertThrows } from "@std/assert";
import { kthvalue, median, mode, nanmedian, nanquantile, quantile, tensor, zeros } from "../../mod.ts";
import { Device, type NestedArray, ReferenceBackend } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const made = (data: NestedArray) => tensor(data, { device, dtype: "float64" });
const x = made([[2, 1, 2], [NaN, 5, -Infinity]]), none = zeros([0], { device });

Deno.test("median() is the lower of two, and NaN if any is", () => {
  assertEquals(median(made([4, 1, 3, 2])).item(), 2);
  const { values, indices } = median(x, 1);
  assertEquals(values.tolist(), [2, NaN]);
  assertEquals(indices.tolist(), [0, 0]);
  assertEquals(median(x, 0, { keepdim: true }).values.shape, [1, 3]);
  assertEquals(median(made(7)).item(), 7);
});

Deno.test("median() of nothing is NaN, but along an axis an error", () => {
  assertEquals([median(none).item(), nanmedian(none).item()], [NaN, NaN]);
  assertThrows(() => median(none, 0), RangeError, "there must be an element to take");
  assertThrows(
    () => median(zeros([0], { device, dtype: "int32" })),
    RangeError,
    "there must be an element to take",
  );
  assertEquals(median(zeros([0, 3], { device }), 1).values.shape, [0]);
});

Deno.test("nanmedian() leaves NaN out, and is NaN where there is nothing else", () => {
  assertEquals(nanmedian(x).item(), 2);
  const { values, indices } = nanmedian(made([[NaN, 5, -Infinity], [NaN, NaN, NaN], [3, NaN, 1]]), 1);
  assertEquals(values.tolist(), [-Infinity, NaN, 1]);
  assertEquals(indices.tolist(), [2, 0, 2]);
});

Deno.test("kthvalue() counts from 1, NaN as the largest", () => {
  assertEquals(kthvalue(x, 1).values.tolist(), [1, -Infinity]);
  assertEquals(kthvalue(x, 3).indices.tolist(), [2, 0]);
  for (const k of [0, 4, 1.5]) {
    assertThrows(() => kthvalue(x, k), RangeError, `k must be an integer from 1 to 3: current k is ${k}`);
  }
});

Deno.test("mode() is the smallest of the most frequent, where it is last", () => {
  const { values, indices } = mode(made([[3, 1, 3, 1], [2, 2, 2, 0], [9, 8, 7, 6]]));
  assertEquals(values.tolist(), [1, 2, 6]);
  assertEquals(indices.tolist(), [3, 2, 3]);
  assertEquals(mode(made([[5], [6]]), 1).values.tolist(), [5, 6]);
  assertEquals(mode(made(4)).indices.item(), 0);
  assertThrows(() => mode(none), RangeError, "there must be an element to take");
});

Deno.test("quantile() is NaN where any element is, nanquantile() only where all are", () => {
  const lines = made([[1, NaN, 3], [NaN, NaN, NaN], [4, 2, 0]]);
  assertEquals(quantile(lines, 0.5, 1).tolist(), [NaN, NaN, 2]);
  assertEquals(nanquantile(lines, 0.5, 1).tolist(), [2, NaN, 2]);
  assertEquals(nanquantile(lines, made([0, 1]), 1).tolist(), [[1, NaN, 0], [3, NaN, 4]]);
  assertEquals(quantile(made([0, 1]), 0.25, 0, { interpolation: "nearest" }).item(), 0);
  assertEquals(
    quantile(made([0, 1, 2, 3, 4]), 0.625, 0, { interpolation: "nearest" }).item(),
    2,
    "half to even",
  );
  assertEquals(quantile(lines, made([0.5]), 0, { keepdim: true }).shape, [1, 1, 3]);
  assertEquals(quantile(lines, 0.5, undefined, { keepdim: true }).shape, [1, 1]);
});

Deno.test("quantile() says what is wrong", () => {
  const line = made([1, 2]);
  assertThrows(() => quantile(line, 1.5), RangeError, "q must be in [0, 1]: current q is 1.5");
  assertThrows(() => quantile(line, NaN), RangeError, "q must be in [0, 1]");
  assertThrows(() => quantile(line, made([[1]])), RangeError, "q must be a number or a vector");
  assertThrows(
    () => quantile(line, tensor([1], { device })),
    TypeError,
    "q must have the dtype of the tensor",
  );
  assertThrows(
    () => quantile(line.int(), 0.5),
    TypeError,
    "must be float32 or float64: current dtype is int32",
  );
  assertThrows(() => quantile(none, 0.5), RangeError, "there must be an element to take");
  const options = { interpolation: "cubic" as "linear" };
  assertThrows(() => quantile(line, 0.5, 0, options), RangeError, "current interpolation is cubic");
});
