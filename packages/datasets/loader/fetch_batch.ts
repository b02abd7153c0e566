/** Fetches one batch, in the loader's thread or in a worker. */
import type { Generator } from "@troodon/core";
import { batchOf, samplesOf } from "../batch_of.ts";
import { collate, type HostBatch } from "../collate.ts";
import type { Dataset } from "../dataset.ts";
import type { BatchPlan } from "./plans.ts";

/** Makes a batch of samples. What is random about it is drawn from `generator`, which is the batch's own. */
export type Collate<T, H> = (samples: readonly T[], generator: Generator) => H;

/** Number of the first random stream of batches, beyond those of samples. */
const BATCHES = 2 ** 52;

/** A batch of samples that are there, by `make` or the default collate. */
export function collateBatch<T, H>(
  samples: readonly T[],
  number: number,
  pass: Generator,
  make: Collate<T, H> | undefined,
): H {
  // Without a function of its own, the batch is what the default makes.
  return make ? make(samples, pass.fork(BATCHES + number)) : collate(samples) as HostBatch<T> as H;
}

/**
 * Fetches a batch. Each sample has a generator of its own, forked from that of the pass by its position in the order
 * of the pass, so nothing depends on the order of fetching, and a sample that comes twice is drawn afresh.
 */
export function fetchBatch<T, H>(
  dataset: Dataset<T>,
  { number, indices, positions }: BatchPlan,
  pass: Generator,
  make: Collate<T, H> | undefined,
): H | Promise<H> {
  const generatorAt = (place: number): Generator => pass.fork(positions[place]!);
  // Without a function of its own, the batch is what the default makes.
  if (!make) return batchOf(dataset, indices, generatorAt) as H | Promise<H>;
  const samples = samplesOf(dataset, indices, generatorAt);
  const together = (all: readonly T[]): H => collateBatch(all, number, pass, make);
  return samples instanceof Promise ? samples.then(together) : together(samples);
}
