/** The form that losses share: an expression over prediction and target, brought together in the same kernel. */
import { tidySync } from "../../scope.ts";
import { computeType, isFloating } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import { slope, times } from "../../expr/derivative.ts";
import * as e from "../../expr/expr.ts";
import { inputsOf } from "../../expr/gradient.ts";
import type { KernelOp } from "../../op.ts";
import { broadcastShapes, sameShape, type Shape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp, promoteSpecs } from "../base/elementwise.ts";
import { checkTarget } from "./loss_shapes.ts";
import type { OptionKeys } from "../../options.ts";

/** How the losses of all elements come together. */
export type Reduction = "mean" | "sum" | "none";

/** Options that all losses have. */
export interface LossOptions {
  /** "mean" by default. */
  readonly reduction?: Reduction;
}

/** The keys of {@linkcode LossOptions}. */
export const LOSS_OPTIONS: OptionKeys<LossOptions> = { reduction: true };

/** Refuses what is not a reduction. */
export function checkReduction(
  op: string,
  reduction: string,
  known: readonly string[] = ["mean", "sum", "none"],
): void {
  if (!known.includes(reduction)) {
    throw new RangeError(
      `Cannot apply ${op}() as reduction must be ${known.map((k) => `"${k}"`).join(" or ")}: ` +
        `current reduction is "${reduction}"`,
    );
  }
}

/** Brings losses together by public ops. */
export function reduced(losses: Tensor, reduction: Reduction): Tensor {
  return reduction === "mean" ? losses.mean() : reduction === "sum" ? losses.sum() : losses;
}

interface LossParams {
  readonly reduction: Reduction;
  /** Numbers of the expression, and behind them the number of elements. */
  readonly scalars: readonly number[];
}

/** A loss: inputs are the prediction, the target, and perhaps more. */
export interface Loss {
  readonly name: string;
  readonly op: KernelOp<LossParams>;
}

const X = e.input(0);

/** An element as large as float16 can hold, else infinite: PyTorch sums elements of the type of the result. */
const asFloat16 = (x: e.Expr): e.Expr => e.where(e.less(e.abs(x), 65520), x, e.mul(x, Infinity));

/**
 * The loss of an expression, recorded as one op. Forward it is one kernel,
 * expression and sum together, and so is each gradient.
 *
 * @param slopes Those of the first inputs, where others are wanted than the expression has.
 */
export function lossOp(name: string, expr: e.Expr, slopes: readonly e.Expr[] = []): Loss {
  const forward = body(expr), { inputs } = forward, count = e.scalar(forward.scalars);
  const mean = body(e.div(X, count));
  let narrow: Body | null = null;
  const rules = (share: e.Expr) =>
    Array.from({ length: inputs }, (_, i) => inputRule(name, slopes[i] ?? slope(expr, i), share));
  let whole: readonly InputRule[] | null = null, shared: readonly InputRule[] | null = null;
  const rulesOf = (reduction: Reduction) =>
    reduction === "mean" ? shared ??= rules(e.mul(X, e.reciprocal(count))) : whole ??= rules(X);
  const shapeOf = (shapes: readonly Shape[]) => shapes.reduce((a, b) => broadcastShapes(name, a, b));
  const op: KernelOp<LossParams> = {
    kind: "kernel",
    name,
    infer(specs, { reduction }) {
      const dtype = promoteSpecs(specs), shape = shapeOf(specs.map((s) => s.shape));
      if (!isFloating(dtype)) {
        throw new TypeError(
          `Cannot apply ${name}() as the prediction must be floating: current dtype is ${dtype}`,
        );
      }
      return [{ shape: reduction === "none" ? shape : [], dtype }];
    },
    kernel(specs, [output], { reduction, scalars }) {
      const compute = computeType(output!.dtype), shape = shapeOf(specs.map((s) => s.shape));
      if (reduction === "none") return { kernel: "map", body: forward, compute, scalars, shape };
      return {
        kernel: "reduce",
        op: "sum",
        body: output!.dtype === "float16" ? narrow ??= body(asFloat16(expr)) : forward,
        ...(reduction === "mean" && { post: mean }),
        compute,
        scalars,
        shape,
        axes: shape.map((_, i) => i),
      };
    },
    saves: ({ reduction }) => ({
      inputs: [...new Set(rulesOf(reduction).flatMap((rule) => rule?.reads ?? []))],
    }),
    vjp: ([g], saved) =>
      rulesOf(saved.params.reduction).map((rule) =>
        rule && (() => {
          const gradient = g!.apply(rule.op, saved.params, ...rule.reads.map((r) => saved.input(r)));
          // It may not have read the inputs whose shape it must have.
          const shape = shapeOf(Array.from({ length: inputs }, (_, i) => saved.spec(i).shape));
          return sameShape(gradient.shape, shape) ? gradient : gradient.expand(shape);
        })
      ),
  };
  return { name, op };
}

/** The gradient of one input: an op on the incoming gradient and on what it reads; null where there is none. */
type InputRule = null | { readonly op: ElementwiseOp; readonly reads: readonly number[] };

function inputRule(name: string, own: e.Expr | undefined, share: e.Expr): InputRule {
  if (own === undefined || e.isConstant(own, 0)) return null;
  const reads = [...inputsOf(own)].sort((a, b) => a - b);
  const gradient = times(share, e.substitute(own, (i) => e.input(reads.indexOf(i) + 1)));
  return { op: elementwise({ name: `${name}Backward`, kind: "same", expr: gradient }), reads };
}

/** Options of {@linkcode applyLoss}. */
interface AppliedOptions extends LossOptions {
  /** Divisor of the mean reduction; the number of elements by default. */
  readonly count?: number;
}

/** Applies a loss of a prediction and a target of one shape; weights, behind these, broadcast to it. */
export function applyLoss(
  loss: Loss,
  inputs: readonly [x: Tensor, target: Tensor, ...weights: Tensor[]],
  options: AppliedOptions,
  ...scalars: number[]
): Tensor {
  const [x, target, ...weights] = inputs;
  checkTarget(loss.name, x, target, weights);
  return applyBroadcast(loss, inputs, options, ...scalars);
}

/** Applies a loss whose inputs broadcast against each other. */
export function applyBroadcast(
  { name, op }: Loss,
  inputs: readonly [Tensor, ...Tensor[]],
  { reduction = "mean", count }: AppliedOptions,
  ...scalars: number[]
): Tensor {
  checkReduction(name, reduction);
  const shape = inputs.map((t) => t.shape).reduce((a, b) => broadcastShapes(name, a, b));
  const [first, ...rest] = inputs;
  const params = { reduction, scalars: [...scalars, count ?? sizeOf(shape)] };
  if (first.ndim === shape.length) return first.apply(op, params, ...rest);
  return tidySync(() => first.expand(shape).apply(op, params, ...rest));
}
