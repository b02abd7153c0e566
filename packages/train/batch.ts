/** What loaders give to the training loop. */
import type { Tensor } from "@troodon/core";

/** A batch of samples with their labels: as a pair, or as image datasets give it. */
export type Batch = { readonly 0: Tensor; readonly 1: Tensor } | {
  readonly image: Tensor;
  readonly label: Tensor;
};

/** Batches that free their tensors when they are disposed of: a `DataLoader`. */
export interface Batches extends AsyncIterable<Batch & Disposable> {
  /** Batches in a pass. */
  readonly length: number;
  /** Where it stands, as JSON-able data; one without it is passed over again, up to there. */
  stateDict?(): unknown;
  /** Makes the next pass go on from there. */
  loadStateDict?(state: unknown): void;
  /** Forgets a loop that was left early: from now on it stands at the beginning of the next pass. */
  newPass?(): void;
}

/** What the network sees, and what it should say. */
export function inputAndTarget(batch: Batch): readonly [input: Tensor, target: Tensor] {
  return "image" in batch ? [batch.image, batch.label] : [batch[0], batch[1]];
}
