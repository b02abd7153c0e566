import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { ParameterwiseOptimizer, remembered } from "./parameterwise.ts";

/** Options of {@linkcode Adadelta}. */
export interface AdadeltaOptions extends GroupOptions {
  /** How slowly the mean squares of gradient and step forget; 0.9 by default. */
  rho: number;
  /** Added to both mean squares before their roots are taken; 1e-6 by default. */
  eps: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const ADADELTA_OPTIONS: OptionKeys<AdadeltaOptions> = {
  lr: true,
  rho: true,
  eps: true,
  weightDecay: true,
  maximize: true,
};

const STEP: Body = adadeltaStep();

function adadeltaStep(): Body {
  const [p, square, moved] = [0, 1, 2].map(e.input);
  const [lr, rho, eps, sign, decay] = [0, 1, 2, 3, 4].map(e.scalar);
  const g = e.add(e.mul(sign!, e.input(3)), e.mul(decay!, p!));
  const forget = e.sub(1, rho!);
  const squares = e.add(e.mul(rho!, square!), e.mul(forget, e.square(g)));
  const step = e.mul(e.div(e.sqrt(e.add(moved!, eps!)), e.sqrt(e.add(squares, eps!))), g);
  const steps = e.add(e.mul(rho!, moved!), e.mul(forget, e.square(step)));
  return body(e.sub(p!, e.mul(lr!, step)), squares, steps);
}

/**
 * Adadelta (Zeiler 2012, https://arxiv.org/abs/1212.5701): steps of the size of earlier steps,
 * `v = rho * v + (1 - rho) * g^2`, `d = sqrt(u + eps) / sqrt(v + eps) * g`, `u = rho * u + (1 - rho) * d^2` and
 * `p = p - lr * d`.
 *
 * @example One step
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Adadelta } from "@troodon/optim";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device });
 * x.grad = tensor([2], { device });
 * new Adadelta([x], { rho: 0.75, eps: 1 }).step();
 * assertAlmostEquals(x.item(), 1 - 2 / Math.sqrt(0.25 * 4 + 1), 1e-6);
 * ```
 */
export class Adadelta extends ParameterwiseOptimizer<AdadeltaOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 1 by default. */
  constructor(params: OptimizerParameters<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ADADELTA_OPTIONS);
    super(params, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false, ...options });
  }

  /** Ranges of the options. */
  protected override check({ lr, rho, eps, weightDecay }: AdadeltaOptions): void {
    checkOption("Adadelta", "lr", lr, { min: 0 });
    checkOption("Adadelta", "rho", rho, { min: 0, max: 1 });
    checkOption("Adadelta", "eps", eps, { min: 0 });
    checkOption("Adadelta", "weightDecay", weightDecay, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: AdadeltaOptions, state: ParameterState): void {
    const { lr, rho, eps, weightDecay, maximize } = options;
    const tensors = [p, remembered(state, "squareAvg", p), remembered(state, "accDelta", p), grad];
    this.change(STEP, tensors, [lr, rho, eps, maximize ? -1 : 1, weightDecay]);
  }
}
