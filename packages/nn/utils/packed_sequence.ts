/** Sequences of different lengths without padding. */
import { type Tensor, tidySync, type ToTarget } from "@troodon/core";
import {
  checkCall,
  checkSurplus,
  type OptionKeys,
  pickOptions,
  readOptions,
  showOperand,
  showShape,
} from "@troodon/core/kernel";
import { padSequence, unpadSequence } from "./pad_sequence.ts";

/** How the sequences of a {@linkcode PackedSequence} are arranged. */
export interface PackedArrangement {
  /** Which of the sequences as they were given each is; null where they were given in falling order of length. */
  readonly sortedIndices?: readonly number[] | null;
  /** Which of the sequences as they are arranged each of those given is; follows from `sortedIndices`. */
  readonly unsortedIndices?: readonly number[] | null;
}
const PACKED_ARRANGEMENT: OptionKeys<PackedArrangement> = { sortedIndices: true, unsortedIndices: true };

/**
 * Sequences of different lengths, step by step and without padding: the elements of step t belong to the first
 * `batchSizes[t]` sequences, which are arranged in falling order of length. Recurrent networks take and give them. Made
 * by {@linkcode packPaddedSequence} and {@linkcode packSequence}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice, tensor } from "@troodon/core";
 * import { GRU, packSequence, padPackedSequence } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const packed = packSequence([tensor([[1], [2], [3]]), tensor([[4]])]);
 * assertEquals([packed.data.tolist(), packed.batchSizes], [[[1], [4], [2], [3]], [2, 1, 1]]);
 * const [output] = new GRU(1, 5).forward(packed);
 * const [padded, lengths] = padPackedSequence(output);
 * assertEquals([padded.shape, lengths], [[3, 2, 5], [3, 1]]);
 * ```
 */
export class PackedSequence {
  /** The elements of all steps: [sum of lengths, ...]. */
  readonly data: Tensor;
  /** The number of sequences that still run at each time step. */
  readonly batchSizes: readonly number[];
  /** Which of the sequences as they were given each is; null where their order is that. */
  readonly sortedIndices: readonly number[] | null;
  /** Which of the sequences as they are arranged each of those given is; null where their order is that. */
  readonly unsortedIndices: readonly number[] | null;

  /** Arranges `data` as it is. */
  constructor(data: Tensor, batchSizes: readonly number[], arrangement?: PackedArrangement) {
    checkSurplus(new.target.name, arguments, 3);
    const own = readOptions(new.target.name, arrangement, PACKED_ARRANGEMENT);
    const { sortedIndices = null, unsortedIndices = sortedIndices && inverted(sortedIndices) } = own;
    this.data = data;
    this.batchSizes = batchSizes;
    this.sortedIndices = sortedIndices;
    this.unsortedIndices = unsortedIndices;
  }

  /** A packed sequence with the same batch sizes and order, but other data. */
  with(data: Tensor): PackedSequence {
    return new PackedSequence(data, this.batchSizes, pickOptions(this, PACKED_ARRANGEMENT));
  }

  /** On another device or of another dtype; see `to` of {@linkcode Tensor}. */
  to(target: ToTarget): PackedSequence {
    return this.with(this.data.to(target));
  }

  /** Lengths of the sequences as they were given. */
  get lengths(): readonly number[] {
    const arranged = lengthsOf(this.batchSizes);
    return this.unsortedIndices ? this.unsortedIndices.map((i) => arranged[i]!) : arranged;
  }
}

/** Which place each number has in a permutation. */
function inverted(permutation: readonly number[]): readonly number[] {
  const places = new Array<number>(permutation.length);
  permutation.forEach((i, place) => places[i] = place);
  return places;
}

/** Lengths in falling order. */
function lengthsOf(batchSizes: readonly number[]): readonly number[] {
  return Array.from({ length: batchSizes[0] ?? 0 }, (_, i) => {
    const end = batchSizes.findIndex((n) => n <= i);
    return end < 0 ? batchSizes.length : end;
  });
}

