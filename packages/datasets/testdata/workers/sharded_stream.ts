import { defaultGenerator, type Generator } from "@troodon/core";
import type { IterableDataset } from "../../iterable_dataset.ts";
import { getWorkerInfo } from "../../loader/workers/worker_module.ts";
import { NdArray } from "../../nd_array.ts";

/** Contents of a stream, and its division among workers. */
export interface Sharding {
  /** The number of samples. */
  readonly count: number;
  /** True if each worker reads consecutive samples, not every n-th one. */
  readonly contiguous?: boolean;
  /** True if samples have noise of the default generator besides their number. */
  readonly noisy?: boolean;
}

/** Numbers from 0, divided among the workers. */
export default function open(
  { count, contiguous = false, noisy = false }: Sharding,
): IterableDataset<number> {
  return {
    length: count,
    async *[Symbol.asyncIterator]() {
      const { id, numWorkers } = getWorkerInfo() ?? { id: 0, numWorkers: 1 };
      const share = Math.ceil(count / numWorkers);
      const [first, end, step] = contiguous
        ? [id * share, Math.min(count, (id + 1) * share), 1]
        : [id, count, numWorkers];
      for (let i = first; i < end; i += step) {
        await Promise.resolve();
        yield noisy ? i + defaultGenerator().random() : i;
      }
    },
  };
}

/** The numbers, and a random one. */
export function collate(samples: readonly number[], generator: Generator): NdArray {
  return new NdArray(Float64Array.from([...samples, generator.random()]), [samples.length + 1]);
}
