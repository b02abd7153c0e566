import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  arange,
  Device,
  type Index,
  type NestedArray,
  ReferenceBackend,
  set,
  type Tensor,
  tensor,
  zeros,
} from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const ids = (data: NestedArray): Tensor => tensor(data, { device, dtype: "int32" });
const mask = (data: NestedArray): Tensor => tensor(data, { device, dtype: "bool" });
const row = (...data: number[]): Tensor => tensor(data, { device });

function after(
  shape: readonly number[],
  indices: Index | readonly Index[],
  value: Tensor | number,
): NestedArray {
  const x = zeros(shape, { device });
  assertStrictEquals(x.set(indices, value), x);
  return x.tolist() as NestedArray;
}

Deno.test("set() writes numbers and tensors into parts", () => {
  assertEquals(after([2, 3], 0, 1), [[1, 1, 1], [0, 0, 0]]);
  assertEquals(after([2, 3], [":", -1], row(1, 2)), [[0, 0, 1], [0, 0, 2]]);
  assertEquals(after([2, 3], "...", row(1, 2, 3)), [[1, 2, 3], [1, 2, 3]]);
  assertEquals(after([2, 3], ["...", "::2"], row(1, 2)), [[1, 0, 2], [1, 0, 2]]);
  assertEquals(after([2, 3], [1, null, ":"], row(1, 2, 3).reshape([1, 3])), [[0, 0, 0], [1, 2, 3]]);
  assertEquals(after([2, 3], 0, row(1, 2, 3).reshape([1, 1, 3])), [[1, 2, 3], [0, 0, 0]]);
  assertEquals(after([3], "1:1", 5), [0, 0, 0]);
});

Deno.test("set() writes to positions, the last of equals stays", () => {
  assertEquals(after([3], ids([0, -1]), row(1, 2)), [1, 0, 2]);
  assertEquals(after([3], [[0, 0, 0]], row(1, 2, 3)), [3, 0, 0]);
  assertEquals(after([2, 3], [[0, 1], [2, 0]], row(1, 2)), [[0, 0, 1], [2, 0, 0]]);
  assertEquals(after([2, 3], [":", [2, 0]], row(1, 2)), [[2, 0, 1], [2, 0, 1]]);
  assertEquals(after([2, 2, 2], [[1, 0], ":", [0, 1]], tensor([[1, 2], [3, 4]], { device })), [
    [[0, 3], [0, 4]],
    [[1, 0], [2, 0]],
  ]);
});

Deno.test("set() writes to transposed, stepped and separate places of what it is a view of", () => {
  const x = zeros([2, 3], { device });
  x.t().set([[0, 2], [1, 0]], row(1, 2));
  assertEquals(x.tolist(), [[0, 0, 2], [1, 0, 0]]);
  const wide = zeros([2, 4], { device });
  // Axes of a stepped part cannot be joined.
  wide.at(":", "::2").set([[0, 1], [1, 0]], row(1, 2));
  assertEquals(wide.tolist(), [[0, 0, 1, 0], [2, 0, 0, 0]]);
});

Deno.test("set() writes where a mask is true", () => {
  const m = mask([[1, 0, 1], [0, 1, 0]]);
  assertEquals(after([2, 3], m, 7), [[7, 0, 7], [0, 7, 0]]);
  assertEquals(after([2, 3], m, row(7)), [[7, 0, 7], [0, 7, 0]]);
  assertEquals(after([2, 3], m, tensor(7, { device })), [[7, 0, 7], [0, 7, 0]]);
  assertEquals(after([2, 3], m, row(1, 2, 3)), [[1, 0, 2], [0, 3, 0]]);
  assertEquals(after([2, 3], [[true, false]], row(1, 2, 3)), [[1, 2, 3], [0, 0, 0]]);
  assertEquals(after([2, 2, 3], [":", m.at(0, ":2")], row(1, 2, 3)), [[[1, 2, 3], [0, 0, 0]], [[1, 2, 3], [
    0,
    0,
    0,
  ]]]);
  assertEquals(after([2, 3], [":", mask([1, 0, 1])], tensor([[5], [6]], { device })), [[5, 0, 5], [6, 0, 6]]);
  assertEquals(after([2, 3], [1, mask([1, 0, 1])], row(5, 6)), [[0, 0, 0], [5, 0, 6]]);
  assertEquals(after([2], true, 3), [3, 3]);
  assertEquals(after([2], false, 3), [0, 0]);
});

Deno.test("set() converts numbers to the type of the tensor, and refuses wider tensors at positions", () => {
  const x = zeros([3], { device, dtype: "int32" });
  x.set(0, 1.7).set([[1]], 2.7).set(mask([0, 0, 1]), 3.7);
  assertEquals(x.tolist(), [1, 2, 3]);
  x.set(":", row(4.5, 5.5, 6.5));
  assertEquals(x.tolist(), [4, 5, 6]);
  const message = 'Cannot apply set() as float32 does not fit into int32: convert it with .to("int32")';
  assertThrows(() => x.set([[0]], row(9.5)), TypeError, message);
  assertThrows(() => x.set(mask([1, 1, 0]), row(9.5)), TypeError, message);
  assertEquals(after([2], [[0]], ids([3])), [3, 0]);
});

Deno.test("set() takes true and false, and refuses what is no value", () => {
  const truth = mask([0, 0, 1]);
  truth.set(0, true).set([[2]], false);
  assertEquals(truth.tolist(), [true, false, false]);
  const list = [1, 2, 3] as unknown as Tensor;
  assertThrows(
    () => truth.set(":", list),
    TypeError,
    "a number, true, false or a tensor: current value is [1,2,3]",
  );
});

Deno.test("set() refuses values that do not broadcast, and leaves the tensor as it was", () => {
  const x = arange(0, 6, 1, { device, dtype: "float32" }).reshape([2, 3]);
  const refuses = (indices: Index | readonly Index[], value: Tensor, part: string) =>
    assertThrows(
      () => set(x, indices, value),
      RangeError,
      `must broadcast to what is assigned: current shapes are [${value.shape.join(", ")}] and ${part}`,
    );
  refuses(0, row(1, 2), "[3]");
  refuses(0, zeros([2, 3], { device }), "[3]");
  refuses([[0]], zeros([2, 1, 3], { device }), "[1, 3]");
  refuses(mask([[1, 0, 1], [0, 1, 0]]), row(1, 2), "[3]");
  refuses([mask([1, 0])], row(1, 2), "[1, 3]");
  assertThrows(() => x.set([0, 3], 1), RangeError, "Cannot apply set() as the index of axis 1");
  assertThrows(() => x.set([0, [3]], 1), RangeError, "Cannot apply set() as indices of axis 0");
  assertEquals(x.tolist(), [[0, 1, 2], [3, 4, 5]]);
});
