/** Quantiles, between elements in order. */
import { type DimOr, dimThen } from "../../dim_then.ts";
import * as e from "../../expr/expr.ts";
import type { Expr } from "../../expr/expr.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { checkNotEmpty } from "./reduce.ts";
import { reducedShape, type ReduceOptions } from "./reduction.ts";
import { sort } from "./sort.ts";
import type { OptionKeys } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Interpolation method for quantiles that fall between two elements. */
export type QuantileInterpolation = "linear" | "lower" | "higher" | "midpoint" | "nearest";

/** Options of {@linkcode quantile} and {@linkcode nanquantile}. */
export interface QuantileOptions extends ReduceOptions {
  /** Interpolation method for a quantile between two elements; "linear" by default. */
  readonly interpolation?: QuantileInterpolation;
}
const QUANTILE_OPTIONS: OptionKeys<QuantileOptions> = { keepdim: true, interpolation: true };

const INTERPOLATIONS: readonly string[] = ["linear", "lower", "higher", "midpoint", "nearest"];

/** The rank, from 0 on, of a share of so many elements; of none, that of the first. */
const rankOf = (share: Expr, count: Expr): Expr => {
  const rank = e.mul(share, e.sub(count, 1));
  return e.where(e.less(rank, 0), 0, rank);
};
const RANK: ElementwiseOp = elementwise({
  name: "quantile",
  kind: "float",
  expr: rankOf(e.input(0), e.input(1)),
});
const RANK_OF_NUMBER: ElementwiseOp = elementwise({
  name: "quantile",
  kind: "float",
  expr: rankOf(e.scalar(0), e.input(0)),
});

function checkQuantiles(op: string, x: Tensor, q: Tensor | number, interpolation: string): void {
  if (x.dtype !== "float32" && x.dtype !== "float64") {
    throw new TypeError(
      `Cannot apply ${op}() as the dtype must be float32 or float64: current dtype is ${x.dtype}`,
    );
  }
  if (!INTERPOLATIONS.includes(interpolation)) {
    throw new RangeError(
      `Cannot apply ${op}() as interpolation must be one of ${INTERPOLATIONS.join(", ")}: ` +
        `current interpolation is ${interpolation}`,
    );
  }
  if (typeof q === "number") {
    if (!(q >= 0 && q <= 1)) {
      throw new RangeError(`Cannot apply ${op}() as q must be in [0, 1]: current q is ${q}`);
    }
  } else if (q.ndim > 1) {
    throw new RangeError(
      `Cannot apply ${op}() as q must be a number or a vector: current shape is ${showShape(q.shape)}`,
    );
  } else if (q.dtype !== x.dtype) {
    throw new TypeError(
      `Cannot apply ${op}() as q must have the dtype of the tensor: current dtypes are ${q.dtype} and ${x.dtype}`,
    );
  }
}

function quantiles(
  op: "quantile" | "nanquantile",
  x: Tensor,
  q: Tensor | number,
  dim: number | undefined,
  { keepdim = false, interpolation = "linear" }: QuantileOptions,
): Tensor {
  checkQuantiles(op, x, q, interpolation);
  checkNotEmpty(op, x, undefined);
  const axis = dim === undefined || x.ndim === 0 ? null : normalizeAxis(op, dim, x.ndim);
  return tidySync(() => {
    // Lines along the last axis.
    const lines = axis === null ? x.reshape([-1]) : x.movedim(axis, -1);
    const last = lines.ndim - 1, extent = lines.shape[last]!;
    const { values } = sort(lines, last), sorted = values.detach();
    const nan = sorted.isnan(), any = nan.narrow(last, extent - 1, 1);
    const count = nan.logicalNot().sum(last, { keepdim: true }).to(x.dtype);
    // NaN sorts to the end: with it, the rank of all is the last.
    const whole = op === "quantile" ? count.maskedFill(any, extent) : count;
    const plain = typeof q === "number"
      ? whole.apply(RANK_OF_NUMBER, { scalars: [q] })
      : q.reshape([-1]).apply(RANK, { scalars: [] }, whole);
    const ranks = op === "quantile" ? plain.maskedFill(any, extent - 1) : plain;
    const found = between(values, ranks, last, interpolation);
    const axes = axis === null ? x.shape.map((_, i) => i) : [axis];
    const reduced = reducedShape(x.shape, axes, keepdim);
    if (typeof q === "number" || q.ndim === 0) return found.reshape(reduced);
    return found.movedim(-1, 0).reshape([q.numel(), ...reduced]);
  });
}

/** Interpolated values at fractional ranks along the last axis of sorted rows. */
function between(values: Tensor, ranks: Tensor, last: number, interpolation: QuantileInterpolation): Tensor {
  const at = (rank: Tensor): Tensor => values.gather(last, rank.detach().to("int32"));
  switch (interpolation) {
    case "nearest":
      return at(ranks.round());
    case "lower":
      return at(ranks.floor());
    case "higher":
      return at(ranks.ceil());
    default: {
      const floor = ranks.floor(), below = at(floor), above = at(ranks.ceil());
      return interpolation === "midpoint" ? below.lerp(above, 0.5) : below.lerp(above, ranks.sub(floor));
    }
  }
}

/**
 * The numbers below which a share `q` of the elements along `dim` lies, of all if none is given; NaN where any is.
 * Several shares, a vector, give a first axis.
 *
 * @param q A number, or a tensor of numbers, from 0 to 1.
 *
 * @example Quartiles
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, quantile, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([4, 1, 2, 3], { device });
 * assertEquals(quantile(x, 0.5).item(), 2.5);
 * assertEquals(quantile(x, tensor([0.25, 0.75], { device }), 0, { interpolation: "lower" }).tolist(), [1, 3]);
 * ```
 */
export function quantile(
  x: Tensor,
  q: Tensor | number,
  dim?: DimOr<number, QuantileOptions>,
  options?: boolean | QuantileOptions,
): Tensor {
  checkCall("quantile", arguments, "xn..");
  [dim, options = {}] = dimThen("quantile()", QUANTILE_OPTIONS, dim, options);
  return quantiles("quantile", x, q, dim, options);
}

/** Quantiles of the elements that are not NaN, otherwise as {@linkcode quantile}; NaN where a row has none. */
export function nanquantile(
  x: Tensor,
  q: Tensor | number,
  dim?: DimOr<number, QuantileOptions>,
  options?: boolean | QuantileOptions,
): Tensor {
  checkCall("nanquantile", arguments, "xn..");
  [dim, options = {}] = dimThen("nanquantile()", QUANTILE_OPTIONS, dim, options);
  return quantiles("nanquantile", x, q, dim, options);
}
