/** Different elements, and how often they occur. What they count depends on the data: they wait for the device. */
import { INDEX_DTYPE } from "../../dtype.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis, type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { bincount } from "./bincount.ts";
import { cat } from "../shape/cat.ts";
import { positionsOf } from "../indexing/search.ts";
import { upload } from "../base/upload.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Result of {@linkcode uniqueAll}: unique elements, inverse indices and counts. */
export interface UniqueResult {
  /** The different elements, or parts along an axis. */
  readonly values: Tensor;
  /** For each element (or part) which of `values` it is: integers, of the shape of `x` (or a vector). */
  readonly inverse: Tensor;
  /** How often each of `values` occurs. */
  readonly counts: Tensor;
}

/** Options of {@linkcode uniqueConsecutive}. */
export interface UniqueConsecutiveOptions {
  /** Whether it is told which of the values each element is; false by default. */
  readonly returnInverse?: boolean;
  /** Whether it is told how often each value occurs; false by default. */
  readonly returnCounts?: boolean;
  /** Compares the parts along this axis; elements by default. */
  readonly dim?: number;
}
const UNIQUE_CONSECUTIVE_OPTIONS: OptionKeys<UniqueConsecutiveOptions> = {
  returnInverse: true,
  returnCounts: true,
  dim: true,
};

/** Options of {@linkcode unique}. */
export interface UniqueOptions extends UniqueConsecutiveOptions {
  /** Values are always in ascending order, whatever is asked for. */
  readonly sorted?: boolean;
}
const UNIQUE_OPTIONS: OptionKeys<UniqueOptions> = {
  sorted: true,
  returnInverse: true,
  returnCounts: true,
  dim: true,
};

/** Options that ask for more than the values. */
export type UniqueTold = { readonly returnInverse: true } | { readonly returnCounts: true };

/** Parts to compare: elements of a vector, or rows. */
interface Parts {
  readonly rows: Tensor;
  /** Puts the values of which rows are given into the shape of the result. */
  pick(rows: Tensor): Tensor;
  /** The shape that tells for each part which value it is. */
  readonly shape: Shape;
}

function partsOf(op: string, x: Tensor, dim: number | undefined): Parts {
  if (dim === undefined) {
    const rows = x.reshape([-1]);
    return { rows, pick: (at) => rows.indexSelect(0, at), shape: x.shape };
  }
  const axis = normalizeAxis(op, dim, x.ndim), extent = x.shape[axis] ?? 1;
  if (x.ndim === 0 || (x.numel() === 0 && extent > 0)) {
    throw new RangeError(
      `Cannot apply ${op}() along an axis as the parts must have elements: current shape is ${
        showShape(x.shape)
      }`,
    );
  }
  const rows = x.movedim(axis, 0).reshape([extent, x.numel() === 0 ? 0 : x.numel() / extent]);
  return { rows, pick: (at) => x.indexSelect(axis, at), shape: [extent] };
}

/** Values of runs of equal parts, for parts in the order `order`; in theirs if null. */
function runs({ rows, pick, shape }: Parts, order: Tensor | null): [Tensor, Tensor, Tensor] {
  const n = rows.shape[0]!, line = order === null ? rows : rows.indexSelect(0, order);
  const differs = line.narrow(0, Math.min(1, n), Math.max(n - 1, 0)).ne(
    line.narrow(0, 0, Math.max(n - 1, 0)),
  );
  const begins = differs.ndim === 1 ? differs : differs.any(1);
  const first = n === 0 ? begins : cat([rows.newFull([1], 1, "bool"), begins]);
  const group = first.cumsum(0).sub(1).to(INDEX_DTYPE);
  const starts = Int32Array.from(positionsOf(first)), at = upload(rows, starts, [starts.length], "int32");
  const inverse = order === null ? group : group.newEmpty([n]).scatter_(0, order, group);
  return [pick(order === null ? at : order.indexSelect(0, at)), inverse.reshape(shape), bincount(group)];
}

