/** Likelihood of classes. */
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { asIndices } from "./indices.ts";
import { checkReduction, type LossOptions, reduced } from "./loss.ts";
import { steps } from "./outputs.ts";

/** Options of {@linkcode nllLoss}. */
export interface NllLossOptions extends LossOptions {
  /** Factor of each class `[c]`. */
  readonly weight?: Tensor | null;
  /** A class that counts for nothing; -100 by default. */
  readonly ignoreIndex?: number;
}

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
 * @param target Classes `[n]`, `[n, ...]` or `[]`, int32 or uint8.
 * @throws {TypeError} If the target is not of integers.
 */
export function nllLoss(
  x: Tensor,
  target: Tensor,
  { weight, ignoreIndex = -100, reduction = "mean" }: NllLossOptions = {},
): Tensor {
  checkReduction("nllLoss", reduction);
  checkClasses("nllLoss", x, target, weight);
  using made = new DisposableStack();
  const classes = asIndices("nllLoss", "target", target, made), axis = x.ndim === 1 ? 0 : 1;
  return steps((use) => {
    const ignored = use(classes.eq(ignoreIndex)), safe = use(classes.maskedFill(ignored, 0));
    const shares = use(weightsOf(x, safe, ignored, weight));
    const picked = use(use(x.gather(axis, use(safe.unsqueeze(axis)))).squeeze(axis));
    const losses = use(use(picked.mul(shares)).neg());
    if (reduction === "mean") return use(losses.sum()).div(use(shares.sum()));
    return reduced(losses, reduction);
  });
}

/** The weight of each target, 0 where it is ignored. */
export function weightsOf(
  x: Tensor,
  safe: Tensor,
  ignored: Tensor,
  weight: Tensor | null | undefined,
): Tensor {
  return steps((use) => {
    if (!weight) return use(ignored.logicalNot()).to(x.dtype);
    const each = use(weight.gather(0, use(safe.reshape([safe.numel]))));
    return use(each.reshape(safe.shape)).maskedFill(ignored, 0);
  });
}
