/** Parts of a tensor along an axis added to, overwritten or combined, where a vector says. */
import { isFloating } from "../../dtype.ts";
import { normalizeAxis, type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkVector, laidOver } from "./gather.ts";
import { checkFits, valueTensor } from "./broadcast_value.ts";
import { putAt, putPicked } from "./index_put.ts";
import { filling } from "../pointwise/masked_fill.ts";
import { asIndices } from "../base/indices.ts";
import { SCATTER, SCATTER_ADD } from "./scatter_op.ts";
import {
  checkReduction,
  SCATTER_REDUCE_OPTIONS,
  scatterReduce,
  scatterReduce_,
  type ScatterReduceOptions,
} from "./scatter_reduce.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface Operands {
  readonly axis: number;
  /** Positions along the axis, for each element of the source. */
  readonly index: Tensor;
  readonly source: Tensor;
}

/** The operands of a scatter that puts whole parts; `x` and the source have one axis at least. */
function operandsOf(op: string, x: Tensor, dim: number, index: Tensor, source: Tensor): Operands {
  const axis = normalizeAxis(op, dim, x.ndim);
  checkVector(op, index);
  checkFits(op, x, source);
  // A single part may come without its axis.
  const own = source.ndim === 0 && x.ndim <= 1 ? [1] : source.shape;
  if (own.length === x.ndim && own[axis] !== index.numel()) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be an index for each of ${own[axis]} parts along axis ${axis}: ` +
        `current shape of the index is ${showShape(index.shape)}`,
    );
  }
  const wanted: Shape = x.ndim === 0 ? [index.numel()] : x.shape.with(axis, index.numel());
  if (own.length !== wanted.length || own.some((n, i) => n !== wanted[i])) {
    throw new RangeError(
      `Cannot apply ${op}() as the source must have a part of the tensor for each of ${index.numel()} positions, which is ` +
        `${showShape(wanted)}: current shapes are ${showShape(source.shape)} and ${showShape(x.shape)}`,
    );
  }
  return {
    axis,
    index: laidOver(asIndices(op, "index", index), axis, wanted),
    source: source.reshape(wanted).to(x.dtype),
  };
}

/** Runs `f` on `x` with an axis, if it has none. */
function withAxis(x: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return x.ndim === 0 ? f(x.reshape([1])).reshape([]) : f(x);
}

/** Options of {@linkcode indexAdd}. */
export interface IndexAddOptions {
  /** Factor of the source; 1 by default. */
  readonly alpha?: number;
}
const INDEX_ADD_OPTIONS: OptionKeys<IndexAddOptions> = { alpha: true };

function scaled(op: string, source: Tensor, { alpha = 1 }: IndexAddOptions): Tensor {
  if (!isFloating(source.dtype) && !Number.isInteger(alpha)) {
    throw new TypeError(
      `Cannot apply ${op}() as alpha must be an integer for ${source.dtype}: current alpha is ${alpha}`,
    );
  }
  return alpha === 1 ? source : source.mul(alpha).to(source.dtype);
}

/**
 * `x` with `alpha` times the parts of `source` along `dim` added to its parts at the positions `index` (integers, one axis).
 *
 * @example Rows added up by group
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, indexAdd, ReferenceBackend, tensor, zeros } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const groups = tensor([0, 1, 0], { device, dtype: "int32" });
 * const rows = tensor([[1, 2], [3, 4], [5, 6]], { device });
 * assertEquals(indexAdd(zeros([2, 2], { device }), 0, groups, rows).tolist(), [[6, 8], [3, 4]]);
 * ```
 */
export function indexAdd(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: IndexAddOptions = {},
): Tensor {
  checkCall("indexAdd", arguments, "xdxx.");
  options = readOptions("indexAdd()", options, INDEX_ADD_OPTIONS);
  return called("indexAdd", [x, index, source], () =>
    withAxis(x, (y) => {
      const at = operandsOf("indexAdd", y, dim, index, scaled("indexAdd", source, options));
      return y.apply(SCATTER_ADD, { axis: at.axis }, at.index, at.source);
    }));
}

/** {@linkcode indexAdd} in the place of `x`. */
export function indexAdd_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  options: IndexAddOptions = {},
): Tensor {
  checkCall("indexAdd_", arguments, "xdxx.");
  options = readOptions("indexAdd_()", options, INDEX_ADD_OPTIONS);
  return called("indexAdd_", [x, index], () => {
    const y = x.ndim === 0 ? x.reshape([1]) : x;
    const at = operandsOf("indexAdd_", y, dim, index, scaled("indexAdd_", source, options));
    y.applyInto(SCATTER_ADD, { axis: at.axis }, y, at.index, at.source);
    return x;
  });
}

