/** Spread, length and logarithmic sums. */
import { showArgument } from "../../call_forms.ts";
import { type DimOr, dimThen } from "../../dim_then.ts";
import { type DType, isFloating, isHalf } from "../../dtype.ts";
import * as e from "../../expr/expr.ts";
import type { CompositeOp, KernelOp } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, NO_SCALARS } from "../base/elementwise.ts";
import { largest, smallest } from "./reduce.ts";
import {
  type Dims,
  REDUCE_OPTIONS,
  reducedCount,
  type ReduceOptions,
  reduceOver,
  type ReduceParams,
  reduction,
  unreduced,
} from "./reduction.ts";
import { called } from "../base/called.ts";
import type { OptionKeys } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y, Z] = [e.input(0), e.input(1), e.input(2)];
const [A, B] = [e.scalar(0), e.scalar(1)];

/** The first elements along the axes: a value near the others, however far they are from 0. */
function firstOf(x: Tensor, axes: readonly number[]): Tensor {
  return x.detach().at(...x.shape.map((_, i) => axes.includes(i) ? { end: 1 } : {}));
}

const MEAN_BEYOND: KernelOp<ReduceParams> = reduction({
  name: "mean",
  op: "sum",
  body: e.sub(X, Y),
  post: e.div(X, A),
  kind: "float",
});

/**
 * Squared distances from the mean, added up and divided by scalar 0. Two passes
 * over distances from the first element: nothing cancels, and the spread of
 * equal elements is exactly 0.
 */
function spread(name: string, root: boolean): CompositeOp<ReduceParams> {
  const fromMean = reduction({
    name,
    op: "sum",
    body: e.square(e.sub(e.sub(X, Y), Z)),
    post: root ? e.sqrt(e.div(X, A)) : e.div(X, A),
    kind: "float",
  });
  return {
    kind: "composite",
    name,
    infer: fromMean.infer,
    composite([x], params) {
      const { axes } = params, first = firstOf(x!, axes);
      const scalars = [reducedCount(x!.shape, axes)];
      const mean = x!.apply(MEAN_BEYOND, { axes, keepdim: true, scalars }, first);
      return x!.apply(fromMean, params, first, mean);
    },
    saves: () => ({ inputs: [0], ...(root && { outputs: [0] }) }),
    // (var x)' = 2 (x - mean x) / divisor, (std x)' = (var x)' / (2 std x), and 0 where all x are equal
    vjp: ([g], saved) => [() => {
      const x = saved.input(0), { axes, scalars } = saved.params;
      const slope = root ? g!.div(saved.output(0)).maskedFill(saved.output(0).eq(0), 0) : g!.mul(2);
      const beyond = x.sub(firstOf(x, axes));
      const distance = beyond.sub(beyond.mean(axes, { keepdim: true }));
      return distance.mul(unreduced(slope.div(scalars[0]!), saved));
    }],
  };
}

const VAR: CompositeOp<ReduceParams> = spread("var", false);
const STD: CompositeOp<ReduceParams> = spread("std", true);

/** Options of {@linkcode variance} and {@linkcode std}. */
export interface SpreadOptions extends ReduceOptions {
  /** What the number of elements is reduced by to divide; 1 (Bessel's) by default, 0 for the population's. */
  readonly correction?: number;
  /** Another way to say a correction of 1 (true) or 0 (false), as in earlier versions of PyTorch. */
  readonly unbiased?: boolean;
}
const SPREAD_OPTIONS: OptionKeys<SpreadOptions> = { correction: true, unbiased: true, keepdim: true };

function spreadOver(
  op: CompositeOp<ReduceParams>,
  x: Tensor,
  dim: Dims | undefined,
  options: SpreadOptions,
): Tensor {
  if (!isFloating(x.dtype)) {
    throw new TypeError(
      `Cannot apply ${op.name}() as elements must be floating: current dtype is ${x.dtype}, ` +
        'convert it with .to("float32")',
    );
  }
  if (options.correction !== undefined && options.unbiased !== undefined) {
    throw new TypeError(
      `Cannot apply ${op.name}() as correction and unbiased say the same: current options have both`,
    );
  }
  const { correction = options.unbiased === false ? 0 : 1 } = options;
  return reduceOver(op, x, dim, options, (axes) => [Math.max(0, reducedCount(x.shape, axes) - correction)]);
}

