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

export { Adadelta, type AdadeltaOptions } from "./adadelta.ts";
export { Adagrad, type AdagradOptions } from "./adagrad.ts";
export { Adam, type AdamOptions } from "./adam.ts";
export { Adamax, type AdamaxOptions } from "./adamax.ts";
export { AdamW } from "./adamw.ts";
export type { AnnealStrategy } from "./schedulers/anneal.ts";
export { ASGD, type ASGDOptions } from "./asgd.ts";
export * from "./averaged_parameters.ts";
export { ChainedScheduler } from "./schedulers/chained_scheduler.ts";
export { ComposedScheduler, type ComposedStateDict } from "./schedulers/composed_scheduler.ts";
export { ConstantLR, type ConstantLROptions } from "./schedulers/constant_lr.ts";
export { CosineAnnealingLR, type CosineAnnealingLROptions } from "./schedulers/cosine_annealing_lr.ts";
export * from "./schedulers/cosine_annealing_warm_restarts.ts";
export { CyclicLR, type CyclicLROptions, type CyclicMode } from "./schedulers/cyclic_lr.ts";
export { ExponentialLR, type ExponentialLROptions } from "./schedulers/exponential_lr.ts";
export { FlatParameters, flattenParameters } from "./flat_parameters.ts";
export { LambdaLR, type LambdaLROptions, type LrLambda } from "./schedulers/lambda_lr.ts";
export { LBFGS, type LBFGSOptions } from "./lbfgs.ts";
export { LinearLR, type LinearLROptions } from "./schedulers/linear_lr.ts";
export { linearWarmup, type LinearWarmupOptions } from "./schedulers/linear_warmup.ts";
export { MultiplicativeLR } from "./schedulers/multiplicative_lr.ts";
export { MultiStepLR, type MultiStepLROptions } from "./schedulers/multi_step_lr.ts";
export { Muon, type MuonOptions } from "./muon.ts";
export { NAdam, type NAdamOptions } from "./nadam.ts";
export { OneCycleLR, type OneCycleLROptions } from "./schedulers/one_cycle_lr.ts";
export * from "./optimizer.ts";
export { ParameterwiseOptimizer } from "./parameterwise.ts";
export { PolynomialLR, type PolynomialLROptions } from "./schedulers/polynomial_lr.ts";
export { RAdam, type RAdamOptions } from "./radam.ts";
export * from "./schedulers/reduce_lr_on_plateau.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export { Rprop, type RpropOptions } from "./rprop.ts";
export { LRScheduler, type SchedulerOptions, type SchedulerStateDict } from "./schedulers/scheduler.ts";
export { SequentialLR, type SequentialLROptions } from "./schedulers/sequential_lr.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
export { StepLR, type StepLROptions } from "./schedulers/step_lr.ts";
export { SWALR, type SWALROptions } from "./schedulers/swa_lr.ts";
