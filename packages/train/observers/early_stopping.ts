import type { Tensor } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import type { EndEvent, EpochEvent, FitObserver, ValidationEvent } from "../observer.ts";
import type { Stateful } from "../state_keeper.ts";
import { BestWeights } from "./best_weights.ts";

/** Options of {@linkcode EarlyStopping}. */
export interface EarlyStoppingOptions {
  /** The direction of improvement, `"min"` for values such as a loss; `"min"` by default. */
  readonly mode?: "min" | "max";
  /** Epochs without an improvement after which training ends; 3 by default. */
  readonly patience?: number;
  /** The least difference to the best value that counts as an improvement; 0 by default: any. */
  readonly minDelta?: number;
  /**
   * True to restore the parameters and buffers of the best epoch when the run ends, also after an error. These are the
   * weights that were scored, as saved by {@linkcode ModelCheckpoint}; false by default.
   */
  readonly restoreBest?: boolean;
}
const EARLY_STOPPING_OPTIONS: OptionKeys<EarlyStoppingOptions> = {
  mode: true,
  patience: true,
  minDelta: true,
  restoreBest: true,
};

/** The state of an {@linkcode EarlyStopping}. */
export interface EarlyStoppingState {
  /** The best value so far; null if there is none. */
  readonly best: number | null;
  /** Epochs since then. */
  readonly waited: number;
  /** Parameters and buffers of the best epoch, with the option `restoreBest`. */
  readonly weights?: Readonly<Record<string, Tensor>> | null;
}

/**
 * Stops a run when a value of its epochs no longer improves. NaN is no improvement. Its state belongs to that of the run.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EarlyStopping } from "@troodon/train";
 *
 * const stopping = new EarlyStopping(({ scores }) => scores["accuracy"], { mode: "max", patience: 2 });
 * let stopped = 0;
 * for (const [i, accuracy] of [0.5, 0.7, 0.6, 0.7].entries()) {
 *   const common = { step: 10 * i, epoch: i + 1, epochs: 9, seconds: 1, loss: 1, samples: 100 };
 *   stopping.onEpoch({ ...common, scores: { accuracy }, stop: () => void (stopped = i + 1) });
 * }
 * assertEquals([stopped, stopping.best], [4, 0.7]);
 * ```
 */
export class EarlyStopping implements FitObserver, Stateful {
  /** The best value so far; null if there is none. */
  best: number | null = null;
  /** See {@linkcode FitObserver}. */
  readonly keep: readonly Stateful[] = [this];
  readonly #value: (event: EpochEvent) => number | undefined;
  readonly #sign: 1 | -1;
  readonly #patience: number;
  readonly #minDelta: number;
  readonly #weights: BestWeights | null;
  #waited = 0;

  /**
   * Looks at `value` of each epoch, its training loss by default.
   *
   * @throws {RangeError} If `patience` is no positive integer or `minDelta` is negative.
   */
  constructor(
    value: (event: EpochEvent) => number | undefined = ({ loss }) => loss,
    options?: EarlyStoppingOptions,
  ) {
    const { mode = "min", patience = 3, minDelta = 0, restoreBest = false } = readOptions(
      new.target.name,
      options,
      EARLY_STOPPING_OPTIONS,
    );
    if (!(Number.isInteger(patience) && patience > 0)) {
      throw new RangeError(
        `Cannot make EarlyStopping as patience must be a positive integer: current patience is ${patience}`,
      );
    }
    if (!(minDelta >= 0)) {
      throw new RangeError(
        `Cannot make EarlyStopping as minDelta must be 0 or more: current minDelta is ${minDelta}`,
      );
    }
    this.#value = value;
    this.#sign = mode === "min" ? 1 : -1;
    this.#patience = patience;
    this.#minDelta = minDelta;
    this.#weights = restoreBest ? new BestWeights() : null;
  }

  /** Copies the scored weights if they are the best so far. */
  onValidation(event: ValidationEvent): void {
    if (this.#weights === null) return;
    const value = this.#value(event);
    if (value !== undefined && this.#improves(value)) this.#weights.take(event.model);
  }

  /**
   * Compares the value of the epoch with the best one.
   *
   * @throws {TypeError} If there is no such value.
   */
  onEpoch(event: EpochEvent): void {
    const value = this.#value(event);
    if (value === undefined) {
      throw new TypeError(
        `Cannot watch the epochs as each must have the value: current scores are ${
          Object.keys(event.scores).join(", ") || "none"
        }`,
      );
    }
    if (this.#improves(value)) {
      this.best = value;
      this.#waited = 0;
    } else if (++this.#waited >= this.#patience) event.stop();
  }

  /** Restores the best weights of the model. */
  onEnd({ model }: EndEvent): void {
    this.#weights?.giveBack(model);
    this.#weights?.[Symbol.dispose]();
  }

  #improves(value: number): boolean {
    if (this.best === null) return !Number.isNaN(value);
    const gain = this.#sign * (this.best - value);
    return gain > 0 && gain >= this.#minDelta;
  }

  /** Best value, number of epochs since then, and the best weights if they are to be restored. */
  stateDict(): EarlyStoppingState {
    const { best } = this, waited = this.#waited;
    return this.#weights === null ? { best, waited } : { best, waited, weights: this.#weights.copies };
  }

  /** Continues from `state`. */
  loadStateDict({ best, waited, weights = null }: EarlyStoppingState): void {
    this.best = best;
    this.#waited = waited;
    this.#weights?.load(weights);
  }
}
