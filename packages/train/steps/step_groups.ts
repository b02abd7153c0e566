import { type Batches, ownedBatch } from "../batch.ts";

/** Options of {@linkcode stepGroups}. */
export interface StepGroupOptions {
  /** Batches of a step. */
  readonly size: number;
  /** Batches to pass over at the beginning. */
  readonly skip: number;
  /** Called when a batch is there, before the next one is asked for. */
  readonly onBatch: () => void;
}

/**
 * Yields the batches of a pass in groups, the last of which may be smaller. The batches of a group are disposed of, unless they
 * belong to the caller, when the next group is asked for.
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