/** Options of {@linkcode packPaddedSequence}. */
export interface PackPaddedSequenceOptions {
  /** Sequences are [n, time, ...] rather than [time, n, ...]; false by default. */
  readonly batchFirst?: boolean;
  /** Whether sequences must come in falling order of length, rather than be brought into it; true by default. */
  readonly enforceSorted?: boolean;
}
const PACK_PADDED_SEQUENCE_OPTIONS: OptionKeys<PackPaddedSequenceOptions> = {
  batchFirst: true,
  enforceSorted: true,
};

/** Lengths as numbers of the host. */
function asNumbers(lengths: Tensor | readonly number[]): readonly number[] {
  return "dtype" in lengths ? Array.from(lengths.dataSync(), Number) : lengths;
}

/**
 * Sequences of equal length, of which the ends are padding, packed without it.
 *
 * @param x [time, n, ...], or [n, time, ...] with `batchFirst`.
 * @param lengths How much of each sequence counts: n numbers.
 * @throws {RangeError} If a length is not from 1 to the time, or they do not fall though they must.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { packPaddedSequence } from "@troodon/nn";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 0, 0], [2, 3, 4]], { device });
 * const { data, batchSizes } = packPaddedSequence(x, [1, 3], { batchFirst: true, enforceSorted: false });
 * assertEquals([data.tolist(), batchSizes], [[2, 1, 3, 4], [2, 1, 1]]);
 * ```
 */
export function packPaddedSequence(
  x: Tensor,
  lengths: Tensor | readonly number[],
  options?: PackPaddedSequenceOptions,
): PackedSequence {
  checkCall("packPaddedSequence", arguments, "xv.");
  const { batchFirst = false, enforceSorted = true } = readOptions(
    "packPaddedSequence()",
    options,
    PACK_PADDED_SEQUENCE_OPTIONS,
  );
  const [time, n] = batchFirst ? [x.shape[1], x.shape[0]] : [x.shape[0], x.shape[1]];
  const numbers = asNumbers(lengths);
  const fits = x.ndim >= 2 && numbers.length === n && n > 0 &&
    numbers.every((length) => Number.isInteger(length) && length > 0 && length <= time!);
  if (!fits) {
    throw new RangeError(
      `Cannot apply packPaddedSequence() as there must be a length from 1 to the time for each sequence in ` +
        `${batchFirst ? "[n, time, ...]" : "[time, n, ...]"}: current shape is ${showShape(x.shape)}, ` +
        `lengths are ${showShape(numbers)}`,
    );
  }
  const falling = numbers.every((length, i) => i === 0 || length <= numbers[i - 1]!);
  if (enforceSorted && !falling) {
    throw new RangeError(
      `Cannot apply packPaddedSequence() as lengths must not rise: current lengths are ${
        showShape(numbers)
      }, ` +
        "give { enforceSorted: false } to have the sequences sorted",
    );
  }
  const order = numbers.map((_, i) => i);
  if (!enforceSorted) order.sort((a, b) => numbers[b]! - numbers[a]!);
  const steps = Math.max(...numbers), rows: number[] = [], batchSizes: number[] = [];
  for (let t = 0; t < steps; t++) {
    const going = order.filter((i) => numbers[i]! > t);
    batchSizes.push(going.length);
    rows.push(...going.map((i) => batchFirst ? i * time! + t : t * n! + i));
  }
  const data = taken(x.reshape([time! * n!, ...x.shape.slice(2)]), rows);
  return new PackedSequence(data, batchSizes, { sortedIndices: enforceSorted ? null : order });
}

/** Positions along an axis of `x`, by their numbers. */
export function taken(x: Tensor, rows: readonly number[], axis: number = 0): Tensor {
  return tidySync(() => x.indexSelect(axis, x.newTensor(Int32Array.from(rows), { dtype: "int32" })));
}

/** Options of {@linkcode padPackedSequence}. */
export interface PadPackedSequenceOptions {
  /** Sequences become [n, time, ...] rather than [time, n, ...]; false by default. */
  readonly batchFirst?: boolean;
  /** Padding value after the end of shorter sequences; 0 by default. */
  readonly paddingValue?: number;
  /** The time of the result, at least that of the longest sequence, which it is by default. */
  readonly totalLength?: number;
}
const PAD_PACKED_SEQUENCE_OPTIONS: OptionKeys<PadPackedSequenceOptions> = {
  batchFirst: true,
  paddingValue: true,
  totalLength: true,
};

