import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkBetas, checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { countStep, ParameterwiseOptimizer, remembered } from "./parameterwise.ts";
import { settled, TINY } from "./settle.ts";

/** Options of {@linkcode Adam} and {@linkcode AdamW}. */
export interface AdamOptions extends GroupOptions {
  /** How slowly the means of the gradient and of its square forget; 0.9 and 0.999 by default. */
  betas: readonly [number, number];
  /** Added to the divisor; 1e-8 by default. */
  eps: number;
  /** Adam: how much of the parameter is added to its gradient, 0 by default. AdamW: how fast it shrinks, 0.01. */
  weightDecay: number;
  /** Divides by the largest mean square so far (Reddi et al. 2018); false by default. */
  amsgrad: boolean;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}

/** The keys of {@linkcode AdamOptions}. */
export const ADAM_OPTIONS: OptionKeys<AdamOptions> = {
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  amsgrad: true,
  maximize: true,
};

/** What not every step has, as bits. */
const [AMSGRAD, UPHILL, DECAY, SHRINK, DOUBLE] = [1, 2, 4, 8, 16] as const;

/** By their bits. */
const bodies: Body[] = [];

/**
 * m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * p = shrink p - lr (m / bias1) / (sqrt(v / bias2) + eps), with the corrections
 * drawn out of the fraction: size = lr sqrt(bias2) / bias1, floor = eps sqrt(bias2).
 */
function adamStep(bits: number): Body {
  const [size, floor, forget1, beta2, forget2, decay, shrink] = [0, 1, 2, 3, 4, 5, 6].map(e.scalar);
  const [p, m, v, top] = [0, 1, 2, 3].map(e.input), given = e.input(bits & AMSGRAD ? 4 : 3);
  const uphill = bits & UPHILL ? e.neg(given) : given;
  const g = bits & DECAY ? e.add(uphill, e.mul(decay!, p!)) : uphill;
  const exact = e.add(m!, e.mul(forget1!, e.sub(g, m!)));
  const mean = bits & DOUBLE ? exact : settled(exact, TINY);
  const square = e.add(e.mul(beta2!, v!), e.mul(forget2!, e.square(g)));
  const spread = bits & AMSGRAD ? e.max(top!, square) : square;
  const step = e.div(e.mul(size!, mean), e.add(e.sqrt(spread), floor!));
  const changed = e.sub(bits & SHRINK ? e.mul(shrink!, p!) : p!, step);
  return bits & AMSGRAD ? body(changed, mean, square, spread) : body(changed, mean, square);
}

/**
 * Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980): steps along a
 * running mean of the gradient, divided by the root of a running mean of its square.
 *
 * @example The first step is as long as `lr`, whatever the gradient
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { Adam } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device });
 * x.grad = tensor([250], { device });
 * new Adam([x], { lr: 0.25 }).step();
 * assertAlmostEquals(x.item(), 0.75, 1e-6);
 * ```
 */
export class Adam extends ParameterwiseOptimizer<AdamOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.001 by default. */
  constructor(params: OptimizerParameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ADAM_OPTIONS);
    super(params, {
      lr: 1e-3,
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0,
      amsgrad: false,
      maximize: false,
      ...options,
    });
  }

  /** Whether weight decay shrinks the parameter rather than adding to the gradient. */
  protected get decoupled(): boolean {
    return false;
  }

  /** Ranges of the options. */
  protected override check({ lr, betas, eps, weightDecay }: AdamOptions): void {
    checkOption(this.name, "lr", lr, { min: 0 });
    checkBetas(this.name, betas);
    checkOption(this.name, "eps", eps, { min: 0 });
    checkOption(this.name, "weightDecay", weightDecay, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: AdamOptions, state: ParameterState): void {
    const { weightDecay, amsgrad, maximize } = options;
    const scalars = this.shared(options, countStep(state), adamScalars);
    const tensors = [p, remembered(state, "expAvg", p), remembered(state, "expAvgSq", p)];
    if (amsgrad) tensors.push(remembered(state, "maxExpAvgSq", p));
    tensors.push(grad);
    const decay = weightDecay === 0 ? 0 : this.decoupled ? SHRINK : DECAY;
    const bits = (amsgrad ? AMSGRAD : 0) | (maximize ? UPHILL : 0) | (p.dtype === "float64" ? DOUBLE : 0) |
      decay;
    this.change(bodies[bits] ??= adamStep(bits), tensors, scalars);
  }
}

function adamScalars(options: AdamOptions, step: number): number[] {
  const { lr, betas: [beta1, beta2], eps, weightDecay } = options;
  const root = Math.sqrt(1 - beta2 ** step);
  return [
    lr * root / (1 - beta1 ** step),
    eps * root,
    1 - beta1,
    beta2,
    1 - beta2,
    weightDecay,
    1 - lr * weightDecay,
  ];
}
