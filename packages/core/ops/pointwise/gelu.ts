/** The Gaussian error linear unit. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { type ElementwiseOp, NO_SCALARS, unary } from "../base/elementwise.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const GELU: ElementwiseOp = unary(
  "gelu",
  "float",
  (x) => e.mul(e.mul(x, 0.5), e.erfc(e.mul(x, -Math.SQRT1_2))),
);
// (1 + tanh u) / 2 is sigmoid(2u), which keeps its digits where 1 + tanh u cancels. Where x * x is over 1000 the
// sigmoid is 0 or 1 in every dtype; held there, its slope stays finite, which 0 * x * x would not.
const heldSquare = (square: e.Expr) => e.where(e.less(square, 1000), square, 1000);
const GELU_TANH: ElementwiseOp = unary(
  "gelu",
  "float",
  (x) =>
    e.mul(
      x,
      e.sigmoid(
        e.mul(e.mul(2 * Math.sqrt(2 / Math.PI), x), e.add(1, e.mul(0.044715, heldSquare(e.square(x))))),
      ),
    ),
);
/** Options of {@linkcode gelu}. */
export interface GeluOptions {
  /** "none" for the exact function, "tanh" for the approximation of the paper. */
  readonly approximate?: "none" | "tanh";
}
const GELU_OPTIONS: OptionKeys<GeluOptions> = { approximate: true };

/** `x * Phi(x)`, Phi the normal distribution function (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
export function gelu(x: Tensor, options?: GeluOptions): Tensor {
  checkCall("gelu", arguments, "x.");
  const { approximate = "none" } = readOptions("gelu()", options, GELU_OPTIONS);
  const op = { none: GELU, tanh: GELU_TANH }[approximate];
  if (op === undefined) {
    throw new RangeError(
      `Cannot apply gelu() as approximate must be "none" or "tanh": current approximate is "${approximate}"`,
    );
  }
  return x.apply(op, NO_SCALARS);
}
