/** Edge cases of loaders and samplers: defaults, resuming streams, and workers that end early. */
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { Thread } from "@troodon/io";
import type { Dataset } from "../dataset.ts";
import type { IterableDataset } from "../iterable_dataset.ts";
import type { NdArray } from "../nd_array.ts";
import openStream, { collate } from "../testdata/workers/stream.ts";
import { DataLoader } from "./data_loader.ts";
import { DistributedSampler } from "./distributed_sampler.ts";
import type { DataLoaderOptions } from "./loader_options.ts";
import { BatchSampler } from "./batch_sampler.ts";
import { RandomSampler, SequentialSampler } from "./samplers.ts";
import { WeightedRandomSampler } from "./weighted_samplers.ts";

const device = new Device(new ReferenceBackend());
const ten: Dataset<number> = { length: 10, get: (i) => i };
const stream: IterableDataset<number> & { readonly length: number } = { ...openStream(), length: 11 };

type Options = DataLoaderOptions<number, NdArray>;

async function read(
  dataset: Dataset<number> | IterableDataset<number>,
  options: Options = {},
): Promise<unknown> {
  const loader = new DataLoader(dataset as Dataset<number>, { device, ...options });
  const seen = await Array.fromAsync(loader, (batch) => batch.tolist());
  return [loader.length, seen, String(loader)];
}

Deno.test("DataLoader without options is what it is by default, of samples and of a stream", async () => {
  const defaults = { batchSize: 1, dropLast: false, numWorkers: 0, timeout: 0 };
  for (const dataset of [ten, stream]) {
    const found = await read(dataset);
    assertEquals(found, await read(dataset, defaults));
    assertNotEquals(found, await read(dataset, { batchSize: 2 }));
  }
  assertEquals(await read(ten), await read(ten, { shuffle: false }));
  assertNotEquals(await read(ten, { batchSize: 3 }), await read(ten, { batchSize: 3, dropLast: true }));
  assertNotEquals(await read(stream, { batchSize: 3 }), await read(stream, { batchSize: 3, dropLast: true }));
  assertEquals(
    [String(new DataLoader(ten)), String(new DataLoader(ten, { shuffle: true, dropLast: true }))].map((
      text,
    ) => text.replace(/dataset=[^,]*, /, "")),
    [
      "DataLoader(batch_size=1, shuffle=False, length=10)",
      "DataLoader(batch_size=1, shuffle=True, drop_last=True, length=10)",
    ],
  );
});

Deno.test("DataLoader fetches two batches ahead by default", async () => {
  const askedOf = async (options: Options): Promise<number> => {
    let asked = 0;
    const slow: Dataset<number> = {
      length: 20,
      async get(i) {
        asked++;
        await new Promise((resolve) => setTimeout(resolve));
        return i;
      },
    };
    for await (using _ of new DataLoader(slow, { device, ...options })) break;
    return asked;
  };
  assertEquals(await askedOf({}), await askedOf({ prefetch: 2 }));
  assertNotEquals(await askedOf({}), await askedOf({ prefetch: 4 }));
});

Deno.test("samplers without options are what they are by default", () => {
  const passes = (make: (seed: number) => Iterable<unknown>) =>
    [1, 2, 3, 4, 5, 6].map((seed) => [...make(seed)]);
  const share = (options: object = {}) => () =>
    new DistributedSampler({ length: 9 }, { numReplicas: 2, rank: 1, ...options });
  const random = (options: object = {}) => (seed: number) =>
    new RandomSampler(ten, { generator: new Generator(seed), ...options });
  const weighted = (options: object = {}) => (seed: number) =>
    new WeightedRandomSampler([1, 2, 3, 4], 4, { generator: new Generator(seed), ...options });
  const lists = (options: object = {}) => () =>
    new BatchSampler(new SequentialSampler(ten), { batchSize: 4, ...options });
  for (
    const [make, same, ...others] of [
      [share, { shuffle: true, seed: 0, dropLast: false }, { shuffle: false }, { seed: 1 }, {
        dropLast: true,
      }],
      [random, { replacement: false, numSamples: 10 }, { replacement: true }, { numSamples: 9 }],
      [weighted, { replacement: true }, { replacement: false }],
      [lists, { dropLast: false }, { dropLast: true }],
    ] as const
  ) {
    assertEquals(passes(make()), passes(make(same)));
    for (const other of others) assertNotEquals(passes(make()), passes(make(other)));
  }
});

