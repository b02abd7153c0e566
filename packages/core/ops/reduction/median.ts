/** Middle elements, and elements by rank. */
import { type DimOr, dimThen } from "../../dim_then.ts";
import { isFloating } from "../../dtype.ts";
import type { CompositeOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { sameElements } from "./distribute.ts";
import { picked, type ValuesAndIndices } from "./extreme.ts";
import { checkNotEmpty } from "./reduce.ts";
import type { ReduceOptions } from "./reduction.ts";
import { sort } from "./sort.ts";
import { REDUCE_OPTIONS } from "./reduction.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Elements of a rank along an axis. `rankOf` gives it, of extent 1 along the axis, from the sorted elements. */
function ofRank(
  x: Tensor,
  axis: number,
  keepdim: boolean,
  rankOf: (sorted: Tensor, extent: number) => Tensor | number,
): ValuesAndIndices {
  return tidySync(() => {
    const { values, indices } = sort(x.detach(), axis);
    if (x.ndim === 0) return picked(x, axis, indices, keepdim);
    const rank = rankOf(values, x.shape[axis]!);
    const at = typeof rank === "number" ? indices.narrow(axis, rank, 1) : indices.gather(axis, rank);
    return picked(x, axis, at, keepdim);
  });
}

/** The lower middle, or the last if that is NaN: NaN sorts to the end. */
function middleOrNan(axis: number): (sorted: Tensor, extent: number) => Tensor {
  return (sorted, extent) => {
    const last = extent - 1, middle = Math.floor(last / 2);
    const nan = sorted.narrow(axis, last, 1).isnan().to("int32");
    return nan.mul(last - middle).add(middle);
  };
}

/** The lower middle of what is not NaN; the first, which is NaN, if all are. */
function middleOfNumbers(axis: number): (sorted: Tensor) => Tensor {
  return (sorted) => {
    const count = sorted.isnan().logicalNot().sum(axis, { keepdim: true });
    return count.sub(1).clamp({ min: 0 }).floorDivide(2);
  };
}

/** The median of all elements; its gradient is shared evenly by the elements that are it. */
function medianOfAll(name: string, rankOf: typeof middleOrNan): CompositeOp<null> {
  return {
    kind: "composite",
    name,
    infer: ([x]) => [{ shape: [], dtype: x!.dtype }],
    composite: ([x]) => {
      if (x!.numel() === 0) return x!.newEmpty([]).fill_(NaN);
      return ofRank(x!.reshape([-1]), 0, false, rankOf(0)).values;
    },
    saves: () => ({ inputs: [0], outputs: [0] }),
    vjp: ([g], saved) => [() => {
      const same = sameElements(saved.input(0), saved.output(0)).to(g!.dtype);
      return same.mul(g!.div(same.sum()));
    }],
  };
}

const MEDIAN: CompositeOp<null> = medianOfAll("median", middleOrNan);
const NANMEDIAN: CompositeOp<null> = medianOfAll("nanmedian", middleOfNumbers);

function medianOf(
  op: CompositeOp<null>,
  rankOf: typeof middleOrNan,
  x: Tensor,
  dim: number | undefined,
  { keepdim = false }: ReduceOptions,
): Tensor | ValuesAndIndices {
  if (dim === undefined) {
    if (!isFloating(x.dtype)) checkNotEmpty(op.name, x, dim);
    return x.apply(op, null);
  }
  checkNotEmpty(op.name, x, dim);
  const axis = normalizeAxis(op.name, dim, x.ndim);
  return ofRank(x, axis, keepdim, rankOf(axis));
}

/**
 * The middle element of all, the lower of two; NaN if any is, or if there is none. Its gradient is shared evenly by the
 * elements that are it.
 */
export function median(x: Tensor): Tensor;
/** The middle elements along `dim`, the lower of two, and where they are; NaN if any is. */
export function median(
  x: Tensor,
  dim: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): ValuesAndIndices;
export function median(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): Tensor | ValuesAndIndices {
  checkCall("median", arguments, "x..");
  [dim, options = {}] = dimThen("median()", REDUCE_OPTIONS, dim, options);
  return medianOf(MEDIAN, middleOrNan, x, dim, options);
}

/**
 * The middle element of all that are not NaN, the lower of two; NaN if there is none. Its gradient is shared evenly by
 * the elements that are it.
 */
export function nanmedian(x: Tensor): Tensor;
/** The middle elements along `dim` of those that are not NaN, the lower of two, and where they are. */
export function nanmedian(
  x: Tensor,
  dim: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): ValuesAndIndices;
export function nanmedian(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): Tensor | ValuesAndIndices {
  checkCall("nanmedian", arguments, "x..");
  [dim, options = {}] = dimThen("nanmedian()", REDUCE_OPTIONS, dim, options);
  return medianOf(NANMEDIAN, middleOfNumbers, x, dim, options);
}

/**
 * The `k`-th smallest elements along `dim`, counted from 1, and where they are; NaN counts as largest.
 *
 * @example The second smallest
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, kthvalue, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const { values, indices } = kthvalue(tensor([4, 1, 3], { device }), 2);
 * assertEquals([values.item(), indices.item()], [3, 2]);
 * ```
 */
export function kthvalue(
  x: Tensor,
  k: number,
  dim?: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): ValuesAndIndices {
  checkCall("kthvalue", arguments, "xd..");
  const [along = -1, { keepdim = false } = {}] = dimThen("kthvalue()", REDUCE_OPTIONS, dim, options);
  checkNotEmpty("kthvalue", x, along);
  const axis = normalizeAxis("kthvalue", along, x.ndim), extent = x.shape[axis] ?? 1;
  if (!Number.isInteger(k) || k < 1 || k > extent) {
    throw new RangeError(
      `Cannot apply kthvalue() as k must be an integer from 1 to ${extent}: current k is ${k}`,
    );
  }
  return ofRank(x, axis, keepdim, () => k - 1);
}
