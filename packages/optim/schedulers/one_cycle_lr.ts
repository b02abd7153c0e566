import {
  checkSurplus,
  type OptionKeys,
  pickOptions,
  readOptions,
  recordedSection,
} from "@troodon/core/kernel";
import { anneal, ANNEAL_STRATEGIES, type AnnealStrategy } from "./anneal.ts";
import { checkChoice, checkCount, checkOption } from "../check_option.ts";
import { momentumRanges, setMomentum } from "./momentum.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { perGroup } from "./per_group.ts";
import {
  LRScheduler,
  SCHEDULER_OPTIONS,
  type SchedulerOptions,
  type SchedulerStateDict,
} from "./scheduler.ts";

/** Options of {@linkcode OneCycleLR}. */
export interface OneCycleLROptions extends SchedulerOptions {
  /** The highest learning rate: of all groups, or of each. */
  readonly maxLr: number | readonly number[];
  /** Steps of the whole cycle; `epochs * stepsPerEpoch` if it is not given. */
  readonly totalSteps?: number;
  /** Epochs of the whole cycle. */
  readonly epochs?: number;
  /** Steps, which are batches, in an epoch. */
  readonly stepsPerEpoch?: number;
  /** Which part of the cycle goes up; 0.3 by default. */
  readonly pctStart?: number;
  /** Along half a cosine, which is the default, or evenly. */
  readonly annealStrategy?: AnnealStrategy;
  /** Whether momentum, or the first of `betas`, goes down as the learning rate goes up; true by default. */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum: of all groups, or of each; 0.85 by default. */
  readonly baseMomentum?: number | readonly number[];
  /** The highest momentum: of all groups, or of each; 0.95 by default. */
  readonly maxMomentum?: number | readonly number[];
  /** `maxLr` divided by the learning rate of the beginning; 25 by default. */
  readonly divFactor?: number;
  /** The learning rate of the beginning divided by that of the end; 1e4 by default. */
  readonly finalDivFactor?: number;
  /** Goes down as far as up, and then on to the end; false by default, when it goes down to the end at once. */
  readonly threePhase?: boolean;
}
const ONE_CYCLE_LR_OPTIONS: OptionKeys<OneCycleLROptions> = {
  maxLr: true,
  totalSteps: true,
  epochs: true,
  stepsPerEpoch: true,
  pctStart: true,
  annealStrategy: true,
  cycleMomentum: true,
  baseMomentum: true,
  maxMomentum: true,
  divFactor: true,
  finalDivFactor: true,
  threePhase: true,
  lastEpoch: true,
};

/** Extremes of learning rate or momentum. */
type Level = "initial" | "max" | "min";

/** Until step `end`: the learning rate goes from the first level to the second; momentum from high to low or back. */
interface Phase {
  readonly end: number;
  readonly from: Level;
  readonly to: Level;
}

/**
 * The 1cycle policy (Smith and Topin 2019, https://arxiv.org/abs/1708.07120): from a low learning rate up to a high one,
 * and down to one that is much lower still, with the momentum the other way round. `step` ends a batch, not an epoch.
 *
 * @example Up in the first half, and down
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { OneCycleLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { momentum: 0.9 });
 * const scheduler = new OneCycleLR(optimizer, { maxLr: 1, totalSteps: 6, pctStart: 0.5, divFactor: 10 });
 * for (const expected of [0.1, 0.55, 1, 0.75, 0.25, 1e-5]) {
 *   assertAlmostEquals(scheduler.getLastLr()[0]!, expected, 1e-4);
 *   scheduler.step();
 * }
 * ```
 */
export class OneCycleLR extends LRScheduler {
  /** Steps of the whole cycle. */
  readonly totalSteps: number;
  readonly #rates: readonly Readonly<Record<Level, number>>[];
  readonly #phases: readonly Phase[];
  readonly #strategy: AnnealStrategy;
  readonly #momenta: readonly (readonly [base: number, max: number])[] | null;

