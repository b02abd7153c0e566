import type { Body, Tensor } from "@troodon/core";
import { body, checkSurplus, expr as e, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkOption } from "./check_option.ts";
import type { GroupOptions, OptimizerParameters, ParameterState } from "./optimizer.ts";
import { ParameterwiseOptimizer, remembered } from "./parameterwise.ts";
import { settled, tinyFor } from "./settle.ts";

/** Options of {@linkcode SGD}. */
export interface SGDOptions extends GroupOptions {
  /** How much of the last step's direction goes into the next; 0 by default. */
  momentum: number;
  /** How much less of the gradient goes into the momentum; 0 by default. */
  dampening: number;
  /** How much of the parameter is added to its gradient; 0 by default. */
  weightDecay: number;
  /** Looks ahead along the momentum (Sutskever et al. 2013); false by default. */
  nesterov: boolean;
  /** Goes up rather than down; false by default. */
  maximize: boolean;
}
const SGD_OPTIONS: OptionKeys<SGDOptions> = {
  lr: true,
  momentum: true,
  dampening: true,
  weightDecay: true,
  nesterov: true,
  maximize: true,
};

const [LR, SIGN, DECAY, MOMENTUM, KEEP, SMALL] = [0, 1, 2, 3, 4, 5].map(e.scalar);
const [P, BUFFER] = [0, 1].map(e.input);

const PLAIN: Body = body(e.sub(P!, e.mul(LR!, slope(1))));
const WITH_MOMENTUM: Body = withMomentum(false);
const NESTEROV: Body = withMomentum(true);

/** The gradient, which is input `g`, with its sign and the weight decay. */
function slope(g: number): e.Expr {
  return e.add(e.mul(SIGN!, e.input(g)), e.mul(DECAY!, P!));
}

function withMomentum(nesterov: boolean): Body {
  const g = slope(2);
  const buffer = settled(e.add(e.mul(MOMENTUM!, BUFFER!), e.mul(KEEP!, g)), SMALL!);
  const direction = nesterov ? e.add(g, e.mul(MOMENTUM!, buffer)) : buffer;
  return body(e.sub(P!, e.mul(LR!, direction)), buffer);
}

/**
 * Stochastic gradient descent, with momentum if asked for, as PyTorch has it:
 * `b = momentum * b + (1 - dampening) * (g + weightDecay * p)`, which is the
 * gradient itself at first, and `p = p - lr * b`.
 *
 * @example One step downhill
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([4, -2], { device });
 * x.grad = tensor([2, 2], { device });
 * new SGD([x], { lr: 0.5 }).step();
 * assertEquals(x.tolist(), [3, -3]);
 * ```
 */
export class SGD extends ParameterwiseOptimizer<SGDOptions> {
  /** Takes tensors, or groups of them with options of their own. `lr` is 0.001 by default. */
  constructor(params: OptimizerParameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, SGD_OPTIONS);
    super(params, {
      lr: 1e-3,
      momentum: 0,
      dampening: 0,
      weightDecay: 0,
      nesterov: false,
      maximize: false,
      ...options,
    });
  }

  /** Ranges of the options. */
  protected override check({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    checkOption("SGD", "lr", lr, { min: 0 });
    checkOption("SGD", "momentum", momentum, { min: 0 });
    checkOption("SGD", "dampening", dampening);
    checkOption("SGD", "weightDecay", weightDecay, { min: 0 });
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(
        `Cannot use SGD with nesterov as it needs momentum and no dampening: current ones are ${momentum} and ${dampening}`,
      );
    }
  }

  /** One step of one parameter. */
  protected override update(p: Tensor, grad: Tensor, options: SGDOptions, state: ParameterState): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = options;
    const sign = maximize ? -1 : 1;
    if (momentum === 0) return this.change(PLAIN, [p, grad], [lr, sign, weightDecay]);
    const keep = "momentumBuffer" in state ? 1 - dampening : 1;
    const buffer = remembered(state, "momentumBuffer", p);
    const kernel = nesterov ? NESTEROV : WITH_MOMENTUM;
    this.change(kernel, [p, buffer, grad], [lr, sign, weightDecay, momentum, keep, tinyFor(p)]);
  }
}