/**
 * Undoes {@linkcode packPaddedSequence}: sequences of equal length in the order in which they were given, and how much of
 * each counts.
 *
 * @throws {RangeError} If the total length is too small.
 */
export function padPackedSequence(
  sequence: PackedSequence,
  options?: PadPackedSequenceOptions,
): readonly [padded: Tensor, lengths: readonly number[]] {
  checkCall("padPackedSequence", arguments, "o.");
  checkPacked("padPackedSequence", sequence);
  const { batchFirst = false, paddingValue = 0, totalLength } = readOptions(
    "padPackedSequence()",
    options,
    PAD_PACKED_SEQUENCE_OPTIONS,
  );
  const { data, batchSizes, unsortedIndices, lengths } = sequence, n = batchSizes[0] ?? 0;
  const time = totalLength ?? batchSizes.length;
  if (!(Number.isInteger(time) && time >= batchSizes.length)) {
    throw new RangeError(
      `Cannot apply padPackedSequence() as totalLength must be at least ${batchSizes.length}: ` +
        `current totalLength is ${totalLength}`,
    );
  }
  const starts = batchSizes.map((_, t) => batchSizes.slice(0, t).reduce((a, b) => a + b, 0));
  const place = (t: number, i: number) => {
    const arranged = unsortedIndices ? unsortedIndices[i]! : i;
    return arranged < (batchSizes[t] ?? 0) ? starts[t]! + arranged : data.shape[0]!;
  };
  const [outer, inner] = batchFirst ? [n, time] : [time, n];
  const rows = Array.from({ length: outer * inner }, (_, k) => {
    const a = Math.floor(k / inner), b = k % inner;
    return batchFirst ? place(b, a) : place(a, b);
  });
  const padded = tidySync(() => {
    // One more row, that all padding is.
    const sides = [...data.shape.slice(1).flatMap(() => [0, 0]), 0, 1];
    const extended = data.pad(sides, { value: paddingValue });
    return taken(extended, rows).reshape([outer, inner, ...data.shape.slice(1)]);
  });
  return [padded, lengths];
}

/** Options of {@linkcode packSequence}. */
export type PackSequenceOptions = Pick<PackPaddedSequenceOptions, "enforceSorted">;
const PACK_SEQUENCE_OPTIONS: OptionKeys<PackSequenceOptions> = { enforceSorted: true };

/**
 * Sequences [length, ...] of different lengths packed.
 *
 * @throws {RangeError} If their lengths rise, unless `enforceSorted` is false.
 */
export function packSequence(
  sequences: readonly Tensor[],
  options: PackSequenceOptions = {},
): PackedSequence {
  checkCall("packSequence", arguments, "l.");
  options = readOptions("packSequence()", options, PACK_SEQUENCE_OPTIONS);
  const lengths = sequences.map((t) => t.shape[0]!);
  let arrangement: PackedSequence | null = null;
  const data = tidySync(() => {
    arrangement = packPaddedSequence(padSequence(sequences), lengths, options);
    return arrangement.data;
  });
  const { batchSizes, sortedIndices } = arrangement!;
  return new PackedSequence(data, batchSizes, { sortedIndices });
}

/** Undoes {@linkcode packSequence}: sequences [length, ...] in the order in which they were given. */
export function unpackSequence(sequence: PackedSequence): readonly Tensor[] {
  checkCall("unpackSequence", arguments, "o");
  checkPacked("unpackSequence", sequence);
  return tidySync(() => {
    const [padded, lengths] = padPackedSequence(sequence, { batchFirst: true });
    return unpadSequence(padded, lengths, { batchFirst: true });
  });
}

function checkPacked(name: string, sequence: unknown): void {
  if (sequence instanceof PackedSequence) return;
  throw new TypeError(
    `Cannot apply ${name}() as there must be a PackedSequence: current one is ${showOperand(sequence)}, ` +
      "make one by packPaddedSequence() or packSequence()",
  );
}
