import { Adam, ADAM_OPTIONS, type AdamOptions } from "./adam.ts";
import type { OptimizerParameters } from "./optimizer.ts";
import { checkSurplus, readOptions } from "@troodon/core/kernel";

/**
 * {@linkcode Adam} whose weight decay shrinks the parameters by `lr * weightDecay` in each step, rather than adding
 * to the gradients (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101).
 *
 * @example Parameters shrink where there is no slope
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, zerosLike } from "@troodon/core";
 * import { AdamW } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([10], { device });
 * x.grad = zerosLike(x);
 * new AdamW([x], { lr: 0.1, weightDecay: 0.5 }).step();
 * assertAlmostEquals(x.item(), 9.5, 1e-6);
 * ```
 */
export class AdamW extends Adam {
  /** Takes tensors, or groups of them with options of their own. `weightDecay` is 0.01 by default. */
  constructor(params: OptimizerParameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ADAM_OPTIONS);
    super(params, { weightDecay: 1e-2, ...options });
  }

  /** It does. */
  protected override get decoupled(): boolean {
    return true;
  }
}
