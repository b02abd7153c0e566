/** Dataset of ten numbers for workers, which can be told to hang from the fifth number on. */
import type { Dataset } from "@troodon/datasets";

/** Behavior of a worker at the fifth number: an endless loop, or no answer. */
export type Stuck = "a loop" | "nothing";

/** Opens the dataset of numbers. */
export default function openNumbers({ stuck }: { readonly stuck?: Stuck } = {}): Dataset<number> {
  return {
    length: 10,
    get(index: number): number | Promise<number> {
      if (stuck === undefined || index !== 4) return index;
      while (stuck === "a loop");
      return new Promise(() => {});
    },
  };
}
