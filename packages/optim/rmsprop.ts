import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { ParameterwiseOptimizer, remembered } from "./parameterwise.ts";
import { settled, tinyFor } from "./settle.ts";

/** Options of {@linkcode RMSprop}. */
export interface RMSpropOptions extends GroupOptions {
  /** How slowly the mean of the squared gradient forgets; 0.99 by default. */
  alpha: number;
  /** Added to the divisor; 1e-8 by default. */
  eps: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** How much of the last step's direction goes into the next; 0 by default. */
  momentum: number;
  /** Divides by the deviation of the gradient rather than by its size; false by default. */
  centered: boolean;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const RMSPROP_OPTIONS: OptionKeys<RMSpropOptions> = {
  lr: true,
  alpha: true,
  eps: true,
  weightDecay: true,
  momentum: true,
  centered: true,
  maximize: true,
};

const BODIES: readonly Body[] = [[false, false], [true, false], [false, true], [true, true]].map(
  ([centered, momentum]) => rmspropStep(centered!, momentum!),
);

/** Inputs: the parameter, mean square, mean if centered, direction if there is momentum, gradient. */
function rmspropStep(centered: boolean, momentum: boolean): Body {
  const [lr, sign, decay, alpha, eps, keep, tiny] = [0, 1, 2, 3, 4, 5, 6].map(e.scalar);
  let next = 0;
  const p = e.input(next++);
  const squares = e.input(next++);
  const mean = centered ? e.input(next++) : null;
  const buffer = momentum ? e.input(next++) : null;
  const g = e.add(e.mul(sign!, e.input(next)), e.mul(decay!, p));
  const forget = e.sub(1, alpha!);
  const state = [e.add(e.mul(alpha!, squares), e.mul(forget, e.square(g)))];
  let spread = state[0]!;
  if (mean) {
    const moved = settled(e.add(mean, e.mul(forget, e.sub(g, mean))), tiny!);
    state.push(moved);
    // Rounding must not make a variance negative.
    spread = e.max(e.sub(spread, e.square(moved)), 0);
  }
  let direction = e.div(g, e.add(e.sqrt(spread), eps!));
  if (buffer) {
    direction = settled(e.add(e.mul(keep!, buffer), direction), tiny!);
    state.push(direction);
  }
  return body(e.sub(p, e.mul(lr!, direction)), ...state);
}

/**
 * RMSprop (Hinton 2012; centered: Graves 2013, https://arxiv.org/abs/1308.0850): divides the gradient by the root of a
 * running mean of its square, `v = alpha * v + (1 - alpha) * g^2` and `p = p - lr * g / (sqrt(v) + eps)`.
 *
 * @example One step
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { RMSprop } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device });
 * x.grad = tensor([3], { device });
 * new RMSprop([x], { lr: 0.01, alpha: 0.99 }).step();
 * assertAlmostEquals(x.item(), 0.9, 1e-6);
 * ```
 */
export class RMSprop extends ParameterwiseOptimizer<RMSpropOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.01 by default. */
  constructor(params: OptimizerParameters<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RMSPROP_OPTIONS);
    super(params, {
      lr: 1e-2,
      alpha: 0.99,
      eps: 1e-8,
      weightDecay: 0,
      momentum: 0,
      centered: false,
      maximize: false,
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    checkOption("RMSprop", "lr", lr, { min: 0 });
    checkOption("RMSprop", "alpha", alpha, { min: 0 });
    checkOption("RMSprop", "eps", eps, { min: 0 });
    checkOption("RMSprop", "weightDecay", weightDecay, { min: 0 });
    checkOption("RMSprop", "momentum", momentum, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: RMSpropOptions, state: ParameterState): void {
    const { lr, alpha, eps, weightDecay, momentum, centered, maximize } = options;
    const tensors = [p, remembered(state, "squareAvg", p)];
    if (centered) tensors.push(remembered(state, "gradAvg", p));
    if (momentum > 0) tensors.push(remembered(state, "momentumBuffer", p));
    const kernel = BODIES[Number(centered) + 2 * Number(momentum > 0)]!;
    tensors.push(grad);
    this.change(kernel, tensors, [lr, maximize ? -1 : 1, weightDecay, alpha, eps, momentum, tinyFor(p)]);
  }
}
