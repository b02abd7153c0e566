/** Activation functions, element by element. */
import { isFloating } from "../../dtype.ts";
import { checkFits } from "../../elements/encode.ts";
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import {
  applyUnary,
  applyUnaryInto,
  elementwise,
  type ElementwiseOp,
  NO_SCALARS,
  unary,
} from "../base/elementwise.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { normalizeAxis } from "../../shape.ts";
import { checkCall } from "../../tensor/check_call.ts";

const X = e.input(0);
const [A, B] = [e.scalar(0), e.scalar(1)];

const positive = (x: e.Expr) => e.less(0, x);
const withNumbers = (name: string, expr: e.Expr): ElementwiseOp => elementwise({ name, kind: "float", expr });

/** Checks that numbers fit the dtype of `x`, and truncates them if it is an integer dtype. */
function elementsOf(op: string, { dtype }: Tensor, numbers: readonly number[]): readonly number[] {
  if (isFloating(dtype)) return numbers;
  checkFits(`apply ${op}()`, numbers, dtype);
  return numbers.map(Math.trunc);
}

// Written with `where`, not `max`: NaN is kept, and the slope at 0 is 0.
const POSITIVE_PART: e.Expr = e.where(e.lessEqual(X, 0), 0, X);
// The slope is read from the result, which the next layer keeps as well.
const RELU: ElementwiseOp = elementwise({
  name: "relu",
  kind: "same",
  expr: POSITIVE_PART,
  slopes: [e.where(e.lessEqual(POSITIVE_PART, 0), 0, 1)],
});
const RELU6: ElementwiseOp = unary(
  "relu6",
  "same",
  (x) => e.where(e.lessEqual(x, 0), 0, e.where(e.lessEqual(6, x), 6, x)),
);
const SILU: ElementwiseOp = unary("silu", "float", (x) => e.mul(x, e.sigmoid(x)));
const MISH: ElementwiseOp = unary("mish", "float", (x) => e.mul(x, e.tanh(e.softplus(x))));
const LOGSIGMOID: ElementwiseOp = unary("logsigmoid", "float", (x) => e.neg(e.softplus(e.neg(x))));
const SOFTSIGN: ElementwiseOp = unary("softsign", "float", (x) => e.div(x, e.add(1, e.abs(x))));
const TANHSHRINK: ElementwiseOp = unary("tanhshrink", "float", (x) => e.sub(x, e.tanh(x)));
const HARDSIGMOID: ElementwiseOp = elementwise({
  name: "hardsigmoid",
  kind: "float",
  expr: e.where(e.lessEqual(X, -3), 0, e.where(e.lessEqual(3, X), 1, e.div(e.add(X, 3), 6))),
  // 0 at NaN.
  slopes: [e.where(e.less(-3, X), e.where(e.less(X, 3), 1 / 6, 0), 0)],
});
const HARDSWISH: ElementwiseOp = unary(
  "hardswish",
  "float",
  (x) => e.where(e.lessEqual(x, -3), 0, e.where(e.lessEqual(3, x), x, e.div(e.mul(x, e.add(x, 3)), 6))),
);
const [SELU_ALPHA, SELU_SCALE] = [1.6732632423543772848170429916717, 1.0507009873554804934193349852946];
const SELU: ElementwiseOp = unary(
  "selu",
  "float",
  (x) => e.mul(SELU_SCALE, e.where(positive(x), x, e.mul(SELU_ALPHA, e.expm1(x)))),
);

