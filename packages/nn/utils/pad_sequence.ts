/** Sequences of different lengths as one tensor. */
import { stack, type Tensor, tidySync } from "@troodon/core";
import { checkCall, type OptionKeys, readOptions, showShape } from "@troodon/core/kernel";

/** Options of {@linkcode padSequence}. */
export interface PadSequenceOptions {
  /** The result is [n, time, ...] rather than [time, n, ...]; false by default. */
  readonly batchFirst?: boolean;
  /** Padding value for shorter sequences; 0 by default. */
  readonly paddingValue?: number;
  /** Side of the sequences that is padded; "right", their end, by default. */
  readonly paddingSide?: "left" | "right";
}
const PAD_SEQUENCE_OPTIONS: OptionKeys<PadSequenceOptions> = {
  batchFirst: true,
  paddingValue: true,
  paddingSide: true,
};

/**
 * Sequences [length, ...] side by side, as long as the longest.
 *
 * @returns [time, n, ...], or [n, time, ...] with `batchFirst`.
 * @throws {RangeError} If there are none, or they differ in more than their lengths.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { padSequence } from "@troodon/nn";
 *
 * const device = new Device(new ReferenceBackend());
 * const sequences = [tensor([1, 2], { device }), tensor([3], { device })];
 * assertEquals(padSequence(sequences, { batchFirst: true }).tolist(), [[1, 2], [3, 0]]);
 * ```
 */
export function padSequence(sequences: readonly Tensor[], options: PadSequenceOptions = {}): Tensor {
  checkCall("padSequence", arguments, "l.");
  options = readOptions("padSequence()", options, PAD_SEQUENCE_OPTIONS);
  const { batchFirst = false, paddingValue = 0, paddingSide = "right" } = options;
  const inner = sequences[0]?.shape.slice(1);
  const fits = inner !== undefined &&
    sequences.every((t) => t.ndim > 0 && showShape(t.shape.slice(1)) === showShape(inner)) &&
    (paddingSide === "left" || paddingSide === "right");
  if (!fits) {
    throw new RangeError(
      `Cannot apply padSequence() as there must be sequences [length, ...] that differ in length alone, and paddingSide ` +
        `be "left" or "right": current shapes are ${
          sequences.map((t) => showShape(t.shape)).join(", ") || "none"
        }, ` +
        `paddingSide is "${paddingSide}"`,
    );
  }
  const time = Math.max(...sequences.map((t) => t.shape[0]!)), around = inner.flatMap(() => [0, 0]);
  return tidySync(() => {
    const padded = sequences.map((t) => {
      const more = time - t.shape[0]!, sides = paddingSide === "left" ? [more, 0] : [0, more];
      return more === 0 ? t : t.pad([...around, ...sides], { value: paddingValue });
    });
    return stack(padded, batchFirst ? 0 : 1);
  });
}

const UNPAD_SEQUENCE_OPTIONS: OptionKeys<Pick<PadSequenceOptions, "batchFirst">> = { batchFirst: true };

/** Undoes {@linkcode padSequence}: the first elements of each sequence, views of `padded`. */
export function unpadSequence(
  padded: Tensor,
  lengths: Tensor | readonly number[],
  options?: Pick<PadSequenceOptions, "batchFirst">,
): readonly Tensor[] {
  checkCall("unpadSequence", arguments, "xv.");
  const { batchFirst = false } = readOptions("unpadSequence()", options, UNPAD_SEQUENCE_OPTIONS);
  const numbers = "dtype" in lengths ? Array.from(lengths.dataSync(), Number) : lengths;
  const axis = batchFirst ? 0 : 1, time = padded.shape[1 - axis], n = padded.shape[axis];
  if (
    numbers.length !== n ||
    !numbers.every((length) => Number.isInteger(length) && length >= 0 && length <= time!)
  ) {
    throw new RangeError(
      `Cannot apply unpadSequence() as there must be a length up to the time for each sequence in ` +
        `${batchFirst ? "[n, time, ...]" : "[time, n, ...]"}: current shape is ${showShape(padded.shape)}, ` +
        `lengths are ${showShape(numbers)}`,
    );
  }
  return tidySync(() => numbers.map((length, i) => padded.select(axis, i).narrow(0, 0, length)));
}