/** `x` with the parts of `source` along `dim` in the place of its parts at the positions `index` (integers, one axis). */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  checkCall("indexCopy", arguments, "xdxx");
  return called("indexCopy", [x, index, source], () =>
    withAxis(x, (y) => {
      const at = operandsOf("indexCopy", y, dim, index, source);
      return y.apply(SCATTER, { axis: at.axis }, at.index, at.source);
    }));
}

/** {@linkcode indexCopy} in the place of `x`. */
export function indexCopy_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  checkCall("indexCopy_", arguments, "xdxx");
  return called("indexCopy_", [x, index], () => {
    const y = x.ndim === 0 ? x.reshape([1]) : x, at = operandsOf("indexCopy_", y, dim, index, source);
    y.applyInto(SCATTER, { axis: at.axis }, y, at.index, at.source);
    return x;
  });
}

function fillingOf(op: string, x: Tensor, index: Tensor, value: Tensor | number): Tensor {
  checkVector(op, index);
  return typeof value === "number" ? valueTensor(x, value) : filling(op, x, value);
}

/**
 * `x` with `value` at the positions `index` (integers, one axis; negative ones count from the end) along `dim`.
 *
 * @param value A number, or a tensor without axes.
 */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
  checkCall("indexFill", arguments, "xdxn");
  const axis = normalizeAxis("indexFill", dim, x.ndim);
  return called("indexFill", [x, index, value], () =>
    withAxis(x, (y) => {
      const filler = fillingOf("indexFill", y, index, value);
      return putPicked("indexFill", y, [{ axis, by: index.reshape([-1]) }], filler, false);
    }));
}

/** {@linkcode indexFill} in the place of `x`. */
export function indexFill_(x: Tensor, dim: number, index: Tensor, value: Tensor | number): Tensor {
  checkCall("indexFill_", arguments, "xdxn");
  const axis = normalizeAxis("indexFill_", dim, x.ndim);
  return called("indexFill_", [x, index], () => {
    const y = x.ndim === 0 ? x.reshape([1]) : x, filler = fillingOf("indexFill_", y, index, value);
    putAt("indexFill_", y, [{ axis, by: index.reshape([-1]) }], filler, false);
    return x;
  });
}

/** How {@linkcode indexReduce} combines parts. */
export type IndexReduction = "prod" | "mean" | "amax" | "amin";

/** `x` with the parts of `source` along `dim` combined with its parts at the positions `index` (integers, one axis). */
export function indexReduce(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: IndexReduction,
  options: ScatterReduceOptions = {},
): Tensor {
  checkCall("indexReduce", arguments, "xdxx..");
  options = readOptions("indexReduce()", options, SCATTER_REDUCE_OPTIONS);
  checkReduction("indexReduce", reduce);
  return called("indexReduce", [x, index, source], () =>
    withAxis(x, (y) => {
      const at = operandsOf("indexReduce", y, dim, index, source);
      return scatterReduce(y, at.axis, at.index, at.source, reduce, options);
    }));
}

/** {@linkcode indexReduce} in the place of `x`. */
export function indexReduce_(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: IndexReduction,
  options: ScatterReduceOptions = {},
): Tensor {
  checkCall("indexReduce_", arguments, "xdxx..");
  options = readOptions("indexReduce_()", options, SCATTER_REDUCE_OPTIONS);
  checkReduction("indexReduce_", reduce);
  return called("indexReduce_", [x, index], () => {
    const y = x.ndim === 0 ? x.reshape([1]) : x, at = operandsOf("indexReduce_", y, dim, index, source);
    scatterReduce_(y, at.axis, at.index, at.source, reduce, options);
    return x;
  });
}