const ELU: ElementwiseOp = withNumbers("elu", e.where(positive(X), X, e.mul(A, e.expm1(X))));
const CELU: ElementwiseOp = withNumbers("celu", e.where(positive(X), X, e.mul(A, e.expm1(e.div(X, A)))));
const LEAKY_RELU: ElementwiseOp = withNumbers("leakyRelu", e.where(positive(X), X, e.mul(A, X)));
const HARDTANH: ElementwiseOp = elementwise({
  name: "hardtanh",
  kind: "same",
  expr: e.where(e.lessEqual(X, A), A, e.where(e.lessEqual(B, X), B, X)),
});
const SOFTSHRINK: ElementwiseOp = elementwise({
  name: "softshrink",
  kind: "float",
  expr: e.where(e.less(A, X), e.sub(X, A), e.where(e.less(X, e.neg(A)), e.add(X, A), e.mul(X, 0))),
  // 1 at NaN.
  slopes: [e.where(e.lessEqual(e.abs(X), A), 0, 1)],
});
const HARDSHRINK: ElementwiseOp = withNumbers("hardshrink", e.where(e.lessEqual(e.abs(X), A), 0, X));
// Above the threshold the line itself: what it saves is rounding, and exp of large numbers.
const SOFTPLUS: ElementwiseOp = withNumbers(
  "softplus",
  e.where(e.less(B, e.mul(A, X)), X, e.div(e.softplus(e.mul(A, X)), A)),
);
const THRESHOLD: ElementwiseOp = elementwise({
  name: "threshold",
  kind: "same",
  expr: e.where(e.lessEqual(X, A), B, X),
});
// Slopes even in [scalar 0, scalar 0 + scalar 1); the gradient draws them again.
const RRELU: ElementwiseOp = withNumbers(
  "rrelu",
  e.where(positive(X), X, e.mul(X, e.add(A, e.mul(B, e.random())))),
);
const PRELU: ElementwiseOp = elementwise({
  name: "prelu",
  kind: "float",
  expr: e.where(positive(X), X, e.mul(e.input(1), X)),
});

/** `max(x, 0)`, with slope 0 at 0. */
export function relu(x: Tensor): Tensor {
  return applyUnary(RELU, x, arguments);
}

/** {@linkcode relu} in the place of `x`. */
export function relu_(x: Tensor): Tensor {
  return applyUnaryInto(RELU, x, arguments);
}

/** `min(max(x, 0), 6)`. */
export function relu6(x: Tensor): Tensor {
  return applyUnary(RELU6, x, arguments);
}

/** `x * sigmoid(x)` (Elfwing et al. 2017, arXiv:1702.03118). */
export function silu(x: Tensor): Tensor {
  return applyUnary(SILU, x, arguments);
}

/** `x * tanh(softplus(x))` (Misra 2019, arXiv:1908.08681). */
export function mish(x: Tensor): Tensor {
  return applyUnary(MISH, x, arguments);
}

/** `log(sigmoid(x))`, finite for every finite x. */
export function logsigmoid(x: Tensor): Tensor {
  return applyUnary(LOGSIGMOID, x, arguments);
}

/** `x / (1 + |x|)`. */
export function softsign(x: Tensor): Tensor {
  return applyUnary(SOFTSIGN, x, arguments);
}

/** `x - tanh(x)`. */
export function tanhshrink(x: Tensor): Tensor {
  return applyUnary(TANHSHRINK, x, arguments);
}

/** `x / 6 + 1 / 2` held between 0 and 1. */
export function hardsigmoid(x: Tensor): Tensor {
  return applyUnary(HARDSIGMOID, x, arguments);
}

/** `x * hardsigmoid(x)` (Howard et al. 2019, arXiv:1905.02244). */
export function hardswish(x: Tensor): Tensor {
  return applyUnary(HARDSWISH, x, arguments);
}

/** `scale * (x if x > 0 else alpha * (exp(x) - 1))` with the fixed numbers of Klambauer et al. 2017, arXiv:1706.02515. */
export function selu(x: Tensor): Tensor {
  return applyUnary(SELU, x, arguments);
}

/** Options of {@linkcode elu} and {@linkcode celu}. */
export interface EluOptions {
  /** The limit for x toward -Infinity is `-alpha`; 1 by default. */
  readonly alpha?: number;
}
const ELU_OPTIONS: OptionKeys<EluOptions> = { alpha: true };

