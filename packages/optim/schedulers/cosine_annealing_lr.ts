import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode CosineAnnealingLR}. */
export interface CosineAnnealingLROptions extends SchedulerOptions {
  /** Epochs from the highest to the lowest learning rate; after as many again it is the highest. */
  readonly tMax: number;
  /** The lowest learning rate; 0 by default. */
  readonly etaMin?: number;
}
const COSINE_ANNEALING_LR_OPTIONS: OptionKeys<CosineAnnealingLROptions> = {
  tMax: true,
  etaMin: true,
  lastEpoch: true,
};

/**
 * Lowers the learning rates along half a cosine (Loshchilov and Hutter 2017, https://arxiv.org/abs/1608.03983, without
 * the restarts): `etaMin + (base - etaMin) * (1 + cos(pi * t / tMax)) / 2`.
 *
 * @example Down to 0
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { CosineAnnealingLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new CosineAnnealingLR(optimizer, { tMax: 4 });
 * const rates = [1, 2, 3, 4].map(() => (scheduler.step(), scheduler.getLastLr()[0]!));
 * assertAlmostEquals(rates[0]!, (2 + Math.SQRT2) / 4);
 * assertAlmostEquals(rates[1]!, 0.5);
 * assertAlmostEquals(rates[3]!, 0);
 * ```
 */
export class CosineAnnealingLR extends LRScheduler {
  /** Epochs from the highest to the lowest learning rate. */
  readonly tMax: number;
  /** The lowest learning rate. */
  readonly etaMin: number;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `tMax` is not a positive integer or `etaMin` not a number.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: CosineAnnealingLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    const { tMax, etaMin = 0, ...rest } = readOptions(new.target.name, options, COSINE_ANNEALING_LR_OPTIONS);
    super(optimizer, rest);
    checkCount("CosineAnnealingLR", "tMax", tMax);
    checkOption("CosineAnnealingLR", "etaMin", etaMin);
    this.tMax = tMax;
    this.etaMin = etaMin;
  }

  /** The learning rate of a group after step `lastEpoch`. From the one before, as others may change it as well. */
  protected override rate(lr: number, baseLr: number): number {
    const { tMax, etaMin } = this;
    const height = (epoch: number): number => 1 + Math.cos(Math.PI * epoch / tMax);
    const before = this.lastEpoch - 1;
    // From the bottom there is no way up by multiplication.
    if ((before - tMax) % (2 * tMax) === 0) return lr + (baseLr - etaMin) * height(before + 1) / 2;
    return etaMin + (lr - etaMin) * height(before + 1) / height(before);
  }
}
