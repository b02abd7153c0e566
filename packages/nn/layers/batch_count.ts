/** The number of batches that a normalization has seen, without waiting for the device in each call. */
import type { Tensor } from "@troodon/core";
import { recordedBy } from "@troodon/core/kernel";

/** A count, and the version that its tensor had then. */
interface Seen {
  readonly batches: number;
  readonly version: number;
}

const seen = new WeakMap<Tensor, Seen>();

/**
 * The number of batches in `tracked`, which is about to be counted up: one more than last time, if it was changed once
 * since; read from the device otherwise.
 */
export function batchesBefore(tracked: Tensor): number {
  const { count } = tracked.version, known = seen.get(tracked);
  if (known !== undefined && known.version === count) return known.batches;
  const batches = known !== undefined && known.version + 1 === count
    ? known.batches + 1
    // Whatever was recorded before has not changed it.
    : recordedBy(null, () => tracked.item());
  seen.set(tracked, { batches, version: count });
  return batches;
}