/** `x if x > 0 else alpha * (exp(x) - 1)` (Clevert et al. 2015, arXiv:1511.07289). */
export function elu(x: Tensor, options?: EluOptions): Tensor {
  checkCall("elu", arguments, "x.");
  const { alpha = 1 } = readOptions("elu()", options, ELU_OPTIONS);
  return x.apply(ELU, { scalars: [alpha] });
}

/** `x if x > 0 else alpha * (exp(x / alpha) - 1)` (Barron 2017, arXiv:1704.07483). */
export function celu(x: Tensor, options?: EluOptions): Tensor {
  checkCall("celu", arguments, "x.");
  const { alpha = 1 } = readOptions("celu()", options, ELU_OPTIONS);
  if (alpha === 0) throw new RangeError("Cannot apply celu() as alpha must not be 0: current alpha is 0");
  return x.apply(CELU, { scalars: [alpha] });
}

/** Options of {@linkcode leakyRelu}. */
export interface LeakyReluOptions {
  /** Slope below 0; 0.01 by default. */
  readonly negativeSlope?: number;
}
const LEAKY_RELU_OPTIONS: OptionKeys<LeakyReluOptions> = { negativeSlope: true };

/** `x if x > 0 else negativeSlope * x`. */
export function leakyRelu(x: Tensor, options?: LeakyReluOptions): Tensor {
  checkCall("leakyRelu", arguments, "x.");
  const { negativeSlope = 0.01 } = readOptions("leakyRelu()", options, LEAKY_RELU_OPTIONS);
  return x.apply(LEAKY_RELU, { scalars: [negativeSlope] });
}

/** Options of {@linkcode hardtanh}. */
export interface HardtanhOptions {
  /** -1 by default. */
  readonly minVal?: number;
  /** 1 by default. */
  readonly maxVal?: number;
}
const HARDTANH_OPTIONS: OptionKeys<HardtanhOptions> = { minVal: true, maxVal: true };

/**
 * Clamps `x` to the range from `minVal` to `maxVal`, with slope 0 on the bounds. For integer dtypes the
 * bounds are truncated and the dtype is kept.
 *
 * @throws {RangeError} If the bounds are out of order, or out of range for the integer dtype.
 */
export function hardtanh(x: Tensor, options?: HardtanhOptions): Tensor {
  checkCall("hardtanh", arguments, "x.");
  const { minVal = -1, maxVal = 1 } = readOptions("hardtanh()", options, HARDTANH_OPTIONS);
  if (minVal > maxVal) {
    throw new RangeError(
      `Cannot apply hardtanh() as minVal must not exceed maxVal: current bounds are ${minVal} and ${maxVal}`,
    );
  }
  return x.apply(HARDTANH, { scalars: elementsOf("hardtanh", x, [minVal, maxVal]) });
}

/** Options of {@linkcode softshrink} and {@linkcode hardshrink}. */
export interface ShrinkOptions {
  /** Half the width of what becomes 0; 0.5 by default. */
  readonly lambda?: number;
}
const SHRINK_OPTIONS: OptionKeys<ShrinkOptions> = { lambda: true };

/** `x` brought `lambda` closer to 0; 0 within. */
export function softshrink(x: Tensor, options?: ShrinkOptions): Tensor {
  checkCall("softshrink", arguments, "x.");
  const { lambda = 0.5 } = readOptions("softshrink()", options, SHRINK_OPTIONS);
  return x.apply(SOFTSHRINK, { scalars: [lambda] });
}

/** `x`, or 0 where `|x| <= lambda`. */
export function hardshrink(x: Tensor, options?: ShrinkOptions): Tensor {
  checkCall("hardshrink", arguments, "x.");
  const { lambda = 0.5 } = readOptions("hardshrink()", options, SHRINK_OPTIONS);
  return x.apply(HARDSHRINK, { scalars: [lambda] });
}

/** Options of {@linkcode softplus}. */
export interface SoftplusOptions {
  /** Steepness; 1 by default. */
  readonly beta?: number;
  /** Where `beta * x` is above it, x is returned; 20 by default. */
  readonly threshold?: number;
}
const SOFTPLUS_OPTIONS: OptionKeys<SoftplusOptions> = { beta: true, threshold: true };

