import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "../data_loader.ts";
import type { DataLoaderState } from "../loader_state.ts";
import type { IterableDataset } from "../../iterable_dataset.ts";
import type { NdArray } from "../../nd_array.ts";
import { END } from "../source.ts";
import openSharded, { collate, type Sharding } from "../../testdata/workers/sharded_stream.ts";
import openWhole from "../../testdata/workers/stream.ts";
import { type StreamPool, StreamRounds } from "./stream_rounds.ts";

const device = new Device(new ReferenceBackend());
const moduleOf = (name: string): URL => new URL(`../../testdata/workers/${name}.ts`, import.meta.url);

interface Reading extends Sharding {
  readonly numWorkers: number;
  readonly batchSize?: number;
  readonly persistentWorkers?: boolean;
  readonly dropLast?: boolean;
}

function sharded(
  { numWorkers, batchSize = 3, persistentWorkers = false, dropLast = false, ...sharding }: Reading,
): DataLoader<number, NdArray> {
  const options = { batchSize, persistentWorkers, dropLast, generator: new Generator(3), device };
  return new DataLoader<number, NdArray>(openSharded(sharding), {
    ...options,
    ...(numWorkers === 0
      ? { collate }
      : { numWorkers, workerModule: moduleOf("sharded_stream"), workerData: sharding }),
  });
}

async function read(loader: DataLoader<number, NdArray>, count = Infinity): Promise<number[][]> {
  const seen: number[][] = [];
  for await (using batch of loader) {
    seen.push(batch.tolist() as number[]);
    if (seen.length === count) break;
  }
  return seen;
}

const withoutNoise = (batches: readonly number[][]): number[][] => batches.map((batch) => batch.slice(0, -1));

Deno.test("DataLoader gives every sample of a divided stream once, a batch of each worker in turn", async () => {
  assertEquals(withoutNoise(await read(sharded({ count: 10, numWorkers: 2 }))), [
    [0, 2, 4],
    [1, 3, 5],
    [6, 8],
    [7, 9],
  ]);
  for (const [numWorkers, count] of [[0, 10], [1, 10], [3, 10], [2, 1]] as const) {
    const batches = withoutNoise(await read(sharded({ count, contiguous: true, numWorkers, batchSize: 2 })));
    assertEquals(batches.flat().sort((a, b) => a - b), Array.from({ length: count }, (_, i) => i));
  }
});

Deno.test("StreamRounds takes a batch of each worker in turn, however soon they answer, and goes on anywhere", async () => {
  for (const lengths of [[], [0], [3], [2, 2], [0, 3], [3, 0, 1], [1, 5, 2], [0, 0, 0, 2]]) {
    const expected = Array.from({ length: 6 }, (_, round) => round)
      .flatMap((round) => lengths.flatMap((length, worker) => round < length ? [`${worker}.${round}`] : []));
    for (const [ahead, slow] of [[1, false], [4, false], [4, true]] as const) {
      for (let skipped = 0; skipped <= expected.length; skipped++) {
        assertEquals(await roundsOf(lengths, { ahead, slow, skipped }), expected.slice(skipped));
      }
    }
  }
});

/**
 * Returns the batches of streams with the given numbers of batches, `ahead` requested in advance; slow ones answer in
 * reverse order.
 */
async function roundsOf(
  lengths: readonly number[],
  { ahead, slow, skipped }: { readonly ahead: number; readonly slow: boolean; readonly skipped: number },
): Promise<string[]> {
  const given = lengths.map(() => 0);
  const pool: StreamPool = {
    size: lengths.length,
    fetch: async (_, worker) => {
      const round = given[worker!]!++, answer = round < lengths[worker!]! ? `${worker}.${round}` : END;
      for (let turns = slow ? 20 * (lengths.length - worker!) : 0; turns > 0; turns--) {
        await Promise.resolve();
      }
      return answer;
    },
  };
  const rounds = new StreamRounds(pool, { id: 0, seed: 1 }, { batchSize: 1, dropLast: false });
  await rounds.skip(skipped);
  const queue: Promise<unknown>[] = [], seen: string[] = [];
  for (;;) {
    for (let batch; queue.length < ahead && (batch = rounds.take()) !== null;) queue.push(batch);
    if (queue.length === 0) return seen;
    const batch = await queue.shift();
    if (batch !== END) seen.push(String(batch));
  }
}

