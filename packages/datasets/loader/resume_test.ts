import { assertEquals, assertThrows } from "@std/assert";
import { Device, Generator, ReferenceBackend } from "@troodon/core";
import { DataLoader } from "./data_loader.ts";
import type { DataLoaderState } from "./loader_state.ts";
import type { Dataset } from "../dataset.ts";
import { type Sampler, SubsetRandomSampler } from "./samplers.ts";
import { StratifiedSampler, WeightedRandomSampler } from "./weighted_samplers.ts";

const device = new Device(new ReferenceBackend());
let fetched = 0;
const noisy: Dataset<Float64Array> = {
  length: 10,
  get(index, generator) {
    fetched++;
    return Float64Array.of(index, generator!.random());
  },
};
const labels = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];

function sampled(make: (generator: Generator) => Sampler): DataLoader<Float64Array> {
  const generator = new Generator(2);
  return new DataLoader(noisy, { sampler: make(generator), generator, device });
}

type Make = () => DataLoader<Float64Array>;

const LOADERS: Readonly<Record<string, Make>> = {
  "in order": () => new DataLoader(noisy, { batchSize: 3, generator: new Generator(2), device }),
  shuffled: () => new DataLoader(noisy, { batchSize: 3, shuffle: true, generator: new Generator(2), device }),
  weighted: () => sampled((generator) => new WeightedRandomSampler(labels, 12, { generator })),
  stratified: () => sampled((generator) => new StratifiedSampler(labels, { generator })),
  "of a subset": () => sampled((generator) => new SubsetRandomSampler([1, 3, 5, 7], { generator })),
};

async function take(loader: DataLoader<Float64Array>, count = Infinity): Promise<unknown[]> {
  const seen: unknown[] = [];
  for await (using batch of loader) {
    seen.push(batch.tolist());
    if (seen.length >= count) break;
  }
  return seen;
}

for (const [name, make] of Object.entries(LOADERS)) {
  Deno.test(`DataLoader goes on where it was saved, ${name}`, async () => {
    const whole = make();
    const expected = [...await take(whole), ...await take(whole)];
    const perPass = whole.length;
    for (const stop of [0, 1, perPass - 1, perPass, perPass + 2]) {
      const first = make();
      const before = stop >= perPass ? await take(first) : [];
      const rest = stop % perPass;
      if (rest > 0) before.push(...await take(first, rest));
      const state: DataLoaderState = JSON.parse(JSON.stringify(first.stateDict()));
      const second = make();
      second.loadStateDict(state);
      assertEquals(second.stateDict(), state);
      fetched = 0;
      const after = await take(second);
      // What was handed over is not fetched again.
      assertEquals(fetched > 0 && fetched <= 12, true);
      if (stop < perPass) after.push(...await take(second));
      assertEquals([...before, ...after], expected);
    }
  });
}

Deno.test("DataLoader.stateDict() counts the batches that a loop has had", async () => {
  const loader = LOADERS["shuffled"]!();
  const seen: number[][] = [];
  for await (using _ of loader) {
    const { epoch, batches } = loader.stateDict();
    seen.push([epoch, batches]);
  }
  assertEquals(seen, [[0, 1], [0, 2], [0, 3], [0, 4]]);
  const { epoch, batches } = loader.stateDict();
  assertEquals([epoch, batches], [1, 0]);
});

Deno.test("DataLoader.newPass() forgets a loop that was left", async () => {
  const [left, other] = [LOADERS["shuffled"]!(), LOADERS["shuffled"]!()];
  await take(left, 1);
  assertEquals(left.stateDict().batches, 1);
  left.newPass();
  const state = left.stateDict();
  assertEquals([state.epoch, state.batches], [1, 0]);
  other.loadStateDict(state);
  assertEquals(await take(left), await take(other));
});

Deno.test("DataLoader.loadStateDict() refuses what is no state", () => {
  const loader = LOADERS["in order"]!();
  for (const state of [{ epoch: -1, batches: 0 }, { epoch: 0, batches: 0.5 }]) {
    assertThrows(() => loader.loadStateDict({ ...state, sampler: null }), RangeError, "it is malformed");
  }
  const untyped = loader.loadStateDict.bind(loader) as (state: unknown) => void;
  for (const state of [undefined, null, 3]) assertThrows(() => untyped(state), RangeError, "it is malformed");
});

Deno.test("DataLoader.loadStateDict() refuses the state of another sampler at once, and draws nothing meanwhile", () => {
  const generator = new Generator(3), loader = new DataLoader(noisy, { shuffle: true, generator });
  const { sampler, ...place } = loader.stateDict(), before = generator.getState();
  for (const wrong of [undefined, 3, { seed: 5, offset: 0, used: 4 }, { ...sampler as object, used: 9 }]) {
    const load = () => loader.loadStateDict({ ...place, sampler: wrong });
    assertThrows(load, RangeError, "Cannot set the state of a Generator as it is malformed");
  }
  loader.loadStateDict({ ...place, sampler: new Generator(7).getState() });
  assertEquals(generator.getState(), before);
});

Deno.test("DataLoader counts the batches of streams that know their length", async () => {
  assertEquals(new DataLoader([1, 2, 3], { batchSize: 2 }).length, 2);
  assertEquals(new DataLoader([1, 2, 3], { batchSize: 2, dropLast: true }).length, 1);
  const endless = {
    closed: false,
    *[Symbol.iterator]() {
      try {
        for (let i = 0;; i++) yield i;
      } finally {
        this.closed = true;
      }
    },
  };
  const loader = new DataLoader<number>(endless, { batchSize: 4, device });
  assertThrows(() => loader.length, TypeError, "does not say how long it is");
  for await (using batch of loader) {
    assertEquals(batch.tolist(), [0, 1, 2, 3]);
    break;
  }
  assertEquals(endless.closed, true);
});
