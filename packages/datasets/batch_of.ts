import { collate, type HostBatch } from "./collate.ts";
import { type Dataset, type GeneratorAt, isBatched } from "./dataset.ts";

/** Samples in an array, or a promise of them if one of them is a promise. */
export function samplesOf<T>(
  dataset: Dataset<T>,
  indices: ArrayLike<number>,
  generatorAt?: GeneratorAt,
): readonly T[] | Promise<readonly T[]> {
  const samples = Array.from(indices, (index, place) => dataset.get(index, generatorAt?.(place)));
  const later = samples.some((sample) => sample instanceof Promise);
  return later ? Promise.all(samples) : samples as readonly T[];
}

/** The samples at `indices`, fetched one by one and collated. */
export function collateSamples<T>(
  dataset: Dataset<T>,
  indices: ArrayLike<number>,
  generatorAt?: GeneratorAt,
): HostBatch<T> | Promise<HostBatch<T>> {
  const samples = samplesOf(dataset, indices, generatorAt);
  return samples instanceof Promise ? samples.then(collate) : collate(samples);
}

/** The samples at `indices` of any dataset, collated: by its own way where it is a {@linkcode BatchedDataset}. */
export function batchOf<T>(
  dataset: Dataset<T>,
  indices: ArrayLike<number>,
  generatorAt?: GeneratorAt,
): HostBatch<T> | Promise<HostBatch<T>> {
  if (isBatched(dataset)) return dataset.getBatch(indices, generatorAt);
  return collateSamples(dataset, indices, generatorAt);
}
