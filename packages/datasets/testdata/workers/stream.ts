import type { Generator } from "@troodon/core";
import type { IterableDataset } from "../../iterable_dataset.ts";
import { NdArray } from "../../nd_array.ts";

/** Eleven numbers. */
export default function open(): IterableDataset<number> {
  return {
    async *[Symbol.asyncIterator]() {
      for (let i = 0; i < 11; i++) {
        await Promise.resolve();
        yield i;
      }
    },
  };
}

/** The numbers, and a random one. */
export function collate(samples: readonly number[], generator: Generator): NdArray {
  return new NdArray(Float64Array.from([...samples, generator.random()]), [samples.length + 1]);
}
