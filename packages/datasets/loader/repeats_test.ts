import { assertEquals } from "@std/assert";
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "./data_loader.ts";
import { RandomSampler, type Sampler } from "./samplers.ts";
import { WeightedRandomSampler } from "./weighted_samplers.ts";
import openSamples, { type Sample } from "../testdata/workers/samples.ts";

const device = new Device(new ReferenceBackend());
const workerModule = new URL("../testdata/workers/samples.ts", import.meta.url);

/** Samplers that yield indices several times in a pass. */
const SAMPLERS: Readonly<Record<string, (generator: Generator) => Sampler>> = {
  "a WeightedRandomSampler": (generator) => new WeightedRandomSampler([0, 1, 3], 9, { generator }),
  "a RandomSampler with replacement": (generator) =>
    new RandomSampler({ length: 3 }, { replacement: true, numSamples: 9, generator }),
  "a RandomSampler of several rounds": (generator) =>
    new RandomSampler({ length: 3 }, { numSamples: 9, generator }),
};

for (const [name, samplerOf] of Object.entries(SAMPLERS)) {
  Deno.test(`DataLoader draws samples that come again afresh, of ${name}`, async () => {
    const loaderOf = (numWorkers: number): DataLoader<Sample> => {
      const generator = new Generator(6);
      const workers = numWorkers > 0 && { numWorkers, workerModule, persistentWorkers: true };
      return new DataLoader(openSamples(), {
        sampler: samplerOf(generator),
        batchSize: 2,
        generator,
        device,
        ...workers,
      });
    };
    const read = async (loader: DataLoader<Sample>): Promise<(readonly [index: number, noise: string])[]> => {
      const seen: (readonly [number, string])[] = [];
      for await (using batch of loader) {
        const noise = batch.noise.tolist() as number[][];
        seen.push(
          ...(batch.index.tolist() as number[]).map((index, i) => [index, noise[i]!.join()] as const),
        );
      }
      return seen;
    };
    const expected = await read(loaderOf(0));
    assertEquals(expected.length, 9);
    assertEquals(new Set(expected.map(([index]) => index)).size <= 3, true);
    assertEquals(new Set(expected.map(([, noise]) => noise)).size, 9);
    for (const numWorkers of [0, 1, 2]) {
      using loader = loaderOf(numWorkers);
      const start = loader.stateDict();
      for (const batches of [0, 1, 4]) {
        loader.loadStateDict({ ...start, batches });
        assertEquals(await read(loader), expected.slice(2 * batches));
      }
    }
  });
}
