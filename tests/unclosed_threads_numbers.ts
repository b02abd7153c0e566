/** Ten numbers for workers, which are stuck from the fifth on if they are told to. */
import type { Dataset } from "@troodon/datasets";

/** What a worker does that is asked for the fifth number: an endless loop, or never answer. */
export type Stuck = "a loop" | "nothing";

/** The numbers. */
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
