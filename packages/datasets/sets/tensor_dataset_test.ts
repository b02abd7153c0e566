import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, tensor } from "@troodon/core";
import { NdArray } from "../nd_array.ts";
import { TensorDataset } from "./tensor_dataset.ts";

const x = new NdArray(new Float32Array([1, 2, 3, 4, 5, 6]), [3, 2]);
const y = new NdArray(new Int32Array([7, 8, 9]), [3]);

Deno.test("TensorDataset gives rows of arrays at once", () => {
  const dataset = new TensorDataset(x, y);
  assertEquals(dataset.length, 3);
  assertEquals(dataset.get(2), [
    new NdArray(new Float32Array([5, 6]), [2]),
    new NdArray(new Int32Array([9]), []),
  ]);
  assertEquals(dataset.getBatch([2, 0]), [
    new NdArray(new Float32Array([5, 6, 1, 2]), [2, 2]),
    new NdArray(new Int32Array([9, 7]), [2]),
  ]);
  assertThrows(() => dataset.get(3), RangeError, "current index is 3");
  assertThrows(() => dataset.getBatch([0, -1]), RangeError, "current index is -1");
});

Deno.test("TensorDataset reads tensors once", async () => {
  const device = new Device(new ReferenceBackend());
  const source = tensor([[1, 2], [3, 4], [5, 6]], { device });
  const dataset = new TensorDataset(source, y);
  const [row] = await dataset.get(1);
  assertEquals(row, new NdArray(new Float32Array([3, 4]), [2]));
  source.dispose();
  assertEquals(dataset.get(0), [
    new NdArray(new Float32Array([1, 2]), [2]),
    new NdArray(new Int32Array([7]), []),
  ]);
});

Deno.test("TensorDataset refuses tensors with different first sizes", () => {
  const four = new NdArray(new Float32Array(4), [4]);
  assertThrows(() => new TensorDataset(x, four), RangeError, "current shapes are [3, 2] and [4]");
  assertThrows(() => new TensorDataset(), RangeError, "current shapes are none");
  assertThrows(
    () => Reflect.construct(TensorDataset, [{ x }]),
    TypeError,
    "as it takes tensors: current one is { x:",
  );
  assertThrows(
    () => new TensorDataset(new NdArray(new Float32Array(1), [])),
    RangeError,
    "current shapes are []",
  );
  assertEquals(new TensorDataset(new NdArray(new Float32Array(0), [0, 2])).length, 0);
});
