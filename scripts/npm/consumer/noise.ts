/** A dataset of random numbers, for a page and its workers. */
import type { Dataset, Generator } from "@troodon/troodon";

/** Samples that are random, of which one may be broken. */
export default function openNoise(broken: number): Dataset<{ index: number; noise: Float32Array }> {
  return {
    length: 10,
    get(index: number, generator?: Generator) {
      if (index === broken) throw new RangeError(`sample ${index} is broken`);
      return { index, noise: Float32Array.of(generator!.random(), generator!.normal()) };
    },
  };
}