  /**
   * Sets the learning rates, and the momenta, of the beginning.
   *
   * @throws {RangeError} If an option is out of its range, or neither `totalSteps` nor both of `epochs` and
   * `stepsPerEpoch` are given.
   * @throws {TypeError} If the optimizer has no momentum to cycle.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: OneCycleLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, ONE_CYCLE_LR_OPTIONS);
    const { epochs = NaN, stepsPerEpoch = NaN, totalSteps = epochs * stepsPerEpoch } = options;
    const { pctStart = 0.3, annealStrategy = "cos", threePhase = false } = options;
    const { divFactor = 25, finalDivFactor = 1e4 } = options;
    super(optimizer, pickOptions(options, SCHEDULER_OPTIONS));
    checkCount("OneCycleLR", "totalSteps (or epochs * stepsPerEpoch)", totalSteps);
    checkOption("OneCycleLR", "pctStart", pctStart, { min: 0, max: 1 });
    checkChoice("OneCycleLR", "annealStrategy", annealStrategy, ANNEAL_STRATEGIES);
    checkOption("OneCycleLR", "divFactor", divFactor, { above: 0 });
    checkOption("OneCycleLR", "finalDivFactor", finalDivFactor, { above: 0 });
    this.totalSteps = totalSteps;
    this.#strategy = annealStrategy;
    const up: Phase = { end: pctStart * totalSteps - 1, from: "initial", to: "max" };
    this.#phases = threePhase
      ? [
        up,
        { end: 2 * pctStart * totalSteps - 2, from: "max", to: "initial" },
        { end: totalSteps - 1, from: "initial", to: "min" },
      ]
      : [up, { end: totalSteps - 1, from: "max", to: "min" }];
    this.#rates = perGroup("OneCycleLR", "maxLr", optimizer, options.maxLr).map((max) => {
      checkOption("OneCycleLR", "maxLr", max, { min: 0 });
      return { max, initial: max / divFactor, min: max / divFactor / finalDivFactor };
    });
    const { cycleMomentum = true, baseMomentum = 0.85, maxMomentum = 0.95 } = options;
    this.#momenta = cycleMomentum
      ? momentumRanges("OneCycleLR", optimizer, { baseMomentum, maxMomentum })
      : null;
    if (this.isNew) {
      this.baseLrs = this.#rates.map(({ initial }) => initial);
      optimizer.paramGroups.forEach((group, i) => group.initialLr = this.baseLrs[i]!);
      this.begin();
    }
  }

  /** Begins the cycle. */
  override begin(): void {
    super.begin();
    this.#setMomenta();
  }

  /**
   * Ends a batch.
   *
   * @throws {RangeError} If the cycle is over.
   */
  override step(): void {
    checkSurplus("step", arguments, 0);
    recordedSection(() => {
      if (this.lastEpoch >= this.totalSteps) {
        throw new RangeError(
          `Cannot step OneCycleLR as the cycle is over: it has ${this.totalSteps} steps, and so many are done`,
        );
      }
      super.step();
      this.#setMomenta();
    });
  }

  /**
   * Goes on after as many steps, in this cycle: its learning rates are those of a run that was as long from the beginning.
   *
   * @throws {RangeError} If the optimizer has more or fewer groups than that one's had.
   */
  override loadStateDict(dict: SchedulerStateDict): void {
    super.loadStateDict(dict);
    this.optimizer.paramGroups.forEach((group, i) => group.lr = this.rate(group.lr, group.lr, i));
    this.#setMomenta();
  }

  #setMomenta(): void {
    if (this.#momenta === null) return;
    this.optimizer.paramGroups.forEach((group, i) => {
      const range = this.#momenta![i];
      if (range === undefined) return;
      const [base, max] = range;
      const level = (lr: Level): number => lr === "max" ? base : max;
      setMomentum(group, this.#between(level));
    });
  }

  /** The value now, of something that has these levels. */
  #between(level: (name: Level) => number): number {
    const phases = this.#phases;
    const found = phases.findIndex(({ end }) => this.lastEpoch <= end);
    const number = found < 0 ? phases.length - 1 : found;
    const { from, to, end } = phases[number]!;
    const start = phases[number - 1]?.end ?? 0;
    // The last step ends the cycle: beyond its end a line would go below zero.
    const done = end === start ? 1 : Math.min((this.lastEpoch - start) / (end - start), 1);
    return anneal(this.#strategy, level(from), level(to), done);
  }

  /** The learning rate of a group before the first step. */
  protected override firstRate(lr: number, baseLr: number, group: number): number {
    return this.rate(lr, baseLr, group);
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number, _baseLr: number, group: number): number {
    const rates = this.#rates[group];
    return rates === undefined ? lr : this.#between((name) => rates[name]);
  }
}
