import { assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { Device, Generator, ReferenceBackend, type Tensor, tensor } from "@troodon/core";
import { DataLoader } from "./data_loader.ts";
import type { BatchedDataset, Dataset } from "../dataset.ts";
import type { DataLoaderOptions } from "./loader_options.ts";
import { NdArray } from "../nd_array.ts";
import { SequentialSampler, SubsetRandomSampler } from "./samplers.ts";
import { TensorDataset } from "../sets/tensor_dataset.ts";

const device = new Device(new ReferenceBackend());
const numbers: Dataset<number> = { length: 10, get: (i) => 10 * i };
const slow: Dataset<number> = {
  length: 10,
  get: async (i) => {
    await new Promise((resolve) => setTimeout(resolve, i % 3));
    return 10 * i;
  },
};

async function read(
  dataset: Dataset<number>,
  options: DataLoaderOptions<number, NdArray>,
): Promise<number[][]> {
  const batches: number[][] = [];
  for await (using batch of new DataLoader(dataset, { device, ...options })) {
    batches.push(batch.tolist() as number[]);
  }
  return batches;
}

Deno.test("DataLoader yields batches in order, with and without the last", async () => {
  const [a, b, c] = [[0, 10, 20, 30], [40, 50, 60, 70], [80, 90]];
  for (const dataset of [numbers, slow]) {
    assertEquals(await read(dataset, { batchSize: 4 }), [a, b, c]);
    assertEquals(await read(dataset, { batchSize: 4, dropLast: true }), [a, b]);
    assertEquals((await read(dataset, {})).length, 10);
  }
  assertEquals(new DataLoader(numbers, { batchSize: 4 }).length, 3);
  assertEquals(new DataLoader(numbers, { batchSize: 4, dropLast: true }).length, 2);
  assertEquals(await read({ length: 0, get: () => 0 }, { batchSize: 4 }), []);
});

Deno.test("DataLoader.entries() numbers the batches of each pass, and closes it when it is left", async () => {
  const loader = new DataLoader(slow, { batchSize: 4, device });
  for (let pass = 0; pass < 2; pass++) {
    const seen: [number, unknown][] = [];
    for await (const [i, batch] of loader.entries()) {
      seen.push([i, batch.tolist()]);
      if (i === 1) break;
    }
    assertEquals(seen, [[0, [0, 10, 20, 30]], [1, [40, 50, 60, 70]]]);
  }
  assertEquals(await Array.fromAsync(loader.entries(), ([i]) => i), [0, 1, 2]);
});

Deno.test("DataLoader shuffles as the seed decides, another way in each pass, however much is fetched ahead", async () => {
  const passes = async (dataset: Dataset<number>, seed: number, prefetch: number): Promise<number[][][]> => {
    const options = { batchSize: 3, shuffle: true, generator: new Generator(seed), prefetch, device };
    const loader = new DataLoader(dataset, options);
    const result: number[][][] = [];
    for (let pass = 0; pass < 2; pass++) {
      const batches: number[][] = [];
      for await (using batch of loader) batches.push(batch.tolist() as number[]);
      assertEquals(batches.flat().sort((a, b) => a - b), [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
      result.push(batches);
    }
    return result;
  };
  const expected = await passes(numbers, 1, 0);
  assertNotEquals(expected[0], expected[1]);
  assertNotEquals(await passes(numbers, 2, 0), expected);
  for (const prefetch of [0, 1, 5]) assertEquals(await passes(slow, 1, prefetch), expected);
});

Deno.test("DataLoader takes samplers of samples and of batches", async () => {
  assertEquals(await read(numbers, { sampler: new SequentialSampler({ length: 3 }), batchSize: 2 }), [
    [0, 10],
    [20],
  ]);
  const batchSampler = { length: 2, [Symbol.iterator]: () => [[1, 2], [5]].values() };
  assertEquals(await read(numbers, { batchSampler }), [[10, 20], [50]]);
  assertEquals(new DataLoader(numbers, { batchSampler }).length, 2);
});

Deno.test("DataLoader refuses options that exclude each other or are out of range", () => {
  const sampler = new SubsetRandomSampler([1]);
  const batchSampler = { length: 0, [Symbol.iterator]: () => [][Symbol.iterator]() };
  assertThrows(
    () => new DataLoader(numbers, { sampler, shuffle: true }),
    TypeError,
    "sampler excludes shuffle",
  );
  assertThrows(
    () => new DataLoader(numbers, { batchSampler, batchSize: 2 }),
    TypeError,
    "excludes batchSize",
  );
  assertThrows(
    () => new DataLoader(numbers, { batchSampler, dropLast: true }),
    TypeError,
    "excludes dropLast",
  );
  assertThrows(() => new DataLoader(numbers, { batchSize: 0 }), RangeError, "current batch size is 0");
  assertThrows(() => new DataLoader(numbers, { prefetch: -1 }), RangeError, "current prefetch is -1");
});

Deno.test("DataLoader uses a collate function, and getBatch only without one", async () => {
  const rows = new TensorDataset(new NdArray(new Float32Array([1, 2, 3, 4]), [4]));
  const sums = new DataLoader(rows, {
    batchSize: 2,
    device,
    collate: (samples) => ({ sum: samples.reduce((sum, [x]) => sum + x.data[0]!, 0), first: samples[0]![0] }),
  });
  const seen: number[] = [];
  for await (using batch of sums) {
    const first: Tensor = batch.first;
    seen.push(batch.sum, first.item());
  }
  assertEquals(seen, [3, 1, 7, 3]);
  let asked = 0;
  const fast: BatchedDataset<number> = {
    length: 4,
    get: () => {
      throw new RangeError("asked for a sample");
    },
    getBatch: (indices) => new NdArray(Float32Array.from(indices, (i) => (asked++, i)), [indices.length]),
  };
  assertEquals(await read(fast, { batchSize: 2 }), [[0, 1], [2, 3]]);
  assertEquals(asked, 4);
});

Deno.test("DataLoader fetches ahead no further than it is told", async () => {
  for (const prefetch of [0, 1, 3]) {
    let started = 0, taken = 0, ahead = 0;
    const dataset: Dataset<number> = {
      length: 12,
      get: (i) => {
        started++;
        return Promise.resolve(i);
      },
    };
    for await (using _ of new DataLoader(dataset, { prefetch, device })) {
      taken++;
      ahead = Math.max(ahead, started - taken);
    }
    assertEquals(ahead, prefetch);
  }
});

Deno.test("DataLoader throws errors of samples in their turn", async () => {
  const broken = (wrap: (f: () => number) => number | Promise<number>): Dataset<number> => ({
    length: 4,
    get: (i) =>
      wrap(() => {
        if (i === 2) throw new RangeError("sample 2 is broken");
        return i;
      }),
  });
  for (const dataset of [broken((f) => f()), broken((f) => new Promise((resolve) => resolve(f())))]) {
    const seen: number[] = [];
    await assertRejects(
      async () => {
        for await (using batch of new DataLoader(dataset, { device, prefetch: 3 })) seen.push(batch.item());
      },
      RangeError,
      "sample 2 is broken",
    );
    assertEquals(seen, [0, 1]);
  }
});

Deno.test("DataLoader leaves nothing behind when a loop ends early, batches fetched ahead and their errors included", async () => {
  // Uses its own device: the garbage collector may release buffers of other tests.
  using device = new Device(new ReferenceBackend());
  const failing: Dataset<number> = {
    length: 10,
    get: (i) => i < 1 ? Promise.resolve(i) : Promise.reject(new RangeError("never seen")),
  };
  const throwing: Dataset<number> = {
    length: 10,
    get: (i) => {
      if (i > 0) throw new RangeError("never seen");
      return Promise.resolve(i);
    },
  };
  for (const dataset of [numbers, slow, failing, throwing]) {
    for await (using _ of new DataLoader(dataset, { device, prefetch: 4 })) {
      // Time for the batches ahead to arrive, or to fail with nobody waiting for them.
      await new Promise((resolve) => setTimeout(resolve, 5));
      break;
    }
    assertEquals(device.memory.buffers, 0);
  }
  await read(slow, { batchSize: 3, device });
  assertEquals(device.memory.buffers, 0);
});

Deno.test("DataLoader frees batches of tensors that it fetched ahead in vain", async () => {
  using device = new Device(new ReferenceBackend());
  const rows = Array.from({ length: 6 }, (_, i) => tensor([i], { device }));
  const before = device.memory.buffers;
  const dataset: Dataset<Tensor> = { length: 6, get: (i) => Promise.resolve(rows[i]!) };
  for await (using batch of new DataLoader(dataset, { batchSize: 2 })) {
    assertEquals(batch.tolist(), [[0], [1]]);
    break;
  }
  await new Promise((resolve) => setTimeout(resolve, 1));
  assertEquals(device.memory.buffers, before);
  for (const row of rows) row.dispose();
});

Deno.test("DataLoader lets its device settle what has come together before each batch", async () => {
  let left = 0, settled = 0;
  class Leaving extends ReferenceBackend {
    settle(): Promise<void> | null {
      return left === 0 ? null : new Promise((resolve) => {
        setTimeout(() => {
          settled += left;
          left = 0;
          resolve();
        });
      });
    }
  }
  for (const dataset of [numbers, slow]) {
    for await (using _ of new DataLoader(dataset, { batchSize: 5, device: new Device(new Leaving()) })) {
      assertEquals(left, 0);
      left = 1;
    }
  }
  assertEquals([left, settled], [1, 3]);
});

Deno.test("DataLoader refuses batches that are no tensors", async () => {
  const loader = new DataLoader(numbers, { collate: () => "text", device });
  await assertRejects(
    async () => await loader[Symbol.asyncIterator]().next(),
    TypeError,
    "an array or a record",
  );
});
