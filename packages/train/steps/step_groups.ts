import { type Batches, ownedBatch } from "../batch.ts";

/** Options of {@linkcode stepGroups}. */
export interface StepGroupOptions {
  /** Number of batches in a step. */
  readonly size: number;
  /** Number of batches to skip at the start. */
  readonly skip: number;
  /** Called when a batch has arrived, before the next one is requested. */
  readonly onBatch: () => void;
}

/**
 * Yields the batches of a pass in groups; the last group may be smaller. Batches that do not belong to the caller are
 * disposed of when the next group is requested.
 */
export async function* stepGroups<B>(
  batches: Batches<B>,
  { size, skip, onBatch }: StepGroupOptions,
): AsyncGenerator<readonly B[]> {
  const owned: (Disposable | null)[] = [];
  const release = (): void => {
    for (const batch of owned.splice(0)) batch?.[Symbol.dispose]();
  };
  let group: B[] = [], passed = 0;
  try {
    for await (const batch of batches) {
      owned.push(ownedBatch(batches, batch));
      if (passed++ < skip) {
        release();
        continue;
      }
      onBatch();
      group.push(batch);
      if (group.length < size) continue;
      yield group;
      group = [];
      release();
    }
    if (group.length > 0) yield group;
  } finally {
    release();
  }
}