/** The arguments of PyTorch: the flag behind the axes is `unbiased`, the one behind that `keepdim`. */
function spreadArguments(
  caller: string,
  dim: DimOr<Dims, SpreadOptions> | boolean | undefined,
  options: boolean | SpreadOptions | undefined,
  keepdim: boolean | undefined,
): [Dims | undefined, SpreadOptions] {
  if (typeof dim === "boolean") return [undefined, { unbiased: dim }];
  const [axes, given = {}] = dimThen(caller, SPREAD_OPTIONS, dim, options, "unbiased");
  return [axes, keepdim === undefined ? given : { ...given, keepdim }];
}

/**
 * The variance over the axes `dim`, over all if none are given; the method is
 * `x.var()`.
 *
 * @throws {TypeError} If `x` is of integers or bool.
 */
export function variance(
  x: Tensor,
  dim?: DimOr<Dims, SpreadOptions> | boolean,
  options?: boolean | SpreadOptions,
  keepdim?: boolean,
): Tensor {
  checkCall("variance", arguments, "x..B");
  return spreadOver(VAR, x, ...spreadArguments("variance()", dim, options, keepdim));
}

/**
 * The standard deviation over the axes `dim`, over all if none are given.
 *
 * @throws {TypeError} If `x` is of integers or bool.
 */
export function std(
  x: Tensor,
  dim?: DimOr<Dims, SpreadOptions> | boolean,
  options?: boolean | SpreadOptions,
  keepdim?: boolean,
): Tensor {
  checkCall("std", arguments, "x..B");
  return spreadOver(STD, x, ...spreadArguments("std()", dim, options, keepdim));
}

const NORM_0: KernelOp<ReduceParams> = reduction({
  name: "norm",
  op: "sum",
  body: e.notEqual(X, 0),
  kind: "float",
});
const NORM_1: KernelOp<ReduceParams> = reduction({
  name: "norm",
  op: "sum",
  body: e.abs(X),
  kind: "float",
  saves: { inputs: [0] },
  vjp: (g, saved) => saved.input(0).sign().mul(unreduced(g, saved)),
});
const NORM_2: KernelOp<ReduceParams> = reduction({
  name: "norm",
  op: "sum",
  body: e.square(X),
  post: e.sqrt(X),
  kind: "float",
  accumulates: true,
  saves: { inputs: [0], outputs: [0] },
  vjp: (g, saved) => {
    const y = saved.output(0);
    return saved.input(0).mul(unreduced(g.div(y).maskedFill(y.eq(0), 0), saved));
  },
});
const NORM_P: KernelOp<ReduceParams> = reduction({
  name: "norm",
  op: "sum",
  body: e.pow(e.abs(X), A),
  post: e.pow(X, B),
  kind: "float",
  accumulates: true,
  saves: { inputs: [0], outputs: [0] },
  // sign(x) (|x| / y)^(p - 1), 0 where x is 0
  vjp: (g, saved) => {
    const x = saved.input(0), y = saved.output(0), rise = saved.params.scalars[0]! - 1;
    const slope = x.sign().mul(x.abs().pow(rise)).maskedFill(x.eq(0), 0);
    return slope.mul(unreduced(g.mul(y.pow(-rise)).maskedFill(y.eq(0), 0), saved));
  },
});

/** Options of {@linkcode norm}. */
export interface VectorNormOptions extends ReduceOptions {
  /** The type to calculate in and of the result, which is floating; that of `x` by default, float32 for integers. */
  readonly dtype?: DType;
}
const VECTOR_NORM_OPTIONS: OptionKeys<VectorNormOptions> = { keepdim: true, dtype: true };

/** All arguments of {@linkcode norm} by name. */
export interface NamedNormOptions extends VectorNormOptions {
  /** The power; 2 by default. */
  readonly p?: number;
  /** The axes; all of them by default. */
  readonly dim?: Dims;
}

/**
 * The p-norm over the axes `dim`, over all if none are given: `sum(|x| ** p) ** (1 / p)`.
 * Infinity takes the largest, -Infinity the smallest, 0 counts what is not 0. Integers become float32.
 *
 * @throws {TypeError} If `dtype` is not floating.
 */
