/** Places in what is sorted. */
import { INDEX_DTYPE, promote } from "../../dtype.ts";
import { sameShape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode bucketize}. */
export interface BucketizeOptions {
  /** Behind equals rather than before them; false by default. */
  readonly right?: boolean;
  /** Whether the result is int32; false by default. */
  readonly outInt32?: boolean;
}
const BUCKETIZE_OPTIONS: OptionKeys<BucketizeOptions> = { outInt32: true, right: true };

/** Options of {@linkcode searchsorted}. */
export interface SearchsortedOptions extends BucketizeOptions {
  /** "right" as `right` says; "left" by default. */
  readonly side?: "left" | "right";
  /** The order in which `sorted` is ascending, as {@linkcode argsort} gives it: it need not be sorted itself then. */
  readonly sorter?: Tensor;
}
const SEARCHSORTED_OPTIONS: OptionKeys<SearchsortedOptions> = {
  outInt32: true,
  right: true,
  side: true,
  sorter: true,
};

/** For each of `values` the number of elements of its row, an ascending one, that it is `behind`. */
function placesIn(row: Tensor, values: Tensor, behind: (element: Tensor, value: Tensor) => Tensor): Tensor {
  const axis = row.ndim - 1, extent = row.shape[axis]!;
  let position = values.newZeros(values.shape, "int32");
  if (extent === 0) return position;
  // Binary search for all at once, from large steps to small.
  for (let step = 2 ** Math.floor(Math.log2(extent)); step >= 1; step /= 2) {
    const next = position.add(step);
    const element = row.gather(axis, next.clamp({ max: extent }).sub(1));
    position = position.add(behind(element, values).logicalAnd(next.le(extent)).to("int32").mul(step));
  }
  return position;
}

/**
 * Where `values` would be put into the ascending rows of `sorted` to keep them so: integers of the shape of `values`.
 *
 * @param sorted One row for all values, or a row (its last axis) for each row of values.
 * @param values A tensor or a number.
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor | number,
  options?: SearchsortedOptions,
): Tensor {
  checkCall("searchsorted", arguments, "xn.");
  const { right, side, outInt32 = false, sorter } = readOptions(
    "searchsorted()",
    options,
    SEARCHSORTED_OPTIONS,
  );
  if (side !== undefined && right !== undefined && right !== (side === "right")) {
    throw new TypeError(
      `Cannot apply searchsorted() as side and right must agree: current side is ${side}, right is ${right}`,
    );
  }
  if (typeof values === "number") {
    const options = { right: right ?? side === "right", outInt32, ...(sorter && { sorter }) };
    return called(
      "searchsorted",
      [sorted, values],
      () => searchsorted(sorted, scalarLike(sorted, values), options),
    );
  }
  const shape = sorted.ndim === 1 ? [values.numel()] : values.shape;
  if (sorted.ndim === 0 || !sameShape(sorted.shape.slice(0, -1), shape.slice(0, -1))) {
    throw new RangeError(
      `Cannot apply searchsorted() as there must be one sorted row, or one for each row of values: ` +
        `current shapes are ${showShape(sorted.shape)} and ${showShape(values.shape)}`,
    );
  }
  if (sorter !== undefined && !sameShape(sorter.shape, sorted.shape)) {
    throw new RangeError(
      `Cannot apply searchsorted() as the sorter must have the shape of what it sorts: ` +
        `current shapes are ${showShape(sorter.shape)} and ${showShape(sorted.shape)}`,
    );
  }
  const behind = right ?? side === "right"
    ? (element: Tensor, value: Tensor) => element.gt(value).logicalNot()
    : (element: Tensor, value: Tensor) => element.ge(value).logicalNot();
  return called("searchsorted", [sorted, values], () => {
    const row = sorted.detach(), ascending = sorter === undefined ? row : row.gather(-1, sorter);
    // NaN counts as largest: no comparison is true of it.
    const found = placesIn(ascending, values.detach().reshape(shape), behind).reshape(values.shape);
    return outInt32 ? found : found.to(INDEX_DTYPE);
  });
}

/** A number as a tensor to compare with `x`. */
function scalarLike(x: Tensor, value: number): Tensor {
  return x.newFull([], value, Number.isInteger(value) ? x.dtype : promote(x.dtype, "float32"));
}

/**
 * Between which of the ascending `boundaries` the elements of `x` lie: 0 before the first, their number behind the last.
 * `boundaries[i - 1] < x <= boundaries[i]`, or `boundaries[i - 1] <= x < boundaries[i]` if `right`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bucketize, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 3, 6], { device }), boundaries = tensor([1, 3, 5], { device });
 * assertEquals(bucketize(x, boundaries).tolist(), [0, 1, 3]);
 * assertEquals(bucketize(x, boundaries, { right: true }).tolist(), [1, 2, 3]);
 * ```
 */
export function bucketize(x: Tensor | number, boundaries: Tensor, options: BucketizeOptions = {}): Tensor {
  checkCall("bucketize", arguments, "nx.");
  options = readOptions("bucketize()", options, BUCKETIZE_OPTIONS);
  if (boundaries.ndim !== 1) {
    throw new RangeError(
      `Cannot apply bucketize() as boundaries must be a vector: current shape is ${
        showShape(boundaries.shape)
      }`,
    );
  }
  return searchsorted(boundaries, x, options);
}

/** Options of {@linkcode isin}. */
export interface IsinOptions {
  /** Whether both hold each value once; nothing depends on it. */
  readonly assumeUnique?: boolean;
  /** Whether it is asked which are not among the others; false by default. */
  readonly invert?: boolean;
}
const ISIN_OPTIONS: OptionKeys<IsinOptions> = { assumeUnique: true, invert: true };

/**
 * Whether each of `elements` is among `testElements`, as bool. Either may be a number.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, isin, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(isin(tensor([1, 2, 3], { device }), tensor([3, 1], { device })).tolist(), [true, false, true]);
 * ```
 */
export function isin(
  elements: Tensor | number,
  testElements: Tensor | number,
  options?: IsinOptions,
): Tensor {
  checkCall("isin", arguments, "nn.");
  const { invert = false } = readOptions("isin()", options, ISIN_OPTIONS);
  if (typeof elements === "number") {
    if (typeof testElements === "number") {
      throw new TypeError("Cannot apply isin() to two numbers: one must be a tensor");
    }
    return called(
      "isin",
      [elements, testElements],
      () => isin(scalarLike(testElements, elements), testElements, { invert }),
    );
  }
  if (typeof testElements === "number") return invert ? elements.ne(testElements) : elements.eq(testElements);
  return called("isin", [elements, testElements], () => {
    const x = elements.detach(), others = testElements.detach().reshape([-1]);
    if (others.numel() === 0) return x.newFull(x.shape, invert ? 1 : 0, "bool");
    const sorted = others.sort(0).values;
    const line = x.reshape([-1]);
    const at = placesIn(sorted, line, (element, value) => element.lt(value));
    const found = sorted.gather(0, at.clamp({ max: others.numel() - 1 }));
    return (invert ? found.ne(line) : found.eq(line)).reshape(x.shape);
  });
}
