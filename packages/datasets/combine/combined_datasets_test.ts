import { assertEquals, assertThrows } from "@std/assert";
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { ChainDataset } from "./chain_dataset.ts";
import { ConcatDataset } from "./concat_dataset.ts";
import { DataLoader } from "../loader/data_loader.ts";
import type { Dataset } from "../dataset.ts";
import { NdArray } from "../nd_array.ts";
import { StackDataset } from "./stack_dataset.ts";
import { TensorDataset } from "../sets/tensor_dataset.ts";

const device = new Device(new ReferenceBackend());
const noisy = (length: number): Dataset<Float64Array> => ({
  length,
  get: (i, generator) => Float64Array.of(i, generator!.random()),
});

Deno.test("ConcatDataset finds each sample, past empty datasets too", () => {
  const of = (...names: string[]) => ({ length: names.length, get: (i: number) => names[i]! });
  const all = new ConcatDataset([of(), of("a", "b"), of(), of("c"), of()]);
  assertEquals([all.length, ...all.cumulativeSizes], [3, 0, 2, 2, 3, 3]);
  assertEquals([0, 1, 2].map((i) => all.get(i)), ["a", "b", "c"]);
  for (const index of [-1, 3, 0.5]) assertThrows(() => all.get(index), RangeError, `index is ${index}`);
  assertEquals(new ConcatDataset([]).length, 0);
});

Deno.test("ConcatDataset hands on batches of one dataset, and collates others", () => {
  const rows = (...values: number[]) =>
    new TensorDataset(new NdArray(Float32Array.from(values), [values.length]));
  const all = new ConcatDataset([rows(0, 1), rows(2, 3, 4)]);
  assertEquals(all.getBatch([4, 2]), [new NdArray(Float32Array.of(4, 2), [2])]);
  assertEquals(all.getBatch([1, 2]), [new NdArray(Float32Array.of(1, 2), [2])]);
  assertThrows(() => all.getBatch([]), RangeError, "must be one at least");
  assertThrows(() => all.getBatch([0, 5]), RangeError, "current index is 5");
});

Deno.test("ConcatDataset gives each sample its own generator, and batches across its datasets", async () => {
  const passOf = async (dataset: Dataset<Float64Array>): Promise<unknown[]> => {
    const seen: unknown[] = [];
    const options = { batchSize: 2, shuffle: true, generator: new Generator(3), device };
    for await (using batch of new DataLoader(dataset, options)) seen.push(...batch.tolist() as unknown[]);
    return seen;
  };
  const split = await passOf(new ConcatDataset([noisy(5), Object.assign({}, noisy(2))]));
  const whole = await passOf(noisy(7));
  // The same but for the numbers that the second one counts from 0.
  assertEquals(
    split,
    whole.map((row) => {
      const [index, noise] = row as [number, number];
      return [index % 5, noise];
    }),
  );
});

Deno.test("StackDataset gives one sample of each, in the form of the datasets", async () => {
  const a = { length: 2, get: (i: number) => i }, b = { length: 2, get: (i: number) => Promise.resolve(-i) };
  assertEquals(new StackDataset([a, a]).get(1), [1, 1]);
  assertEquals(await new StackDataset({ a, b }).get(1), { a: 1, b: -1 });
  assertThrows(() => new StackDataset([a]).get(2), RangeError, "current index is 2");
  assertThrows(() => new StackDataset([a, noisy(3)]), RangeError, "current lengths are 2, 3");
  assertThrows(() => new StackDataset({}), RangeError, "current lengths are none");
  for await (using batch of new DataLoader(new StackDataset({ a, b }), { batchSize: 2, device })) {
    assertEquals([batch.a.tolist(), batch.b.tolist()], [[0, 1], [0, -1]]);
  }
});

Deno.test("ChainDataset reads streams one after the other, and knows its length if they do", async () => {
  async function* later() {
    yield await Promise.resolve(3);
  }
  const chain = new ChainDataset<number>([[1, 2], later()]);
  assertEquals(await Array.fromAsync(chain), [1, 2, 3]);
  assertEquals([chain.length, new ChainDataset([[1, 2], [3]]).length], [undefined, 3]);
  const loader = new DataLoader<number>(new ChainDataset([[1, 2], [3]]), { batchSize: 2, device });
  assertEquals(loader.length, 2);
  const seen: unknown[] = [];
  for await (using batch of loader) seen.push(batch.tolist());
  assertEquals(seen, [[1, 2], [3]]);
});
