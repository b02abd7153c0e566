/** Loaders as text. */
import { showFlag } from "@troodon/core/kernel";
import { briefly } from "../show_dataset.ts";
import type { AnyOptions } from "./loader_options.ts";

/** A loader in one line: the dataset, how it makes batches, and how many there are, where that is known. */
export function showLoader(
  loader: { readonly length: number },
  dataset: object,
  options: AnyOptions,
): string {
  const { batchSampler, batchSize = 1, sampler, shuffle = false, dropLast = false, numWorkers } = options;
  const isCounted = "length" in dataset && dataset.length !== undefined;
  const parts = [
    `dataset=${briefly(dataset)}`,
    ...(batchSampler ? [`batch_sampler=${briefly(batchSampler)}`] : [
      `batch_size=${batchSize}`,
      sampler ? `sampler=${briefly(sampler)}` : `shuffle=${showFlag(shuffle)}`,
    ]),
    dropLast && "drop_last=True",
    numWorkers && `num_workers=${numWorkers}`,
    isCounted && `length=${loader.length}`,
  ];
  return `DataLoader(${parts.filter(Boolean).join(", ")})`;
}
