import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkBetas, checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { countStep, ParameterwiseOptimizer, remembered } from "./parameterwise.ts";
import { settled, tinyFor } from "./settle.ts";

/** Options of {@linkcode Adamax}. */
export interface AdamaxOptions extends GroupOptions {
  /** How slowly the mean of the gradient and its largest size forget; 0.9 and 0.999 by default. */
  betas: readonly [number, number];
  /** Added to the size of each gradient; 1e-8 by default. */
  eps: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const ADAMAX_OPTIONS: OptionKeys<AdamaxOptions> = {
  lr: true,
  betas: true,
  eps: true,
  weightDecay: true,
  maximize: true,
};

const STEP: Body = adamaxStep();

function adamaxStep(): Body {
  const [p, m, top] = [0, 1, 2].map(e.input);
  const [size, eps, sign, decay, forget1, beta2, tiny] = [0, 1, 2, 3, 4, 5, 6].map(e.scalar);
  const g = e.add(e.mul(sign!, e.input(3)), e.mul(decay!, p!));
  const mean = settled(e.add(m!, e.mul(forget1!, e.sub(g, m!))), tiny!);
  const largest = e.max(e.mul(beta2!, top!), e.add(e.abs(g), eps!));
  return body(e.sub(p!, e.div(e.mul(size!, mean), largest)), mean, largest);
}

/**
 * Adamax (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980, section 7.1): Adam by the largest gradient rather than
 * the mean square, `m = beta1 * m + (1 - beta1) * g`, `u = max(beta2 * u, |g| + eps)` and
 * `p = p - lr / (1 - beta1 ** t) * m / u`.
 *
 * @example The first step is as long as `lr`, whatever the gradient
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { Adamax } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device });
 * x.grad = tensor([-250], { device });
 * new Adamax([x], { lr: 0.25 }).step();
 * assertAlmostEquals(x.item(), 1.25, 1e-6);
 * ```
 */
export class Adamax extends ParameterwiseOptimizer<AdamaxOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.002 by default. */
  constructor(params: OptimizerParameters<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ADAMAX_OPTIONS);
    super(params, { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false, ...options });
  }

  /** Ranges of the options. */
  protected override check({ lr, betas, eps, weightDecay }: AdamaxOptions): void {
    checkOption("Adamax", "lr", lr, { min: 0 });
    checkBetas("Adamax", betas);
    checkOption("Adamax", "eps", eps, { min: 0 });
    checkOption("Adamax", "weightDecay", weightDecay, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: AdamaxOptions, state: ParameterState): void {
    const { lr, betas: [beta1, beta2], eps, weightDecay, maximize } = options;
    const size = lr / (1 - beta1 ** countStep(state));
    const tensors = [p, remembered(state, "expAvg", p), remembered(state, "expInf", p), grad];
    this.change(STEP, tensors, [size, eps, maximize ? -1 : 1, weightDecay, 1 - beta1, beta2, tinyFor(p)]);
  }
}
