import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { ANNEAL_STRATEGIES, type AnnealStrategy, progress } from "./anneal.ts";
import { checkChoice, checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { perGroup } from "./per_group.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@linkcode SWALR}. */
export interface SWALROptions extends SchedulerOptions {
  /** The learning rate that is kept at the end: of all groups, or of each. */
  readonly swaLr: number | readonly number[];
  /** Epochs until then; 10 by default. */
  readonly annealEpochs?: number;
  /** Along half a cosine, which is the default, or evenly. */
  readonly annealStrategy?: AnnealStrategy;
}
const SWALR_OPTIONS: OptionKeys<SWALROptions> = {
  swaLr: true,
  annealEpochs: true,
  annealStrategy: true,
  lastEpoch: true,
};

/**
 * Brings the learning rates from where they are to the constant ones of stochastic weight averaging (Izmailov et al. 2018,
 * https://arxiv.org/abs/1803.05407), during which an {@linkcode AveragedParameters} is updated.
 *
 * @example Evenly in two epochs
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { SGD, SWALR } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new SWALR(optimizer, { swaLr: 0.5, annealEpochs: 2, annealStrategy: "linear" });
 * const rates = [1, 2, 3].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.75, 0.5, 0.5]);
 * ```
 */
export class SWALR extends LRScheduler {
  /** The learning rate of each group that is kept at the end. */
  readonly swaLrs: readonly number[];
  /** Epochs until then. */
  readonly annealEpochs: number;
  readonly #strategy: AnnealStrategy;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If an option is out of its range.
   */
  constructor(
    optimizer: Optimizer<GroupOptions>,
    options: SWALROptions,
  ) {
    checkSurplus(new.target.name, arguments, 2);
    const { swaLr, annealEpochs = 10, annealStrategy = "cos", ...rest } = readOptions(
      new.target.name,
      options,
      SWALR_OPTIONS,
    );
    super(optimizer, rest);
    this.swaLrs = perGroup("SWALR", "swaLr", optimizer, swaLr);
    for (const lr of this.swaLrs) checkOption("SWALR", "swaLr", lr, { min: 0 });
    checkCount("SWALR", "annealEpochs", annealEpochs, 0);
    checkChoice("SWALR", "annealStrategy", annealStrategy, ANNEAL_STRATEGIES);
    this.annealEpochs = annealEpochs;
    this.#strategy = annealStrategy;
    if (this.isNew) this.begin();
  }

  #done(epoch: number): number {
    return this.annealEpochs === 0 ? 1 : progress(this.#strategy, Math.min(epoch / this.annealEpochs, 1));
  }

  /** The learning rate of a group before the first step. */
  protected override firstRate(lr: number, _baseLr: number, group: number): number {
    return this.annealEpochs === 0 ? this.swaLrs[group] ?? lr : lr;
  }

  /** The learning rate of a group after step `lastEpoch`. From the one before, as others may change it as well. */
  protected override rate(lr: number, _baseLr: number, group: number): number {
    const target = this.swaLrs[group];
    if (target === undefined) return lr;
    const [before, now] = [this.#done(this.lastEpoch - 1), this.#done(this.lastEpoch)];
    return now >= 1 ? target : target + (lr - target) * (1 - now) / (1 - before);
  }
}
