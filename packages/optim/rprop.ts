import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkList, checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { ParameterwiseOptimizer, remembered } from "./parameterwise.ts";

/** Options of {@linkcode Rprop}. */
export interface RpropOptions extends GroupOptions {
  /** What a step is multiplied by where the gradient has changed its sign, and where it has not; 0.5 and 1.2 by default. */
  etas: readonly [number, number];
  /** The shortest and the longest step; 1e-6 and 50 by default. */
  stepSizes: readonly [number, number];
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const RPROP_OPTIONS: OptionKeys<RpropOptions> = { lr: true, etas: true, stepSizes: true, maximize: true };

const STEP: Body = rpropStep();

function rpropStep(): Body {
  const [p, before, size] = [0, 1, 2].map(e.input);
  const [sign, shrink, grow, shortest, longest] = [0, 1, 2, 3, 4].map(e.scalar);
  const g = e.mul(sign!, e.input(3));
  const agreement = e.mul(g, before!);
  const turned = e.less(agreement, 0);
  const factor = e.where(turned, shrink!, e.where(e.less(0, agreement), grow!, 1));
  const next = e.min(e.max(e.mul(size!, factor), shortest!), longest!);
  // No step where the sign has changed, and none is held against the next.
  const slope = e.where(turned, 0, g);
  return body(e.sub(p!, e.mul(e.sign(slope), next)), slope, next);
}

/**
 * Resilient backpropagation (Riedmiller and Braun 1993, https://doi.org/10.1109/ICNN.1993.298623), for whole data sets
 * rather than batches: steps by the sign of the gradient alone. Each element has a step length of its own, `lr` at
 * first, which grows while the sign stays and shrinks where it has changed: `p = p - sign(g) * length`.
 *
 * @example The gradient's size does not matter
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { Rprop } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1], { device });
 * const optimizer = new Rprop([x], { lr: 0.1 });
 * x.grad = tensor([1000], { device });
 * optimizer.step();
 * x.grad = tensor([0.001], { device });
 * optimizer.step();
 * assertAlmostEquals(x.item(), 1 - 0.1 - 0.12, 1e-6);
 * ```
 */
export class Rprop extends ParameterwiseOptimizer<RpropOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.01 by default. */
  constructor(params: OptimizerParameters<RpropOptions>, options: Partial<RpropOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, RPROP_OPTIONS);
    super(params, { lr: 1e-2, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false, ...options });
  }

  /** Ranges of the options. */
  protected override check({ lr, etas, stepSizes }: RpropOptions): void {
    checkOption("Rprop", "lr", lr, { min: 0 });
    checkList("Rprop", "etas", etas, 2);
    checkList("Rprop", "stepSizes", stepSizes, 2);
    checkOption("Rprop", "etas[0]", etas[0], { above: 0, below: 1 });
    checkOption("Rprop", "etas[1]", etas[1], { above: 1 });
    checkOption("Rprop", "stepSizes[0]", stepSizes[0], { min: 0 });
    checkOption("Rprop", "stepSizes[1]", stepSizes[1], { min: stepSizes[0] });
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: RpropOptions, state: ParameterState): void {
    const { lr, etas, stepSizes, maximize } = options;
    const tensors = [p, remembered(state, "prev", p), remembered(state, "stepSize", p, lr), grad];
    this.change(STEP, tensors, [maximize ? -1 : 1, ...etas, ...stepSizes]);
  }
}
