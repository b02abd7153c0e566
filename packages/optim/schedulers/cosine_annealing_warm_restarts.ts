import { checkSurplus, type OptionKeys, readOptions, recordedSection } from "@troodon/core/kernel";
import { checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions, type SchedulerStateDict } from "./scheduler.ts";

/** Options of {@linkcode CosineAnnealingWarmRestarts}. */
export interface CosineAnnealingWarmRestartsOptions extends SchedulerOptions {
  /** Epochs from the beginning to the first restart. */
  readonly t0: number;
  /** Factor by which each period is longer than the one before; 1 by default. */
  readonly tMult?: number;
  /** The lowest learning rate; 0 by default. */
  readonly etaMin?: number;
}
const COSINE_ANNEALING_WARM_RESTARTS_OPTIONS: OptionKeys<CosineAnnealingWarmRestartsOptions> = {
  t0: true,
  tMult: true,
  etaMin: true,
  lastEpoch: true,
};

/** State of {@linkcode CosineAnnealingWarmRestarts}. */
export interface WarmRestartsStateDict extends SchedulerStateDict {
  /** Epochs done, with their fraction. */
  readonly position: number;
}

/**
 * Lowers the learning rates along half a cosine again and again (SGDR; Loshchilov and Hutter 2017,
 * https://arxiv.org/abs/1608.03983): `etaMin + (base - etaMin) * (1 + cos(pi * t / T)) / 2`, `t` epochs after a restart
 * from which it is `T` to the next.
 *
 * @example Restarts after 2 and 2 + 4 epochs
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { CosineAnnealingWarmRestarts, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new CosineAnnealingWarmRestarts(optimizer, { t0: 2, tMult: 2 });
 * for (const expected of [0.5, 1, (2 + Math.SQRT2) / 4, 0.5, (2 - Math.SQRT2) / 4, 1]) {
 *   scheduler.step();
 *   assertAlmostEquals(scheduler.getLastLr()[0]!, expected);
 * }
 * ```
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  /** Epochs from the beginning to the first restart. */
  readonly t0: number;
  /** Factor by which each period is longer than the one before. */
  readonly tMult: number;
  /** The lowest learning rate. */
  readonly etaMin: number;
  #position: number;

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `t0` or `tMult` is not a positive integer or `etaMin` not a number.
   */
  constructor(
    optimizer: Optimizer<GroupOptions>,
    options: CosineAnnealingWarmRestartsOptions,
  ) {
    checkSurplus(new.target.name, arguments, 2);
    const { t0, tMult = 1, etaMin = 0, ...rest } = readOptions(
      new.target.name,
      options,
      COSINE_ANNEALING_WARM_RESTARTS_OPTIONS,
    );
    super(optimizer, rest);
    checkCount("CosineAnnealingWarmRestarts", "t0", t0);
    checkCount("CosineAnnealingWarmRestarts", "tMult", tMult);
    checkOption("CosineAnnealingWarmRestarts", "etaMin", etaMin);
    this.t0 = t0;
    this.tMult = tMult;
    this.etaMin = etaMin;
    this.#position = this.lastEpoch;
  }

  /** Begins with the learning rates that the optimizer has now. */
  override begin(): void {
    this.#position = 0;
    super.begin();
  }

  /**
   * Ends an epoch, or goes to `epoch`, which may be a fraction: `epoch + batch / batches` after each batch.
   *
   * @throws {RangeError} If `epoch` is negative or not a number.
   */
  override step(epoch?: number): void {
    if (epoch !== undefined) checkOption("CosineAnnealingWarmRestarts", "epoch", epoch, { min: 0 });
    recordedSection((position = this.#position + 1) => {
      this.#position = position;
      this.lastEpoch = Math.floor(position) - 1;
      super.step();
    }, { numbers: epoch === undefined ? [] : [epoch] });
  }

  /** The learning rate of a group at the position. */
  protected override rate(_lr: number, baseLr: number): number {
    let [since, period] = [this.#position, this.t0];
    if (this.tMult === 1) since %= period;
    else {
      while (since >= period) {
        since -= period;
        period *= this.tMult;
      }
    }
    return this.etaMin + (baseLr - this.etaMin) * (1 + Math.cos(Math.PI * since / period)) / 2;
  }

  /** All that is needed to go on from here; plain data. */
  override stateDict(): WarmRestartsStateDict {
    return { ...super.stateDict(), position: this.#position };
  }

  /** Goes on from where the scheduler that gave `dict` was. */
  override loadStateDict(dict: WarmRestartsStateDict): void {
    super.loadStateDict(dict);
    this.#position = dict.position;
  }
}