Deno.test("WeightedRandomSampler draws what is above its number, and never what weighs nothing", () => {
  class Told extends Generator {
    readonly numbers = [0, 0.25 - 1e-9, 0.25, 0.5, 1 - 2 ** -30];
    override random(): number {
      return this.numbers.shift()!;
    }
  }
  const weights = [0, 1, 0, 3, 0];
  assertEquals([...new WeightedRandomSampler(weights, 5, { generator: new Told(1) })], [1, 1, 3, 3, 3]);
});

Deno.test("DataLoader goes on in a stream with the batches, and the random numbers, that it would have had", async () => {
  const make = () =>
    new DataLoader(openStream(), { batchSize: 3, collate, generator: new Generator(5), device });
  const whole = await Array.fromAsync(make(), (batch) => batch.tolist());
  assertEquals(new Set(whole.map((batch) => (batch as number[]).at(-1))).size, 4);
  for (let taken = 1; taken < 4; taken++) {
    const first = make(), second = make();
    let count = 0;
    for await (using _ of first) if (++count === taken) break;
    second.loadStateDict(first.stateDict());
    assertEquals(await Array.fromAsync(second, (batch) => batch.tolist()), whole.slice(taken));
  }
});

Deno.test("DataLoader frees what it fetched where a loop, a sample or a collate function fails", async () => {
  // Also counts buffers of earlier tests that the garbage collector releases in the meantime.
  const count = (): number => device.memory.buffers + device.memory.lost, before = count();
  const broken: Dataset<number> = {
    length: 9,
    get: (i) => i === 5 ? Promise.reject(new RangeError("broken")) : Promise.resolve(i),
  };
  const drain = async (dataset: Dataset<number> | IterableDataset<number>, options: Options) => {
    for await (using _ of new DataLoader(dataset as Dataset<number>, { device, ...options })) continue;
  };
  await assertRejects(() => drain(broken, { batchSize: 2 }), RangeError, "broken");
  await assertRejects(
    async () => {
      for await (using _ of new DataLoader(broken, { device })) throw new RangeError("enough");
    },
    RangeError,
    "enough",
  );
  const failing = () => {
    throw new RangeError("no batch");
  };
  for (const dataset of [ten, stream]) {
    await assertRejects(() => drain(dataset, { collate: failing }), RangeError, "no batch");
  }
  assertEquals(count(), before);
});

type Closable = Disposable & { close(): void };

/**
 * Runs `f` with a function that counts open workers: those that received a message and are not closed yet.
 */
async function countingWorkers(f: (open: () => number) => Promise<void>): Promise<void> {
  const { post, close } = Thread.prototype, open = new Set<object>();
  Thread.prototype.post = function (...args) {
    open.add(this);
    post.apply(this, args);
  };
  Thread.prototype.close = function () {
    open.delete(this);
    close.apply(this);
  };
  try {
    await f(() => open.size);
  } finally {
    Object.assign(Thread.prototype, { post, close });
  }
}

Deno.test("DataLoader ends its workers after a pass, and those that persist when it is closed or fails", async () => {
  const workers = {
    numWorkers: 1,
    workerModule: new URL("../testdata/workers/samples.ts", import.meta.url),
    device,
  };
  const samples: Dataset<{ index: number }> = { length: 20, get: (index) => ({ index }) };
  await countingWorkers(async (open) => {
    const pass = async (loader: AsyncIterable<Disposable>, taken = 2): Promise<void> => {
      let count = 0;
      for await (using _ of loader) if (count++ === taken) break;
    };
    await pass(new DataLoader(samples, { ...workers, batchSize: 10 }));
    assertEquals(open(), 0);
    const options = { ...workers, batchSize: 10, persistentWorkers: true } as const;
    for (const close of [(l: Closable) => l.close(), (l: Closable) => l[Symbol.dispose]()]) {
      const loader = new DataLoader(samples, options);
      for (let i = 0; i < 2; i++) {
        await pass(loader);
        assertEquals(open(), 1);
      }
      close(loader);
      assertEquals(open(), 0);
    }
    const failing = new DataLoader(samples, { ...options, workerData: { throwAt: 12 } });
    await assertRejects(() => pass(failing), RangeError, "sample 12 is broken");
    assertEquals(open(), 0);
  });
});
