/**
 * Optimizers and learning-rate schedulers over any iterable of tensors.
 *
 * @example Down a parabola
 * ```ts
 * import { assert } from "@std/assert";
 * import { tape } from "@troodon/autograd";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const x = tensor([5], { device, requiresGrad: true });
 * const optimizer = new SGD([x], { lr: 0.1, momentum: 0.5 });
 * for (let i = 0; i < 50; i++) {
 *   optimizer.zeroGrad();
 *   x.sub(3).square().sum().backward();
 *   optimizer.step();
 * }
 * assert(Math.abs(x.item() - 3) < 1e-3);
 * ```
 *
 * @module
 */

export { Adam, type AdamOptions } from "./adam.ts";
export { AdamW } from "./adamw.ts";
export {
  type GroupInit,
  type GroupOptions,
  Optimizer,
  type OptimizerParameters,
  type OptimizerStateDict,
  type ParameterState,
  type ParamGroup,
  type ZeroGradOptions,
} from "./optimizer.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { LRScheduler, type SchedulerOptions, type SchedulerStateDict } from "./scheduler.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
export { StepLR, type StepLROptions } from "./step_lr.ts";
