/** Counts the batches seen by a normalization layer without waiting for the device in each call. */
import type { Tensor } from "@troodon/core";
import { recordedBy } from "@troodon/core/kernel";

/** Batch count, with the version of the tensor at that time. */
interface Seen {
  readonly batches: number;
  readonly version: number;
}

const seen = new WeakMap<Tensor, Seen>();

/**
 * Number of batches in `tracked` before it is incremented: the last known count plus one if the tensor changed once
 * since, otherwise read from the device.
 */
export function batchesBefore(tracked: Tensor): number {
  const { count } = tracked.version, known = seen.get(tracked);
  if (known !== undefined && known.version === count) return known.batches;
  const batches = known !== undefined && known.version + 1 === count
    ? known.batches + 1
    // Recorded launches have not changed it yet.
    : recordedBy(null, () => tracked.item());
  seen.set(tracked, { batches, version: count });
  return batches;
}