export function norm(
  x: Tensor,
  p: number | NamedNormOptions = 2,
  dim?: DimOr<Dims, VectorNormOptions>,
  options?: boolean | VectorNormOptions,
): Tensor {
  checkCall("norm", arguments, "x...");
  if (typeof p === "object" && p !== null) {
    const { p: power = 2, ...rest } = p;
    return norm(x, power, rest);
  }
  if (typeof p !== "number") {
    throw new TypeError(`Cannot apply norm() as p must be a number: current p is ${showArgument(p)}`);
  }
  const [along, given = {}] = dimThen("norm()", VECTOR_NORM_OPTIONS, dim, options), { dtype } = given;
  if (dtype !== undefined && !isFloating(dtype)) {
    throw new TypeError(`Cannot apply norm() as dtype must be floating: current dtype is ${dtype}`);
  }
  const reduce = (op: KernelOp<ReduceParams>, scalars?: () => readonly number[]) =>
    reduceOver(op, x, along, given, scalars, dtype);
  switch (p) {
    case Infinity:
    case -Infinity: {
      return called("norm", [x], () => {
        const sizes = x.abs(), y = p > 0 ? largest(sizes, along, given) : smallest(sizes, along, given);
        return dtype === undefined ? y : y.to(dtype);
      });
    }
    case 0:
      return reduce(NORM_0);
    case 1:
      return reduce(NORM_1);
    case 2:
      return reduce(NORM_2);
    default:
      return reduce(NORM_P, () => [p, 1 / p]);
  }
}

const infinite = (x: e.Expr): e.Expr => e.equal(e.abs(x), Infinity);
const SUM_EXP: KernelOp<ReduceParams> = reduction({
  name: "logsumexp",
  op: "sum",
  // Infinite extremes are not taken off: Infinity - Infinity is NaN.
  body: e.exp(e.sub(X, e.where(infinite(Y), 0, Y))),
  post: e.log(X),
  kind: "float",
});
const ADD_EXTREME: ElementwiseOp = elementwise({
  name: "logsumexp",
  kind: "float",
  expr: e.add(X, e.where(infinite(Y), 0, Y)),
});
const SHARE: ElementwiseOp = elementwise({
  name: "logsumexpBackward",
  kind: "same",
  expr: e.mul(X, e.exp(e.sub(Y, Z))),
});

const LOGSUMEXP: CompositeOp<ReduceParams> = {
  kind: "composite",
  name: "logsumexp",
  infer: SUM_EXP.infer,
  composite([x], params) {
    const { axes, keepdim } = params;
    if (reducedCount(x!.shape, axes) === 0) return x!.exp().sum(axes, { keepdim }).log();
    const largest = x!.amax(axes, { keepdim: true });
    const logs = x!.apply(SUM_EXP, params, largest);
    return logs.apply(ADD_EXTREME, NO_SCALARS, keepdim ? largest : largest.reshape(logs.shape));
  },
  saves: () => ({ inputs: [0], outputs: [0] }),
  // g exp(x - y)
  vjp: ([g], saved) => [() => {
    const x = saved.input(0), y = unreduced(saved.output(0), saved), { params } = saved;
    // Of 16 bits, y was rounded, and exp makes much of that: it is calculated again.
    const exact = isHalf(saved.spec(0).dtype) ? x.apply(LOGSUMEXP, { ...params, keepdim: true }) : y;
    return unreduced(g!, saved).apply(SHARE, NO_SCALARS, x, exact);
  }],
};

/** `log(sum(exp(x)))` over the axes `dim`, over all if none are given, without overflow. Integers become float32. */
export function logsumexp(
  x: Tensor,
  dim?: DimOr<Dims, ReduceOptions>,
  options?: boolean | ReduceOptions,
): Tensor {
  checkCall("logsumexp", arguments, "x..");
  [dim, options = {}] = dimThen("logsumexp()", REDUCE_OPTIONS, dim, options);
  return reduceOver(LOGSUMEXP, x, dim, options);
}

/** {@linkcode variance} and {@linkcode mean} over the same axes. */
export function varMean(
  x: Tensor,
  dim?: DimOr<Dims, SpreadOptions> | boolean,
  options?: boolean | SpreadOptions,
  keepdim?: boolean,
): [variance: Tensor, mean: Tensor] {
  checkCall("varMean", arguments, "x..B");
  const [axes, spread] = spreadArguments("varMean()", dim, options, keepdim);
  return called(
    "varMean",
    [x],
    () => [variance(x, axes, spread), x.mean(axes, { keepdim: spread.keepdim ?? false })],
  );
}

/** {@linkcode std} and {@linkcode mean} over the same axes. */
export function stdMean(
  x: Tensor,
  dim?: DimOr<Dims, SpreadOptions> | boolean,
  options?: boolean | SpreadOptions,
  keepdim?: boolean,
): [std: Tensor, mean: Tensor] {
  checkCall("stdMean", arguments, "x..B");
  const [axes, spread] = spreadArguments("stdMean()", dim, options, keepdim);
  return called(
    "stdMean",
    [x],
    () => [std(x, axes, spread), x.mean(axes, { keepdim: spread.keepdim ?? false })],
  );
}
