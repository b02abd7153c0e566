import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { countStep, ParameterwiseOptimizer, remembered } from "./parameterwise.ts";

/** Options of {@linkcode ASGD}. */
export interface ASGDOptions extends GroupOptions {
  /** How fast parameters and steps shrink; 1e-4 by default. */
  lambd: number;
  /** The power of time by which steps shrink; 0.75 by default. */
  alpha: number;
  /** The step at which averaging begins; 1e6 by default. */
  t0: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const ASGD_OPTIONS: OptionKeys<ASGDOptions> = {
  lr: true,
  lambd: true,
  alpha: true,
  t0: true,
  weightDecay: true,
  maximize: true,
};

const STEP: Body = asgdStep();

function asgdStep(): Body {
  const [p, average] = [0, 1].map(e.input);
  const [eta, shrink, share, sign, decay] = [0, 1, 2, 3, 4].map(e.scalar);
  const g = e.add(e.mul(sign!, e.input(2)), e.mul(decay!, p!));
  const changed = e.sub(e.mul(shrink!, p!), e.mul(eta!, g));
  // Exactly `changed` where the share is 1.
  return body(changed, e.add(e.mul(e.sub(1, share!), average!), e.mul(share!, changed)));
}

/**
 * Averaged stochastic gradient descent (Polyak and Juditsky 1992, https://doi.org/10.1137/0330046; the schedule is
 * Bottou's): `p = (1 - lambd * eta) * p - eta * g` with `eta = lr / (1 + lambd * lr * t) ** alpha`, and in
 * `state.get(p).ax` the average of what the parameter was after step `t0 + 1`.
 *
 * @example The average is remembered
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, Tensor, tensor } from "@troodon/core";
 * import { ASGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([4], { device });
 * const optimizer = new ASGD([x], { lr: 1, lambd: 0, t0: 0 });
 * for (let i = 0; i < 3; i++) {
 *   x.grad = tensor([1], { device });
 *   optimizer.step();
 * }
 * const average = optimizer.state.get(x)?.ax as Tensor;
 * assertEquals([x.item(), average.item()], [1, (2 + 1) / 2]);
 * ```
 */
export class ASGD extends ParameterwiseOptimizer<ASGDOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.01 by default. */
  constructor(params: OptimizerParameters<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ASGD_OPTIONS);
    super(params, {
      lr: 1e-2,
      lambd: 1e-4,
      alpha: 0.75,
      t0: 1e6,
      weightDecay: 0,
      maximize: false,
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check({ lr, lambd, alpha, t0, weightDecay }: ASGDOptions): void {
    checkOption("ASGD", "lr", lr, { min: 0 });
    checkOption("ASGD", "lambd", lambd, { min: 0 });
    checkOption("ASGD", "alpha", alpha);
    checkOption("ASGD", "t0", t0, { min: 0 });
    checkOption("ASGD", "weightDecay", weightDecay, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: ASGDOptions, state: ParameterState): void {
    const { lr, lambd, alpha, t0, weightDecay, maximize } = options;
    const step = countStep(state);
    // As PyTorch has it: what a step uses was calculated at the end of the one before.
    const eta = Number(state["eta"] ?? lr);
    const mu = Number(state["mu"] ?? 1);
    const scalars = [eta, 1 - lambd * eta, mu, maximize ? -1 : 1, weightDecay];
    this.change(STEP, [p, remembered(state, "ax", p), grad], scalars);
    state["eta"] = lr / (1 + lambd * lr * step) ** alpha;
    state["mu"] = 1 / Math.max(1, step - t0);
  }
}
