/** Plans of the batches of a pass. */
import type { Sampler } from "./samplers.ts";

/** A batch to fetch. */
export interface BatchPlan {
  /** The number of the batch in the pass, from 0. */
  readonly number: number;
  /** The indices of its samples in the dataset. */
  readonly indices: readonly number[];
  /** The positions of its samples in the order of the pass, which all processes share. */
  readonly positions: readonly number[];
}

/** Yields the batches of a pass, without the first `skip`. */
export function* planBatches(
  batches: Sampler<readonly number[]>,
  skip: number,
): Generator<BatchPlan, void, undefined> {
  let number = 0, place = 0;
  for (const indices of batches) {
    const first = place;
    place += indices.length;
    if (number++ < skip) continue;
    const positions = Array.from(indices, (_, i) => batches.positionAt?.(first + i) ?? first + i);
    yield { number: number - 1, indices, positions };
  }
}
