/** Batches as loaders give them to the training loop. */
import type { Tensor } from "@troodon/core";

/** A batch of samples with their targets: a pair, or an image and a label as image datasets give them. */
export type Batch =
  | readonly Tensor[]
  | { readonly 0: Tensor; readonly 1: Tensor }
  | { readonly image: Tensor; readonly label: Tensor };

/**
 * Batches of any structure, passed over once an epoch: a `DataLoader`, or an array. Batches of an async iterable are
 * disposed of after their step where they can be; those of an array stay.
 */
export type Batches<B = Batch> = (AsyncIterable<B> | Iterable<B>) & BatchSource;

/** The part of {@linkcode Batches} that is needed beside the iteration. */
export interface BatchSource {
  /** Batches in a pass. */
  readonly length: number;
  /** The position of the loader, as JSON-able data; a source without one is passed over again, up to that position. */
  stateDict?(): unknown;
  /** Makes the next pass continue from `state`. */
  loadStateDict?(state: unknown): void;
  /** Forgets a loop that was left early, so that the position is the beginning of the next pass. */
  newPass?(): void;
}

/**
 * The input and the target of a batch.
 *
 * @throws {TypeError} If the batch is neither a pair nor has an image and a label.
 */
export function inputAndTarget(batch: unknown): readonly [input: Tensor, target: Tensor] {
  if (!isBatch(batch)) {
    throw new TypeError(
      "Cannot take input and target from the batch as it must be a pair or have image and label: " +
        "give a function of the batch",
    );
  }
  return "image" in batch ? [batch.image, batch.label] : [batch[0], batch[1]];
}

function isBatch(batch: unknown): batch is Exclude<Batch, readonly Tensor[]> {
  return isObject(batch) && ((0 in batch && 1 in batch) || ("image" in batch && "label" in batch));
}

/** The number of samples in a batch: the length of its first tensor along the first axis; 1 if there is none. */
export function countSamples(batch: unknown): number {
  return firstShape(batch)?.[0] ?? 1;
}

function firstShape(value: unknown): readonly number[] | null {
  if (!isObject(value)) return null;
  if ("shape" in value && Array.isArray(value.shape)) return value.shape;
  for (const part of Object.values(value)) {
    const shape = firstShape(part);
    if (shape !== null) return shape;
  }
  return null;
}

/** The batch, to be disposed of after its step; null if it belongs to the caller. */
export function ownedBatch(batches: Batches<unknown>, batch: unknown): Disposable | null {
  return Symbol.asyncIterator in batches && isDisposable(batch) ? batch : null;
}

function isDisposable(value: unknown): value is Disposable {
  return isObject(value) && Symbol.dispose in value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
