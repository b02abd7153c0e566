import { assertEquals, assertThrows } from "@std/assert";
import {
  Device,
  type DType,
  maskedFill,
  type NestedArray,
  ReferenceBackend,
  type Tensor,
  tensor,
  where,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const ids = (data: NestedArray): Tensor => tensor(data, { device, dtype: "int32" });
const f = (data: NestedArray, dtype: DType = "float32"): Tensor => tensor(data, { device, dtype });
const mask = (data: NestedArray): Tensor => tensor(data, { device, dtype: "bool" });
const x = f([[1, 2, 3], [4, 5, 6]]);
const none = zeros([3], { device });

Deno.test("scatterReduce() combines, with and without what was there", () => {
  const y = f([10, 20, 30]), at = ids([0, 0, 2]), source = f([2, 3, 4]);
  const of = (reduce: "sum" | "prod" | "mean" | "amax" | "amin", includeSelf: boolean) =>
    y.scatterReduce(0, at, source, reduce, { includeSelf }).tolist();
  assertEquals(of("sum", true), [15, 20, 34]);
  assertEquals(of("sum", false), [5, 20, 4]);
  assertEquals(of("prod", true), [60, 20, 120]);
  assertEquals(of("prod", false), [6, 20, 4]);
  assertEquals(of("mean", true), [5, 20, 17]);
  assertEquals(of("mean", false), [2.5, 20, 4]);
  assertEquals(of("amax", true), [10, 20, 30]);
  assertEquals(of("amax", false), [3, 20, 4]);
  assertEquals(of("amin", true), [2, 20, 4]);
  assertEquals(of("amin", false), [2, 20, 4]);
});

Deno.test("scatterReduce() rounds means of integers down, and lets NaN win", () => {
  assertEquals(ids([-7, 3]).scatterReduce(0, ids([0, 1]), ids([2, 2]), "mean").tolist(), [-3, 2]);
  assertEquals(none.scatterReduce(0, ids([0, 0]), f([NaN, 1]), "amax").tolist(), [NaN, 0, 0]);
  assertEquals(mask([1, 0]).scatterReduce(0, ids([0, 1]), mask([1, 1]), "sum").tolist(), [true, true]);
  assertThrows(
    () => none.scatterReduce(0, ids([0]), f([1]), "max" as "amax"),
    TypeError,
    "the reduction must be sum, prod, mean, amax, amin: current one is max",
  );
});

Deno.test("scatterReduce() shares slopes over ties, and knows factors of 0", () => {
  assertEquals(x.scatter(1, ids([[0, 0], [1, 2]]), 2, { reduce: "multiply" }).tolist(), [[4, 2, 3], [
    4,
    10,
    12,
  ]]);
  assertEquals(x.scatter(1, ids([[0, 0], [1, 2]]), 2, { reduce: "add" }).tolist(), [[5, 2, 3], [4, 7, 8]]);
});

Deno.test("indexAdd(), indexCopy() and indexFill() take whole parts", () => {
  const source = f([[10, 20]]).t();
  assertEquals(x.indexAdd(1, ids([2]), source, { alpha: 2 }).tolist(), [[1, 2, 23], [4, 5, 46]]);
  assertEquals(x.indexCopy(1, ids([0]), source).tolist(), [[10, 2, 3], [20, 5, 6]]);
  assertEquals(x.indexFill(1, ids([0, -1]), 9).tolist(), [[9, 2, 9], [9, 5, 9]]);
  assertEquals(x.indexFill(0, ids(1), f(7)).tolist(), [[1, 2, 3], [7, 7, 7]]);
  assertEquals(f(1).indexFill(0, ids([0]), 5).item(), 5);
  assertEquals(f(1).indexCopy(0, ids([0]), f(5)).item(), 5);
  assertEquals(none.indexCopy(0, ids(1), f(1)).tolist(), [0, 1, 0]);
  const scalar = f(1);
  assertEquals(scalar.indexAdd_(0, ids([0]), f(5)).item(), 6);
  assertEquals(scalar.indexFill_(0, ids([0]), 2).item(), 2);
});

Deno.test("indexAdd() and its like refuse what does not fit", () => {
  const whole = ids([0, 0, 0]);
  const narrow = "as float32 does not fit into int32";
  assertThrows(() => whole.indexAdd(0, ids([1]), f([1])), TypeError, `indexAdd() ${narrow}`);
  assertThrows(() => whole.indexCopy(0, ids([1]), f([1])), TypeError, `indexCopy() ${narrow}`);
  assertThrows(() => whole.scatter(0, ids([1]), f([1])), TypeError, `scatter() ${narrow}`);
  assertThrows(() => whole.scatterAdd(0, ids([1]), f([1])), TypeError, `scatterAdd() ${narrow}`);
  assertThrows(
    () => whole.indexAdd(0, ids([1]), ids([1]), { alpha: 0.5 }),
    TypeError,
    "alpha must be an integer",
  );
  assertThrows(
    () => none.indexAdd(0, ids([1]), f([1], "float64")),
    TypeError,
    "float64 does not fit into float32",
  );
  assertThrows(
    () => none.indexAdd(0, ids([0, 1]), f([1])),
    RangeError,
    "an index for each of 1 parts along axis 0",
  );
  assertThrows(
    () => x.indexCopy(0, ids([0]), f([1])),
    RangeError,
    "which is [1, 3]: current shapes are [1] and [2, 3]",
  );
  assertThrows(() => none.indexFill(0, ids([[0]]), 1), RangeError, "the index must have at most 1 axis");
  assertThrows(() => none.indexFill(0, ids([0]), f([1])), RangeError, "a number or a tensor without axes");
  assertThrows(
    () => none.indexFill(0, ids([3]), 1),
    RangeError,
    "indexFill() as indices of axis 0 must be integers from -3 to 2",
  );
  assertThrows(
    () => none.indexReduce(0, ids([0]), f([1]), "all" as "amax"),
    TypeError,
    "indexReduce() as the reduction",
  );
  // These count from the beginning alone, as in PyTorch.
  assertThrows(() => none.indexAdd(0, ids([-1]), f([1])), RangeError, "current index is -1");
  assertThrows(() => none.indexCopy(0, ids([-1]), f([1])), RangeError, "current index is -1");
  assertThrows(() => none.indexSelect(0, ids([-1])), RangeError, "current index is -1");
});

Deno.test("take() and put() count elements in row-major order", () => {
  assertEquals(x.t().take(ids([[1, -1]])).tolist(), [[4, 6]]);
  assertEquals(x.put(ids([0, -1]), f([8, 9])).tolist(), [[8, 2, 3], [4, 5, 9]]);
  assertEquals(none.put(ids([0, 0]), f([1, 2]), { accumulate: true }).tolist(), [3, 0, 0]);
  const y = zeros([2, 3], { device });
  // No view shows a transpose as one row.
  y.t().put_(ids([1, 2]), f([5, 6]));
  assertEquals(y.tolist(), [[0, 6, 0], [5, 0, 0]]);
  assertThrows(
    () => none.take(ids([3])),
    RangeError,
    "Cannot apply take() as indices of axis 0 must be integers from -3 to 2",
  );
  assertThrows(
    () => none.put(ids([0, 1]), f([1])),
    RangeError,
    "as many elements as positions: current shapes are [1] and [2]",
  );
  assertThrows(() => ids([0]).put(ids([0]), f([1])), TypeError, "put() as float32 does not fit into int32");
});

Deno.test("takeAlongDim() counts negative positions from the end", () => {
  assertEquals(x.takeAlongDim(ids([[-1], [0]]), 1).tolist(), [[3], [4]]);
  assertEquals(x.takeAlongDim(ids([-1, 0])).tolist(), [6, 1]);
});

Deno.test("maskedScatter() puts elements where the mask is true", () => {
  assertEquals(x.maskedScatter(mask([1, 0, 1]), f([7, 8, 9, 10, 11])).tolist(), [[7, 2, 8], [9, 5, 10]]);
  assertEquals(none.maskedScatter(mask([[1, 1, 1], [1, 1, 1]]), f([0, 1, 2, 3, 4, 5])).tolist(), [[0, 1, 2], [
    3,
    4,
    5,
  ]]);
  assertEquals(none.maskedScatter(mask([0, 0, 0]), f([])).tolist(), [0, 0, 0]);
  assertThrows(
    () => none.maskedScatter(mask([1, 0, 1]), f([1])),
    RangeError,
    "an element for each true one of the mask: current numbers are 1 and 2",
  );
  assertThrows(() => none.maskedScatter(mask([1, 0, 0]), f([])), RangeError, "current numbers are 0 and 1");
  assertThrows(
    () => none.maskedScatter(mask([1]), f([1], "float64")),
    TypeError,
    "float64 does not fit into float32",
  );
});

Deno.test("masks are bool or uint8", () => {
  const numbers = f([1, 0, 1]), bytes = f([1, 0, 2], "uint8");
  const message = (op: string, dtype: string) =>
    `Cannot apply ${op}() as the mask must be bool: current dtype is ${dtype}`;
  assertThrows(() => where(numbers, numbers, 0), TypeError, message("where", "float32"));
  assertThrows(() => where(ids([1, 0, 1]), numbers, 0), TypeError, message("where", "int32"));
  assertThrows(() => none.maskedFill(numbers, 2), TypeError, message("maskedFill", "float32"));
  assertThrows(() => none.maskedFill_(numbers, 2), TypeError, message("maskedFill_", "float32"));
  assertThrows(() => none.maskedSelect(numbers), TypeError, message("maskedSelect", "float32"));
  assertThrows(() => none.maskedScatter(numbers, none), TypeError, message("maskedScatter", "float32"));
  assertEquals(where(bytes, 1, 0).tolist(), [1, 0, 1]);
  assertEquals(none.maskedFill(bytes, 2).tolist(), [2, 0, 2]);
});

Deno.test("maskedFill() keeps the type of the tensor", () => {
  const whole = maskedFill(ids([0, 0, 0]), mask([1, 0, 1]), 2.5),
    truth = mask([0, 0, 0]).maskedFill(mask([1, 0, 1]), 3);
  assertEquals([whole.dtype, whole.tolist()], ["int32", [2, 0, 2]]);
  assertEquals([truth.dtype, truth.tolist()], ["bool", [true, false, true]]);
  assertEquals(none.maskedFill(mask([1, 0, 1]), f(2, "float64")).tolist(), [2, 0, 2]);
  assertThrows(
    () => none.maskedFill(mask([1, 0, 1]), f([2])),
    RangeError,
    "a number or a tensor without axes",
  );
});

Deno.test("where() of a condition alone gives positions", () => {
  assertEquals(where(mask([[1, 0], [1, 1]])).map((t) => t.tolist()), [[0, 1, 1], [0, 0, 1]]);
  assertEquals(where(mask(true)).map((t) => t.tolist()), [[0]]);
  assertEquals(where(mask([1, 0]), 1, 2.5).tolist(), [1, 2.5]);
  assertThrows(
    () => (where as (...args: unknown[]) => unknown)(mask([1]), x),
    TypeError,
    "give both or none",
  );
});
