/** Divergence of distributions. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { applyLoss, checkReduction, type Loss, lossOp, type LossOptions } from "./loss.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y] = [e.input(0), e.input(1)];
// 0 log 0 is 0; its slope is NaN, as PyTorch has it.
const KL_DIV: Loss = lossOp(
  "klDiv",
  e.sub(e.where(e.equal(Y, 0), 0, e.mul(Y, e.log(Y))), e.mul(Y, X)),
  [e.neg(Y), e.add(e.sub(e.log(Y), X), e.div(Y, Y))],
);
const KL_DIV_LOG: Loss = lossOp("klDiv", e.mul(e.exp(Y), e.sub(Y, X)));

/** Options of {@linkcode klDiv}. */
export interface KlDivOptions extends Omit<LossOptions, "reduction"> {
  /** "batchmean": the sum divided by the extent of the first axis, which is the mathematical one; "mean" by default. */
  readonly reduction?: "mean" | "sum" | "none" | "batchmean";
  /** Whether the target is a logarithm too. */
  readonly logTarget?: boolean;
}
const KL_DIV_OPTIONS: OptionKeys<KlDivOptions> = { reduction: true, logTarget: true };

/** `target * (log(target) - x)` of log-probabilities `x` and probabilities (Kullback and Leibler 1951). */
export function klDiv(
  x: Tensor,
  target: Tensor,
  options?: KlDivOptions,
): Tensor {
  checkCall("klDiv", arguments, "xx.");
  const { reduction = "mean", logTarget = false } = readOptions("klDiv()", options, KL_DIV_OPTIONS);
  checkReduction("klDiv", reduction, ["mean", "sum", "none", "batchmean"]);
  const op = logTarget ? KL_DIV_LOG : KL_DIV;
  if (reduction !== "batchmean") return applyLoss(op, [x, target], { reduction });
  return applyLoss(op, [x, target], { reduction: "mean", count: x.shape[0] ?? 1 });
}
