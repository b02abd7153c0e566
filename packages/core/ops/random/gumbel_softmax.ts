/** Draws of classes that gradients flow through. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { softmax } from "../normalization/softmax.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

// x - log(-log(1 - u)), divided; where u is 0 the step of the generator stands for it. The gradient draws the same again.
const PERTURBED: ElementwiseOp = elementwise({
  name: "gumbelSoftmax",
  kind: "float",
  expr: e.div(
    e.sub(e.input(0), e.log(e.max(e.neg(e.log(e.sub(1, e.random()))), 2 ** -32))),
    e.scalar(0),
  ),
});

/** Options of {@linkcode gumbelSoftmax}. */
export interface GumbelSoftmaxOptions {
  /** Temperature: the lower, the closer to one class; 1 by default. */
  readonly tau?: number;
  /** Gives one class, with the gradient of the mixture; false by default. */
  readonly hard?: boolean;
  /** The axis of the classes; -1 by default. */
  readonly dim?: number;
}
const GUMBEL_SOFTMAX_OPTIONS: OptionKeys<GumbelSoftmaxOptions> = { tau: true, hard: true, dim: true };

/**
 * A mixture of classes, or one of them, drawn with the probabilities `softmax(logits)` (Jang et al. 2016,
 * arXiv:1611.01144; Maddison et al. 2016, arXiv:1611.00712). Draws from the device's generator.
 *
 * @throws {RangeError} If `tau` is not above 0.
 */
export function gumbelSoftmax(
  logits: Tensor,
  options?: GumbelSoftmaxOptions,
): Tensor {
  checkCall("gumbelSoftmax", arguments, "x.");
  const { tau = 1, hard = false, dim = -1 } = readOptions(
    "gumbelSoftmax()",
    options,
    GUMBEL_SOFTMAX_OPTIONS,
  );
  if (!(tau > 0)) {
    throw new RangeError(`Cannot apply gumbelSoftmax() as tau must be above 0: current tau is ${tau}`);
  }
  return accumulated([logits], (logits) => {
    const random = logits.device.generator.reserve(logits.numel());
    const soft = softmax(logits.apply(PERTURBED, { scalars: [tau], random }), dim);
    if (!hard) return soft;
    const chosen = soft.detach(), index = chosen.argmax(dim, { keepdim: true });
    return chosen.mul(0).scatter(dim, index, 1).sub(chosen).add(soft);
  }, "gumbelSoftmax");
}
