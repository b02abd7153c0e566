import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkBetas, checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { countStep, ParameterwiseOptimizer, remembered } from "./parameterwise.ts";
import { settled, tinyFor } from "./settle.ts";

/** Options of {@linkcode NAdam}. */
export interface NAdamOptions extends GroupOptions {
  /** How slowly the means of the gradient and of its square forget; 0.9 and 0.999 by default. */
  betas: readonly [number, number];
  /** Added to the divisor; 1e-8 by default. */
  eps: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** How fast the momentum grows to `betas[0]`; 4e-3 by default. */
  momentumDecay: number;
  /** Shrinks the parameter by `lr * weightDecay` rather than adding to the gradient; false by default. */
  decoupledWeightDecay: boolean;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const NADAM_OPTIONS: OptionKeys<NAdamOptions> = {
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  momentumDecay: true,
  decoupledWeightDecay: true,
  maximize: true,
};

const STEP: Body = nadamStep();

/** The divisor's correction is drawn out of the fraction, as in Adam: floor = eps sqrt(bias2). */
function nadamStep(): Body {
  const [p, m, v] = [0, 1, 2].map(e.input);
  const [ofGradient, ofMean, floor, shrink, sign, decay, forget1, beta2, tiny] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
    .map(e.scalar);
  const g = e.add(e.mul(sign!, e.input(3)), e.mul(decay!, p!));
  const mean = settled(e.add(m!, e.mul(forget1!, e.sub(g, m!))), tiny!);
  const square = e.add(e.mul(beta2!, v!), e.mul(e.sub(1, beta2!), e.square(g)));
  const step = e.div(e.add(e.mul(ofGradient!, g), e.mul(ofMean!, mean)), e.add(e.sqrt(square), floor!));
  return body(e.sub(e.mul(shrink!, p!), step), mean, square);
}

/**
 * Adam with Nesterov's momentum (Dozat 2016, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ): with `m` and `v` as
 * in Adam and `mu[t] = beta1 * (1 - 0.96 ** (t * momentumDecay) / 2)`,
 * `p = p - lr * (mu[t+1] * m / (1 - mu[1] ... mu[t+1]) + (1 - mu[t]) * g / (1 - mu[1] ... mu[t])) / (sqrt(v / (1 - beta2 ** t)) + eps)`.
 *
 * @example One step
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { NAdam } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device, dtype: "float64" });
 * x.grad = tensor([250], { device, dtype: "float64" });
 * new NAdam([x], { lr: 0.1, momentumDecay: 0 }).step();
 * const mu = 0.45;
 * assertAlmostEquals(x.item(), 1 - 0.1 * (mu * 0.1 / (1 - mu * mu) + 1), 1e-9);
 * ```
 */
export class NAdam extends ParameterwiseOptimizer<NAdamOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.002 by default. */
  constructor(params: OptimizerParameters<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, NADAM_OPTIONS);
    super(params, {
      lr: 2e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      momentumDecay: 4e-3,
      decoupledWeightDecay: false,
      maximize: false,
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check({ lr, betas, eps, weightDecay, momentumDecay }: NAdamOptions): void {
    checkOption("NAdam", "lr", lr, { min: 0 });
    checkBetas("NAdam", betas);
    checkOption("NAdam", "eps", eps, { min: 0 });
    checkOption("NAdam", "weightDecay", weightDecay, { min: 0 });
    checkOption("NAdam", "momentumDecay", momentumDecay, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: NAdamOptions, state: ParameterState): void {
    const { lr, betas: [beta1, beta2], eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize } =
      options;
    const step = countStep(state);
    const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
    const [mu, next] = [momentum(step), momentum(step + 1)];
    const product = Number(state["muProduct"] ?? 1) * mu;
    state["muProduct"] = product;
    const root = Math.sqrt(1 - beta2 ** step);
    this.change(STEP, [p, remembered(state, "expAvg", p), remembered(state, "expAvgSq", p), grad], [
      lr * root * (1 - mu) / (1 - product),
      lr * root * next / (1 - product * next),
      eps * root,
      decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      maximize ? -1 : 1,
      decoupledWeightDecay ? 0 : weightDecay,
      1 - beta1,
      beta2,
      tinyFor(p),
    ]);
  }
}
