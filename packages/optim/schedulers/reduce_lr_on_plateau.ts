import {
  checkSurplus,
  type OptionKeys,
  readOptions,
  recordedSection,
  showAsText,
} from "@troodon/core/kernel";
import { checkChoice, checkCount, checkOption } from "../check_option.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { perGroup } from "./per_group.ts";
import { checkSchedulerState } from "./scheduler_state.ts";
import { showScheduler } from "./show_scheduler.ts";
import { checkOptimizer } from "./check_optimizer.ts";

/** Options of {@linkcode ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions {
  /** "min" if smaller values are better, which is the default, or "max". */
  readonly mode?: "min" | "max";
  /** Factor for the learning rates; 0.1 by default. */
  readonly factor?: number;
  /** Number of epochs without a better value that are tolerated; 10 by default. */
  readonly patience?: number;
  /** Smallest improvement that counts; 1e-4 by default. */
  readonly threshold?: number;
  /** Meaning of `threshold`: a share of the best value ("rel", the default), or a difference from it ("abs"). */
  readonly thresholdMode?: "rel" | "abs";
  /** Epochs after a reduction that do not count; 0 by default. */
  readonly cooldown?: number;
  /** The lowest learning rate: of all groups, or of each; 0 by default. */
  readonly minLr?: number | readonly number[];
  /** Smaller changes of a learning rate are not made; 1e-8 by default. */
  readonly eps?: number;
}
const REDUCE_LR_ON_PLATEAU_OPTIONS: OptionKeys<ReduceLROnPlateauOptions> = {
  mode: true,
  factor: true,
  patience: true,
  threshold: true,
  thresholdMode: true,
  cooldown: true,
  minLr: true,
  eps: true,
};

/** Everything needed to go on where a {@linkcode ReduceLROnPlateau} stopped. */
export interface PlateauStateDict {
  /** Steps done. */
  readonly lastEpoch: number;
  /** The best value so far, null if there is none. */
  readonly best: number | null;
  /** Epochs since then that count. */
  readonly numBadEpochs: number;
  /** Epochs to come that do not. */
  readonly cooldownCounter: number;
  /** The learning rate of each group now. */
  readonly lastLr: readonly number[];
}

/**
 * Lowers the learning rates when a value has stopped getting better: a loss or an accuracy, given to each `step`.
 *
 * @example Two epochs without progress are enough
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { ReduceLROnPlateau, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { lr: 1 });
 * const scheduler = new ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 1 });
 * const rates = [3, 2, 2, 2, 1].map((loss) => (scheduler.step(loss), scheduler.getLastLr()[0]));
 * assertEquals(rates, [1, 1, 1, 0.5, 0.5]);
 * ```
 */
export class ReduceLROnPlateau {
  /** The optimizer whose learning rates it sets. */
  readonly optimizer: Optimizer<GroupOptions>;
  /** The best value so far, null if there is none. */
  best: number | null = null;
  /** Steps done. */
  lastEpoch = 0;
  /** Epochs without a better value that count. */
  numBadEpochs = 0;
  /** Epochs to come that do not. */
  cooldownCounter = 0;
  readonly #options: Required<ReduceLROnPlateauOptions>;
  readonly #minLrs: readonly number[];

  /**
   * Begins with the learning rates that the optimizer has.
   *
   * @throws {RangeError} If `factor` is not in [0, 1), or another option is out of its range.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: ReduceLROnPlateauOptions = {}) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, REDUCE_LR_ON_PLATEAU_OPTIONS);
    checkOptimizer(new.target.name, optimizer);
    const all = {
      mode: "min",
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: "rel",
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
      ...options,
    } as const;
    checkChoice("ReduceLROnPlateau", "mode", all.mode, ["min", "max"]);
    checkChoice("ReduceLROnPlateau", "thresholdMode", all.thresholdMode, ["rel", "abs"]);
    checkOption("ReduceLROnPlateau", "factor", all.factor, { min: 0, below: 1 });
    checkOption("ReduceLROnPlateau", "threshold", all.threshold, { min: 0 });
    checkOption("ReduceLROnPlateau", "eps", all.eps, { min: 0 });
    checkCount("ReduceLROnPlateau", "patience", all.patience, 0);
    checkCount("ReduceLROnPlateau", "cooldown", all.cooldown, 0);
    this.optimizer = optimizer;
    this.#options = all;
    this.#minLrs = perGroup("ReduceLROnPlateau", "minLr", optimizer, all.minLr);
    for (const lr of this.#minLrs) checkOption("ReduceLROnPlateau", "minLr", lr);
  }

  /** Ends an epoch that came to `value`. */
  step(value: number): void {
    recordedSection((now = value) => this.#step(now), { numbers: [value] });
  }

  #step(value: number): void {
    const { patience, cooldown } = this.#options;
    this.lastEpoch++;
    if (this.#isBetter(value)) {
      this.best = value;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs <= patience) return;
    this.#reduce();
    this.cooldownCounter = cooldown;
    this.numBadEpochs = 0;
  }

  #isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    if (this.best === null) return !Number.isNaN(value);
    const sign = mode === "min" ? -1 : 1;
    const bound = thresholdMode === "rel" ? this.best * (1 + sign * threshold) : this.best + sign * threshold;
    return sign * value > sign * bound;
  }

  #reduce(): void {
    const { factor, eps } = this.#options;
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * factor, this.#minLrs[i] ?? 0);
      if (group.lr - lr > eps) group.lr = lr;
    });
  }

  /** The learning rate of each group now. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** The best value so far, and its other numbers. */
  toString(): string {
    return showScheduler(this);
  }

  static {
    showAsText(this);
  }

  /** All that is needed to go on from here; plain data. */
  stateDict(): PlateauStateDict {
    const { lastEpoch, best, numBadEpochs, cooldownCounter } = this;
    return { lastEpoch, best, numBadEpochs, cooldownCounter, lastLr: this.getLastLr() };
  }

  /**
   * Goes on from where the scheduler that gave `dict` was.
   *
   * @throws {RangeError} If the number of groups of the optimizer differs, or a number is out of range;
   * nothing is changed then.
   * @throws {TypeError} If the state belongs to another kind of scheduler; nothing is changed then.
   */
  loadStateDict(dict: PlateauStateDict): void {
    checkSchedulerState(this, dict);
    const rates = perGroup("ReduceLROnPlateau", "lastLr", this.optimizer, dict.lastLr);
    this.optimizer.paramGroups.forEach((group, i) => group.lr = rates[i]!);
    this.lastEpoch = dict.lastEpoch;
    this.best = dict.best;
    this.numBadEpochs = dict.numBadEpochs;
    this.cooldownCounter = dict.cooldownCounter;
  }
}