/** `log(1 + exp(beta * x)) / beta`. */
export function softplus(x: Tensor, options?: SoftplusOptions): Tensor {
  checkCall("softplus", arguments, "x.");
  const { beta = 1, threshold = 20 } = readOptions("softplus()", options, SOFTPLUS_OPTIONS);
  return x.apply(SOFTPLUS, { scalars: [beta, threshold] });
}

/**
 * `x if x > 0 else weight * x` (He et al. 2015, arXiv:1502.01852).
 *
 * @param x [n, channels, ...].
 * @param weight [1] or [channels].
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  checkCall("prelu", arguments, "xx");
  if (weight.ndim !== 1 || (weight.numel() !== 1 && weight.numel() !== x.shape[1])) {
    throw new RangeError(
      `Cannot apply prelu() as weight must be [1] or [channels]: current shapes are [${weight.shape}] and [${x.shape}]`,
    );
  }
  if (weight.numel() === 1 || x.ndim <= 2) return x.apply(PRELU, NO_SCALARS, weight);
  const others = x.shape.slice(2).map(() => 1);
  return called("prelu", [x, weight], () => x.apply(PRELU, NO_SCALARS, weight.reshape([-1, ...others])));
}

const GLU: ElementwiseOp = elementwise({
  name: "glu",
  kind: "float",
  expr: e.mul(e.input(0), e.sigmoid(e.input(1))),
});

/** The first half of `x` along `dim` times the sigmoid of the second (Dauphin et al. 2016, arXiv:1612.08083). */
export function glu(x: Tensor, dim = -1): Tensor {
  checkCall("glu", arguments, "x.");
  const extent = x.shape[normalizeAxis("glu", dim, x.ndim)] ?? 1;
  if (extent % 2 !== 0) {
    throw new RangeError(
      `Cannot apply glu() as the extent along dim must be even: current shape is [${x.shape}]`,
    );
  }
  const half = extent / 2;
  return called("glu", [x], () => x.narrow(dim, 0, half).apply(GLU, NO_SCALARS, x.narrow(dim, half, half)));
}

/**
 * Computes `value if x <= limit else x`; NaN stays NaN. For integer dtypes both numbers are truncated and the
 * dtype is kept.
 *
 * @throws {RangeError} If a number is out of range for the integer dtype.
 */
export function threshold(x: Tensor, limit: number, value: number): Tensor {
  checkCall("threshold", arguments, "xdd");
  return x.apply(THRESHOLD, { scalars: elementsOf("threshold", x, [limit, value]) });
}

/** Options of {@linkcode rrelu}. */
export interface RreluOptions {
  /** The smallest slope below 0; 1 / 8 by default. */
  readonly lower?: number;
  /** What slopes stay below; 1 / 3 by default. */
  readonly upper?: number;
  /** Slopes are drawn if true, and all in the middle if false; false by default. */
  readonly training?: boolean;
}
const RRELU_OPTIONS: OptionKeys<RreluOptions> = { lower: true, upper: true, training: true };

/** {@linkcode leakyRelu} with a slope drawn for each element while training (Xu et al. 2015, arXiv:1505.00853). */
export function rrelu(
  x: Tensor,
  options?: RreluOptions,
): Tensor {
  checkCall("rrelu", arguments, "x.");
  const { lower = 1 / 8, upper = 1 / 3, training = false } = readOptions("rrelu()", options, RRELU_OPTIONS);
  if (!(lower <= upper)) {
    throw new RangeError(
      `Cannot apply rrelu() as lower must not be above upper: current bounds are ${lower} and ${upper}`,
    );
  }
  if (!training) return leakyRelu(x, { negativeSlope: (lower + upper) / 2 });
  return x.apply(RRELU, { scalars: [lower, upper - lower], random: x.device.generator.reserve(x.numel()) });
}