Deno.test("DataLoader orders batches of workers by their streams alone", async () => {
  const reading = { count: 25, contiguous: true, numWorkers: 3, batchSize: 2 };
  const loader = sharded({ ...reading, persistentWorkers: true });
  using _ = loader;
  const expected = withoutNoise(await read(loader));
  // Runs of 9, 9 and 7 samples are 5, 5 and 4 batches.
  assertEquals(expected.length, 14);
  assertEquals(expected.slice(-5), [[6, 7], [15, 16], [24], [8], [17]]);
  assertEquals(withoutNoise(await read(loader)), expected);
  assertEquals(withoutNoise(await read(sharded({ ...reading, dropLast: true }))).length, 11);
});

Deno.test("DataLoader goes on in a stream at every batch, with 0, 1 and 2 workers", async () => {
  for (const numWorkers of [0, 1, 2]) {
    const reading = { count: 11, contiguous: true, noisy: numWorkers > 0, numWorkers, batchSize: 2 };
    using first = sharded({ ...reading, persistentWorkers: true });
    using second = sharded({ ...reading, persistentWorkers: true });
    const batches: number[][] = [], states: DataLoaderState[] = [];
    for await (using batch of first) {
      batches.push(batch.tolist() as number[]);
      states.push(JSON.parse(JSON.stringify(first.stateDict())));
    }
    for (const [i, state] of states.entries()) {
      assertEquals([state.batches, state.numWorkers], [i + 1, numWorkers]);
      second.loadStateDict(state);
      assertEquals(await read(second), batches.slice(i + 1));
    }
  }
});

Deno.test("DataLoader.loadStateDict() refuses the state of a stream that other workers read", async () => {
  const two = sharded({ count: 10, numWorkers: 2 });
  await read(two, 1);
  const state = two.stateDict();
  assertThrows(
    () => sharded({ count: 10, numWorkers: 3 }).loadStateDict(state),
    RangeError,
    "numWorkers was 2 and is 3",
  );
  assertThrows(() => sharded({ count: 10, numWorkers: 0 }).loadStateDict(state), RangeError, "and is 0");
  sharded({ count: 10, numWorkers: 1 }).loadStateDict(sharded({ count: 10, numWorkers: 0 }).stateDict());
});

Deno.test("DataLoader seeds what workers draw without a generator, another in each worker and pass", async () => {
  const reading = { count: 8, noisy: true, numWorkers: 2, batchSize: 4, persistentWorkers: true };
  const passes = async (): Promise<number[][][]> => {
    using loader = sharded(reading);
    return [await read(loader), await read(loader)];
  };
  const [first, second] = await passes();
  assertEquals(await passes(), [first, second]);
  const noise = (batch: readonly number[]): number[] => batch.slice(0, -1).map((x) => x % 1);
  assertNotEquals(noise(first![0]!), noise(first![1]!));
  assertNotEquals(noise(first![0]!), noise(second![0]!));
});

Deno.test("DataLoader warns once that each of several workers reads all of a stream", async () => {
  const warned: string[] = [], warn = console.warn;
  console.warn = (message: string) => warned.push(message);
  try {
    const whole: IterableDataset<number> = openWhole();
    const options = { batchSize: 4, device, workerModule: moduleOf("stream"), persistentWorkers: true };
    for (const [numWorkers, warnings] of [[1, 0], [2, 1]] as const) {
      warned.length = 0;
      using loader = new DataLoader<number, NdArray>(whole, { ...options, numWorkers });
      for (let pass = 0; pass < 2; pass++) {
        const samples = withoutNoise(await read(loader)).flat();
        assertEquals(samples.filter((x) => x === 10).length, numWorkers);
      }
      assertEquals(warned.length, warnings);
    }
    assertEquals(
      warned[0]!.includes("every sample comes 2 times: divide the samples by getWorkerInfo()"),
      true,
    );
    warned.length = 0;
    await read(sharded({ count: 4, numWorkers: 2 }));
    assertEquals(warned, []);
  } finally {
    console.warn = warn;
  }
});