/** The order of rows, by their first different element. Reads back. */
function rowOrder(rows: Tensor): Tensor {
  const [count, width] = rows.shape as [number, number], data = rows.dataSync();
  const before = (a: number, b: number): number => {
    for (let i = 0; i < width; i++) {
      const x = data[a * width + i]!, y = data[b * width + i]!;
      if (x < y) return -1;
      if (x > y) return 1;
    }
    return a - b;
  };
  return upload(
    rows,
    Int32Array.from(Array.from({ length: count }, (_, i) => i).sort(before)),
    [count],
    "int32",
  );
}

/**
 * The different elements of `x` in ascending order, where they are and how many; or the different parts along `dim`, by
 * their first different element. Waits for the device.
 */
export function uniqueAll(x: Tensor, dim?: number): UniqueResult {
  checkCall("uniqueAll", arguments, "xD");
  const [values, inverse, counts] = tidySync(() => {
    const parts = partsOf("unique", x.detach(), dim);
    const order = dim === undefined ? parts.rows.argsort(0) : rowOrder(parts.rows);
    return runs(parts, order);
  });
  return { values, inverse, counts };
}

/**
 * The different elements of `x` in ascending order; or the different parts along the axis that the options name. Waits for
 * the device.
 *
 * @example Values, and how often they occur
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, unique } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([3, 1, 3], { device });
 * assertEquals(unique(x).tolist(), [1, 3]);
 * const { values, counts } = unique(x, { returnCounts: true });
 * assertEquals([values.tolist(), counts.tolist()], [[1, 3], [1, 2]]);
 * ```
 */
export function unique(x: Tensor, options: UniqueOptions & UniqueTold): UniqueResult;
/** The different elements of `x` in ascending order, or parts along an axis. Waits for the device. */
export function unique(
  x: Tensor,
  options?: UniqueOptions & { returnInverse?: false; returnCounts?: false },
): Tensor;
/** The different elements of `x`, and what else the options ask for. Waits for the device. */
export function unique(x: Tensor, options?: UniqueOptions): Tensor | UniqueResult;
export function unique(x: Tensor, options: UniqueOptions = {}): Tensor | UniqueResult {
  checkCall("unique", arguments, "x.");
  options = readOptions("unique()", options, UNIQUE_OPTIONS);
  const { returnInverse = false, returnCounts = false, dim } = options;
  return returnInverse || returnCounts ? uniqueAll(x, dim) : tidySync(() => uniqueAll(x, dim).values);
}

/**
 * The elements of `x`, or the parts along the axis that the options name, without those that equal the one before. Waits
 * for the device.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, uniqueConsecutive } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(uniqueConsecutive(tensor([1, 1, 2, 2, 1], { device })).tolist(), [1, 2, 1]);
 * ```
 */
export function uniqueConsecutive(x: Tensor, options: UniqueConsecutiveOptions & UniqueTold): UniqueResult;
/** The elements of `x` that differ from the one before, or parts along an axis. Waits for the device. */
export function uniqueConsecutive(
  x: Tensor,
  options?: UniqueConsecutiveOptions & { returnInverse?: false; returnCounts?: false },
): Tensor;
/** The elements of `x` that differ from the one before, and what else the options ask for. Waits for the device. */
export function uniqueConsecutive(x: Tensor, options?: UniqueConsecutiveOptions): Tensor | UniqueResult;
export function uniqueConsecutive(x: Tensor, options: UniqueConsecutiveOptions = {}): Tensor | UniqueResult {
  checkCall("uniqueConsecutive", arguments, "x.");
  options = readOptions("uniqueConsecutive()", options, UNIQUE_CONSECUTIVE_OPTIONS);
  const { returnInverse = false, returnCounts = false, dim } = options;
  const [values, inverse, counts] = tidySync(() => runs(partsOf("uniqueConsecutive", x.detach(), dim), null));
  if (returnInverse || returnCounts) return { values, inverse, counts };
  inverse.dispose();
  counts.dispose();
  return values;
}
