import { assertEquals, assertThrows } from "@std/assert";
import { Device, type NestedArray, ReferenceBackend, type Tensor, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, 2, 3], [4, 5, 6]], { device });
const index = (data: NestedArray): Tensor => tensor(data, { device, dtype: "int32" });

Deno.test("gather() takes along an axis", () => {
  assertEquals(x.gather(1, index([[2, 0], [1, 1]])).tolist(), [[3, 1], [5, 5]]);
  assertEquals(x.t().gather(0, index([[2], [0]])).tolist(), [[3], [1]]);
  assertEquals(x.gather(0, index([[1]])).tolist(), [[4]]);
  assertEquals(tensor(7, { device }).gather(0, index([0, 0])).tolist(), [7, 7]);
});

Deno.test("gather() refuses other types and shapes, and indices outside", () => {
  assertThrows(() => x.gather(1, x), TypeError, "the index must be integers: current dtype is float32");
  assertThrows(() => x.gather(1, index([0])), RangeError, "as many axes");
  assertThrows(() => x.gather(1, index([[0], [0], [0]])), RangeError);
  assertThrows(() => x.gather(1, index([[3]])), RangeError, "[0, 3)");
});

Deno.test("scatter() puts, scatterAdd() adds, both into a copy", () => {
  const at = index([[0, 0], [2, 1]]), source = tensor([[7, 8, 0], [9, 10, 0]], { device });
  assertEquals(x.scatter(1, at, source).tolist(), [[8, 2, 3], [4, 10, 9]]);
  assertEquals(x.scatter(1, at, -1).tolist(), [[-1, 2, 3], [4, -1, -1]]);
  assertEquals(x.scatterAdd(1, at, source).tolist(), [[16, 2, 3], [4, 15, 15]]);
  assertEquals(x.tolist(), [[1, 2, 3], [4, 5, 6]]);
  assertThrows(() => x.scatter(1, index([[0, 0, 0]]), tensor([[1]], { device })), RangeError);
});

Deno.test("scatter_() and scatterAdd_() write to views", () => {
  const y = zeros([2, 3], { device });
  y.t().scatter_(0, index([[1, 2]]), tensor([[5, 6]], { device }));
  assertEquals(y.tolist(), [[0, 5, 0], [0, 0, 6]]);
  y.select(0, 1).scatterAdd_(0, index([2, 2, 0]), 1);
  assertEquals(y.tolist(), [[0, 5, 0], [1, 0, 8]]);
});

Deno.test("indexSelect() takes whole parts", () => {
  assertEquals(x.indexSelect(1, index([2, 2, 0])).tolist(), [[3, 3, 1], [6, 6, 4]]);
  assertEquals(x.indexSelect(0, index(1)).tolist(), [[4, 5, 6]]);
  assertEquals(x.indexSelect(0, index([])).shape, [0, 3]);
  assertThrows(() => x.indexSelect(0, index([[0]])), RangeError, "at most 1 axis");
});

Deno.test("indexAdd() adds whole parts", () => {
  const source = tensor([[10, 10, 10], [1, 1, 1]], { device });
  assertEquals(x.indexAdd(0, index([1, 1]), source).tolist(), [[1, 2, 3], [15, 16, 17]]);
  const y = zeros([2, 3], { device });
  assertEquals(y.indexAdd_(0, index([1, 0]), source).tolist(), [[1, 1, 1], [10, 10, 10]]);
});

Deno.test("takeAlongDim() broadcasts", () => {
  assertEquals(x.takeAlongDim(index([[2, 1]]), 1).tolist(), [[3, 2], [6, 5]]);
  assertEquals(x.takeAlongDim(index([5, 0])).tolist(), [6, 1]);
  assertThrows(() => x.takeAlongDim(index([0]), 1), RangeError, "equally many axes");
});
