import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkBetas, checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { countStep, ParameterwiseOptimizer, remembered } from "./parameterwise.ts";
import { settled, tinyFor } from "./settle.ts";

/** Options of {@linkcode RAdam}. */
export interface RAdamOptions extends GroupOptions {
  /** How slowly the means of the gradient and of its square forget; 0.9 and 0.999 by default. */
  betas: readonly [number, number];
  /** Added to the divisor; 1e-8 by default. */
  eps: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** Shrinks the parameter by `lr * weightDecay` rather than adding to the gradient; false by default. */
  decoupledWeightDecay: boolean;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const RADAM_OPTIONS: OptionKeys<RAdamOptions> = {
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  decoupledWeightDecay: true,
  maximize: true,
};

const PLAIN: Body = radamStep(false);
const RECTIFIED: Body = radamStep(true);

/** Along the mean of the gradient, divided by the root of the mean square once that can be relied upon. */
function radamStep(rectified: boolean): Body {
  const [p, m, v] = [0, 1, 2].map(e.input);
  const [size, eps, shrink, sign, decay, forget1, beta2, tiny] = [0, 1, 2, 3, 4, 5, 6, 7].map(e.scalar);
  const g = e.add(e.mul(sign!, e.input(3)), e.mul(decay!, p!));
  const mean = settled(e.add(m!, e.mul(forget1!, e.sub(g, m!))), tiny!);
  const square = e.add(e.mul(beta2!, v!), e.mul(e.sub(1, beta2!), e.square(g)));
  const scaled = e.mul(size!, mean);
  const step = rectified ? e.div(scaled, e.add(e.sqrt(square), eps!)) : scaled;
  return body(e.sub(e.mul(shrink!, p!), step), mean, square);
}

/**
 * Rectified Adam (Liu et al. 2020, https://arxiv.org/abs/1908.03265): momentum alone as long as too few gradients were
 * seen to know their variance, then Adam, shortened by how uncertain that is. With `m` and `v` as in Adam,
 * `top = 2 / (1 - beta2) - 1` and `rho = top - 2 * t * beta2 ** t / (1 - beta2 ** t)`: `p = p - lr * m / (1 - beta1 ** t)`
 * while `rho <= 5`, and after that this step times
 * `sqrt(1 - beta2 ** t) / (sqrt(v) + eps) * sqrt((rho - 4) * (rho - 2) * top / ((top - 4) * (top - 2) * rho))`.
 *
 * @example The first steps are those of momentum
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { RAdam } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device });
 * x.grad = tensor([3], { device });
 * new RAdam([x], { lr: 0.1 }).step();
 * assertAlmostEquals(x.item(), 0.7, 1e-6);
 * ```
 */
export class RAdam extends ParameterwiseOptimizer<RAdamOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.001 by default. */
  constructor(params: OptimizerParameters<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RADAM_OPTIONS);
    super(params, {
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check({ lr, betas, eps, weightDecay }: RAdamOptions): void {
    checkOption("RAdam", "lr", lr, { min: 0 });
    checkBetas("RAdam", betas);
    checkOption("RAdam", "eps", eps, { min: 0 });
    checkOption("RAdam", "weightDecay", weightDecay, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: RAdamOptions, state: ParameterState): void {
    const { lr, betas: [beta1, beta2], eps, weightDecay, decoupledWeightDecay, maximize } = options;
    const step = countStep(state);
    const bias2 = 1 - beta2 ** step;
    const top = 2 / (1 - beta2) - 1;
    const rho = top - 2 * step * beta2 ** step / bias2;
    const rectified = rho > 5;
    const trust = rectified
      ? Math.sqrt(bias2 * (rho - 4) * (rho - 2) * top / ((top - 4) * (top - 2) * rho))
      : 1;
    const tensors = [p, remembered(state, "expAvg", p), remembered(state, "expAvgSq", p), grad];
    this.change(rectified ? RECTIFIED : PLAIN, tensors, [
      lr * trust / (1 - beta1 ** step),
      eps,
      decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      maximize ? -1 : 1,
      decoupledWeightDecay ? 0 : weightDecay,
      1 - beta1,
      beta2,
      tinyFor(p),
    ]);
  }
}
