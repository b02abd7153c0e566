import { checkCall, type OptionKeys, readOptions, showOperand } from "@troodon/core/kernel";
import { LinearLR } from "./linear_lr.ts";
import { LRScheduler } from "./scheduler.ts";
import { SequentialLR } from "./sequential_lr.ts";

/** Options of {@linkcode linearWarmup}. */
export interface LinearWarmupOptions {
  /** Epochs, or batches if that is what `step` ends, until the learning rates are whole. */
  readonly totalIters: number;
  /** What the learning rates are multiplied by at the beginning; `1 / (totalIters + 1)` by default, which goes up evenly from 0. */
  readonly startFactor?: number;
}
const LINEAR_WARMUP_OPTIONS: OptionKeys<LinearWarmupOptions> = { totalIters: true, startFactor: true };

/**
 * A scheduler that raises the learning rates evenly at first (Goyal et al. 2017, https://arxiv.org/abs/1706.02677), and
 * then does what `scheduler` does from its beginning.
 *
 * @example Three epochs up, then down along a cosine
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { CosineAnnealingLR, linearWarmup, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = linearWarmup(new CosineAnnealingLR(optimizer, { tMax: 4 }), { totalIters: 3 });
 * for (const expected of [0.25, 0.5, 0.75, 1, (2 + Math.SQRT2) / 4, 0.5]) {
 *   assertAlmostEquals(scheduler.getLastLr()[0]!, expected);
 *   scheduler.step();
 * }
 * ```
 */
export function linearWarmup(scheduler: LRScheduler, options: LinearWarmupOptions): SequentialLR {
  checkCall("linearWarmup", arguments, "..");
  if (!(scheduler instanceof LRScheduler)) {
    throw new TypeError(
      `Cannot apply linearWarmup() as there must be a scheduler: current one is ${showOperand(scheduler)}`,
    );
  }
  options = readOptions("linearWarmup()", options, LINEAR_WARMUP_OPTIONS);
  const { totalIters, startFactor = 1 / (totalIters + 1) } = options;
  const warmUp = new LinearLR(scheduler.optimizer, { totalIters, startFactor });
  return new SequentialLR([warmUp, scheduler], { milestones: [totalIters] });
}
