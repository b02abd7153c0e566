/** Sums and means of the elements that are not NaN. */
import { type DimOr, dimThen } from "../../dim_then.ts";
import { isFloating } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import type { SumOptions } from "./reduce.ts";
import { type Dims, reduceOver, type ReduceParams, reduction, unreduced } from "./reduction.ts";
import { SUM_OPTIONS } from "./reduce.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y] = [e.input(0), e.input(1)];

// Input 0 is the incoming gradient, input 1 the element.
const UNLESS_NAN: ElementwiseOp = elementwise({
  name: "nansumBackward",
  kind: "same",
  // A product, as PyTorch has it: where there are no numbers, their mean has the gradient NaN.
  expr: e.mul(X, e.where(e.isNan(Y), 0, 1)),
});

const NANSUM: KernelOp<ReduceParams> = reduction({
  name: "nansum",
  op: "sum",
  body: e.where(e.isNan(X), 0, X),
  kind: "wide",
  accumulates: true,
  saves: { inputs: [0] },
  vjp: (g, saved) => unreduced(g, saved).apply(UNLESS_NAN, NO_SCALARS, saved.input(0)),
});

/** The sum over the axes `dim`, over all if none are given, of the elements that are not NaN. */
export function nansum(x: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
  checkCall("nansum", arguments, "x..");
  [dim, options = {}] = dimThen("nansum()", SUM_OPTIONS, dim, options);
  return reduceOver(NANSUM, x, dim, options, undefined, options.dtype);
}

/** The mean over the axes `dim`, over all if none are given, of the elements that are not NaN; NaN where there is none. */
export function nanmean(x: Tensor, dim?: DimOr<Dims, SumOptions>, options?: boolean | SumOptions): Tensor {
  checkCall("nanmean", arguments, "x..");
  [dim, options = {}] = dimThen("nanmean()", SUM_OPTIONS, dim, options);
  if (!isFloating(options.dtype ?? x.dtype)) {
    throw new TypeError(`Cannot apply nanmean() as the dtype must be floating: current dtype is ${x.dtype}`);
  }
  return accumulated([x], (x) => {
    const count = x.isnan().logicalNot().sum(dim, options.keepdim ? { keepdim: true } : {});
    return nansum(x, dim, options).div(count);
  }, "nanmean");
}
