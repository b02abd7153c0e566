/** Likelihood of classes. */
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { asIndices } from "../base/indices.ts";
import { withClasses } from "./class_error.ts";
import { checkReduction, type LossOptions, reduced } from "./loss.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode nllLoss}. */
export interface NllLossOptions extends LossOptions {
  /** Factor of each class `[c]`. */
  readonly weight?: Tensor | null;
  /** A class that counts for nothing; -100 by default. */
  readonly ignoreIndex?: number;
}
const NLL_LOSS_OPTIONS: OptionKeys<NllLossOptions> = { weight: true, ignoreIndex: true, reduction: true };

/** Refuses shapes other than [n, c, ...] and [n, ...], or [c] and []. */
export function checkClasses(op: string, x: Tensor, target: Tensor, weight: Tensor | null | undefined): void {
  const axis = x.ndim === 1 ? 0 : 1;
  let fits = x.ndim > 0 && x.ndim === target.ndim + 1;
  for (let i = 0; fits && i < target.ndim; i++) fits = target.shape[i] === x.shape[i < axis ? i : i + 1];
  if (!fits || (weight && (weight.ndim !== 1 || weight.shape[0] !== x.shape[axis]))) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be [n, c, ...] and [n, ...]${
        weight ? ", [c]" : ""
      }: current shapes are ` +
        [x, target, ...(weight ? [weight] : [])].map((t) => showShape(t.shape)).join(", "),
    );
  }
}

/**
 * `-weight[target] * x[target]` of log-probabilities; the mean is over weights.
 *
 * @param x `[n, c]`, `[n, c, ...]` or `[c]`.
 * @param target Classes `[n]`, `[n, ...]` or `[]`, of any integer type.
 * @throws {TypeError} If the target is not of integers.
 */
export function nllLoss(
  x: Tensor,
  target: Tensor,
  options?: NllLossOptions,
): Tensor {
  checkCall("nllLoss", arguments, "xx.");
  const { weight, ignoreIndex = -100, reduction = "mean" } = readOptions(
    "nllLoss()",
    options,
    NLL_LOSS_OPTIONS,
  );
  checkReduction("nllLoss", reduction);
  checkClasses("nllLoss", x, target, weight);
  const run = (): Tensor =>
    accumulated([x, weight], (x, weight) => {
      const classes = asIndices("nllLoss", "target", target), axis = x.ndim === 1 ? 0 : 1;
      const ignored = classes.eq(ignoreIndex), safe = classes.maskedFill(ignored, 0);
      const shares = weightsOf(x, safe, ignored, weight);
      const picked = x.gather(axis, safe.unsqueeze(axis)).squeeze(axis);
      // Filled, not multiplied by 0: what is ignored may be infinite, and so may the gradient, if all are ignored.
      const losses = picked.mul(shares).neg().maskedFill(ignored, 0);
      if (reduction === "mean") return losses.sum().div(shares.sum());
      return reduced(losses, reduction);
    }, "nllLoss");
  return withClasses("nllLoss", { target, count: x.shape[x.ndim === 1 ? 0 : 1]!, ignoreIndex }, run);
}

/** The weight of each target, 0 where it is ignored. */
export function weightsOf(
  x: Tensor,
  safe: Tensor,
  ignored: Tensor,
  weight: Tensor | null | undefined,
): Tensor {
  if (!weight) return ignored.logicalNot().to(x.dtype);
  return weight.gather(0, safe.reshape([safe.numel()])).reshape(safe.shape).maskedFill(ignored, 0);
}
