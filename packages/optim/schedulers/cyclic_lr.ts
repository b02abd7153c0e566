import {
  checkSurplus,
  type OptionKeys,
  pickOptions,
  readOptions,
  recordedSection,
} from "@troodon/core/kernel";
import { checkChoice, checkOption } from "../check_option.ts";
import { momentumRanges, setMomentum } from "./momentum.ts";
import type { GroupOptions, Optimizer } from "../optimizer.ts";
import { perGroup } from "./per_group.ts";
import { LRScheduler, SCHEDULER_OPTIONS, type SchedulerOptions } from "./scheduler.ts";

/** How the height of the cycles changes: not, by half in each cycle, or by `gamma` in each step. */
export type CyclicMode = "triangular" | "triangular2" | "expRange";

/** Options of {@linkcode CyclicLR}. */
export interface CyclicLROptions extends SchedulerOptions {
  /** The lowest learning rate: of all groups, or of each. */
  readonly baseLr: number | readonly number[];
  /** The highest learning rate: of all groups, or of each. */
  readonly maxLr: number | readonly number[];
  /** Steps from the lowest to the highest; 2000 by default. */
  readonly stepSizeUp?: number;
  /** Steps back; as many as up by default. */
  readonly stepSizeDown?: number;
  /** How the height of the cycles changes; "triangular" by default. */
  readonly mode?: CyclicMode;
  /** The factor of "expRange"; 1 by default. */
  readonly gamma?: number;
  /** A factor of the height, in place of `mode`: of the cycle, from 1 on, or of the step. */
  readonly scaleFn?: (x: number) => number;
  /** What `scaleFn` is a function of; "cycle" by default. */
  readonly scaleMode?: "cycle" | "iterations";
  /** Whether momentum, or the first of `betas`, goes down as the learning rate goes up; true by default. */
  readonly cycleMomentum?: boolean;
  /** The lowest momentum: of all groups, or of each; 0.8 by default. */
  readonly baseMomentum?: number | readonly number[];
  /** The highest momentum: of all groups, or of each; 0.9 by default. */
  readonly maxMomentum?: number | readonly number[];
}
const CYCLIC_LR_OPTIONS: OptionKeys<CyclicLROptions> = {
  baseLr: true,
  maxLr: true,
  stepSizeUp: true,
  stepSizeDown: true,
  mode: true,
  gamma: true,
  scaleFn: true,
  scaleMode: true,
  cycleMomentum: true,
  baseMomentum: true,
  maxMomentum: true,
  lastEpoch: true,
};

/**
 * Cyclical learning rates (Smith 2017, https://arxiv.org/abs/1506.01186): evenly up from `baseLr` to `maxLr` and down
 * again, with the momentum the other way round. `step` ends a batch, not an epoch.
 *
 * @example Up in two steps
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ones, ReferenceBackend } from "@troodon/core";
 * import { CyclicLR, SGD } from "@troodon/optim";
 *
 * const device = new Device(new ReferenceBackend());
 * const optimizer = new SGD([ones([2], { device })], { momentum: 0.9 });
 * const scheduler = new CyclicLR(optimizer, { baseLr: 0, maxLr: 1, stepSizeUp: 2 });
 * const rates = [1, 2, 3, 4, 5].map(() => (scheduler.step(), scheduler.getLastLr()[0]));
 * assertEquals(rates, [0.5, 1, 0.5, 0, 0.5]);
 * ```
 */
export class CyclicLR extends LRScheduler {
  readonly #tops: readonly number[];
  readonly #up: number;
  readonly #down: number;
  readonly #scale: (cycle: number, step: number) => number;
  readonly #momenta: readonly (readonly [base: number, max: number])[] | null;

  /**
   * Sets the lowest learning rates, and the highest momenta.
   *
   * @throws {RangeError} If an option is out of its range.
   * @throws {TypeError} If the optimizer has no momentum to cycle.
   */
  constructor(optimizer: Optimizer<GroupOptions>, options: CyclicLROptions) {
    checkSurplus(new.target.name, arguments, 2);
    options = readOptions(new.target.name, options, CYCLIC_LR_OPTIONS);
    const { stepSizeUp = 2000, stepSizeDown = stepSizeUp, mode = "triangular", gamma = 1 } = options;
    const { scaleFn, scaleMode = "cycle" } = options;
    super(optimizer, pickOptions(options, SCHEDULER_OPTIONS));
    checkOption("CyclicLR", "stepSizeUp", stepSizeUp, { above: 0 });
    checkOption("CyclicLR", "stepSizeDown", stepSizeDown, { above: 0 });
    checkChoice("CyclicLR", "mode", mode, ["triangular", "triangular2", "expRange"]);
    checkChoice("CyclicLR", "scaleMode", scaleMode, ["cycle", "iterations"]);
    checkOption("CyclicLR", "gamma", gamma);
    this.#up = stepSizeUp;
    this.#down = stepSizeDown;
    if (scaleFn) this.#scale = (cycle, step) => scaleFn(scaleMode === "cycle" ? cycle : step);
    else if (mode === "triangular2") this.#scale = (cycle) => 0.5 ** (cycle - 1);
    else if (mode === "expRange") this.#scale = (_, step) => gamma ** step;
    else this.#scale = () => 1;
    this.#tops = perGroup("CyclicLR", "maxLr", optimizer, options.maxLr);
    const bases = perGroup("CyclicLR", "baseLr", optimizer, options.baseLr);
    for (const lr of [...bases, ...this.#tops]) checkOption("CyclicLR", "baseLr or maxLr", lr, { min: 0 });
    const { cycleMomentum = true, baseMomentum = 0.8, maxMomentum = 0.9 } = options;
    this.#momenta = cycleMomentum
      ? momentumRanges("CyclicLR", optimizer, { baseMomentum, maxMomentum })
      : null;
    this.baseLrs = bases;
    if (this.isNew) {
      optimizer.paramGroups.forEach((group, i) => group.initialLr = bases[i]!);
      this.begin();
    }
  }

  /** Begins the first cycle. */
  override begin(): void {
    super.begin();
    this.#setMomenta();
  }

  /** Ends a batch. */
  override step(): void {
    checkSurplus("step", arguments, 0);
    recordedSection(() => {
      super.step();
      this.#setMomenta();
    });
  }

  #setMomenta(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      const range = this.#momenta?.[i];
      if (range) setMomentum(group, range[1] - (range[1] - range[0]) * this.#height());
    });
  }

  /** How far up it is now: 0 at the bottom, 1 at the top unless that is scaled. */
  #height(): number {
    const cycle = Math.floor(this.lastEpoch / (this.#up + this.#down));
    const since = this.lastEpoch - cycle * (this.#up + this.#down);
    const height = since <= this.#up ? since / this.#up : 1 - (since - this.#up) / this.#down;
    return height * this.#scale(cycle + 1, this.lastEpoch);
  }

  /** The learning rate of a group before the first step. */
  protected override firstRate(lr: number, baseLr: number, group: number): number {
    return this.rate(lr, baseLr, group);
  }

  /** The learning rate of a group after step `lastEpoch`. */
  protected override rate(lr: number, baseLr: number, group: number): number {
    const top = this.#tops[group];
    return top === undefined ? lr : baseLr + (top - baseLr) * this.#height();
  }
}
