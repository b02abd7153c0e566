import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { collate, disposeTensors, withTensors } from "./collate.ts";
import { Image } from "./image.ts";
import { DataLoader } from "./loader/data_loader.ts";
import { NdArray } from "./nd_array.ts";

const device = new Device(new ReferenceBackend());

Deno.test("collate() makes arrays of numbers, whole ones int32", () => {
  assertEquals(collate([1, -2]), new NdArray(new Int32Array([1, -2]), [2]));
  assertEquals(collate([1, 0.5]), new NdArray(new Float32Array([1, 0.5]), [2]));
  assertEquals(collate([true, false]), new NdArray(new Uint8Array([1, 0]), [2], "bool"));
});

Deno.test("collate() stacks arrays along a new axis", () => {
  const array = (x: number): NdArray => new NdArray(new Float64Array([x, x, x, x]), [2, 2]);
  assertEquals(
    collate([array(1), array(2)]),
    new NdArray(new Float64Array([1, 1, 1, 1, 2, 2, 2, 2]), [2, 2, 2]),
  );
  assertEquals(collate([Int32Array.of(1, 2)]), new NdArray(Int32Array.of(1, 2), [1, 2]));
  assertEquals(collate([new NdArray(new Float32Array([3]), [])]).shape, [1]);
});

Deno.test("collate() puts the channels of images first", () => {
  const batch = collate([new Image(2, 1, 3, new Uint8Array([1, 2, 3, 4, 5, 6]))]);
  assertEquals(batch, new NdArray(new Uint8Array([1, 4, 2, 5, 3, 6]), [1, 3, 1, 2]));
});

Deno.test("collate() goes into records and arrays, and lists the rest", () => {
  const sample = (x: number) => ({ x, pair: [x + 0.5, `n${x}`] as [number, string] });
  const batch = collate([sample(1), sample(2)]);
  const names: string[] = batch.pair[1];
  assertEquals(names, ["n1", "n2"]);
  assertEquals(batch.x, new NdArray(new Int32Array([1, 2]), [2]));
  assertEquals(batch.pair[0], new NdArray(new Float32Array([1.5, 2.5]), [2]));
});

Deno.test("collate() stacks tensors", () => {
  const batch: Tensor = collate([tensor([1, 2], { device }), tensor([3, 4], { device })]);
  assertEquals(batch.tolist(), [[1, 2], [3, 4]]);
});

Deno.test("collate() refuses samples that do not match", () => {
  const array = (...shape: number[]): NdArray => new NdArray(new Float32Array(4), shape);
  assertThrows(() => collate([]), RangeError, "must be one at least");
  assertThrows(() => collate([array(4), array(2, 2)]), RangeError, "current shapes are [4] and [2, 2]");
  assertThrows(() => collate([Int32Array.of(1), Uint8Array.of(1)]), TypeError, "are int32 and uint8");
  assertThrows(() => collate<number | string>([1, "2"]), TypeError, "the first is a number");
  assertThrows(() => collate([[1], [1, 2]]), RangeError, "equally long");
});

Deno.test("withTensors() makes vectors of typed arrays, as a collate function of one's own may return them", async () => {
  const loader = new DataLoader({ length: 3, get: (i: number) => i }, {
    batchSize: 3,
    device,
    collate: (samples) => ({ x: Float32Array.from(samples), ids: [BigInt64Array.of(1n)] }),
  });
  for await (using batch of loader) {
    assertEquals([batch.x.dtype, batch.x.tolist()], ["float32", [0, 1, 2]]);
    assertEquals([batch.ids[0]!.dtype, batch.ids[0]!.tolist()], ["int64", [1]]);
  }
});

Deno.test("withTensors() turns arrays into tensors of their dtype, and disposeTensors() frees them", () => {
  const before = device.memory.buffers;
  const batch = withTensors({ x: collate([true, false]), rest: [collate([1, 2]), "name"] as const }, device);
  assertEquals(batch.x.dtype, "bool");
  assertEquals(batch.x.device, device);
  assertEquals(batch.rest[0].tolist(), [1, 2]);
  assertEquals(batch.rest[1], "name");
  disposeTensors(batch);
  assertEquals(device.memory.buffers, before);
});

Deno.test("collate() keeps ids beyond int32 as int64", () => {
  const { id, exact } = collate([{ id: 2 ** 40 + 1, exact: 2n ** 60n + 1n }, { id: 3, exact: -1n }]);
  assertEquals([id.dtype, [...id.data]], ["int64", [2 ** 40 + 1, 3]]);
  assertEquals([exact.dtype, [...exact.data]], ["int64", [2n ** 60n + 1n, -1n]]);
  assertEquals(collate([2 ** 31, 0.5]).dtype, "float32");
  assertThrows(() => collate([2n ** 63n]), RangeError, "must fit into int64");
  const tensors = withTensors(collate([{ a: 2n ** 60n + 1n, b: 2 ** 40 }]), device);
  assertEquals(tensors.a.tolist({ bigint: true }), [2n ** 60n + 1n]);
  assertEquals([tensors.b.dtype, tensors.b.tolist()], ["int64", [2 ** 40]]);
  const rows = collate([
    new NdArray(BigInt64Array.of(2n ** 60n), [1]),
    new NdArray(Float64Array.of(7), [1], "int64"),
  ]);
  assertEquals([rows.dtype, rows.shape, [...rows.data]], ["int64", [2, 1], [2n ** 60n, 7n]]);
});

Deno.test("collate() widens typed arrays that have no dtype of their own, whatever their values", () => {
  const cases = [
    [Int8Array.of(-128, 127), "int32", [-128, 127]],
    [Int16Array.of(-32768, 32767), "int32", [-32768, 32767]],
    [Uint16Array.of(0, 65535), "int32", [0, 65535]],
    [Uint32Array.of(0, 2 ** 32 - 1), "int64", [0, 2 ** 32 - 1]],
    [Uint8ClampedArray.of(0, 255), "uint8", [0, 255]],
    [BigUint64Array.of(0n, 2n ** 53n - 1n), "int64", [0n, 2n ** 53n - 1n]],
    [BigInt64Array.of(-1n, 7n), "int64", [-1n, 7n]],
  ] as const;
  for (const [array, dtype, values] of cases) {
    const batch = collate([array, array]);
    assertEquals([batch.dtype, batch.shape, [...batch.data]], [dtype, [2, 2], [...values, ...values]]);
    const { x } = withTensors({ x: array }, device);
    assertEquals([x.dtype, [x.tolist()].flat()], [dtype, values.map(Number)]);
  }
  assertThrows(() => collate([BigUint64Array.of(2n ** 63n)]), RangeError, "must fit into int64");
});
