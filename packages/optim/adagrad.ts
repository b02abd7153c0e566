import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { countStep, ParameterwiseOptimizer, remembered } from "./parameterwise.ts";

/** Options of {@linkcode Adagrad}. */
export interface AdagradOptions extends GroupOptions {
  /** Step `t`, from 0 on, goes `1 + t * lrDecay` times less far; 0 by default. */
  lrDecay: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** What the sum of squares begins with; 0 by default. */
  initialAccumulatorValue: number;
  /** Added to the divisor; 1e-10 by default. */
  eps: number;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const ADAGRAD_OPTIONS: OptionKeys<AdagradOptions> = {
  lr: true,
  lrDecay: true,
  weightDecay: true,
  initialAccumulatorValue: true,
  eps: true,
  maximize: true,
};

const STEP: Body = adagradStep();

function adagradStep(): Body {
  const [p, sum] = [0, 1].map(e.input);
  const [lr, eps, sign, decay] = [0, 1, 2, 3].map(e.scalar);
  const g = e.add(e.mul(sign!, e.input(2)), e.mul(decay!, p!));
  const total = e.add(sum!, e.square(g));
  return body(e.sub(p!, e.div(e.mul(lr!, g), e.add(e.sqrt(total), eps!))), total);
}

/**
 * Adagrad (Duchi, Hazan and Singer 2011, https://jmlr.org/papers/v12/duchi11a.html): divides the gradient by the root of
 * the sum of all its squares so far, `s = s + g^2` and `p = p - lr / (1 + (t - 1) * lrDecay) * g / (sqrt(s) + eps)`.
 *
 * @example Two steps
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { Adagrad } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device });
 * const optimizer = new Adagrad([x], { lr: 0.1 });
 * x.grad = tensor([3], { device });
 * optimizer.step();
 * x.grad = tensor([4], { device });
 * optimizer.step();
 * assertAlmostEquals(x.item(), 1 - 0.1 * 3 / 3 - 0.1 * 4 / 5, 1e-6);
 * ```
 */
export class Adagrad extends ParameterwiseOptimizer<AdagradOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.01 by default. */
  constructor(params: OptimizerParameters<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ADAGRAD_OPTIONS);
    super(params, {
      lr: 1e-2,
      lrDecay: 0,
      weightDecay: 0,
      initialAccumulatorValue: 0,
      eps: 1e-10,
      maximize: false,
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check(options: AdagradOptions): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps } = options;
    checkOption("Adagrad", "lr", lr, { min: 0 });
    checkOption("Adagrad", "lrDecay", lrDecay, { min: 0 });
    checkOption("Adagrad", "weightDecay", weightDecay, { min: 0 });
    checkOption("Adagrad", "initialAccumulatorValue", initialAccumulatorValue, { min: 0 });
    checkOption("Adagrad", "eps", eps, { min: 0 });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: AdagradOptions, state: ParameterState): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize } = options;
    const size = lr / (1 + (countStep(state) - 1) * lrDecay);
    const sum = remembered(state, "sum", p, initialAccumulatorValue);
    this.change(STEP, [p, sum, grad], [size, eps, maximize ? -1 : 1, weightDecay]);
  }
}
