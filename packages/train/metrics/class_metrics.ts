import type { Tensor } from "@troodon/core";
import { type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import { CONFUSION_OPTIONS, ConfusionMatrix, type ConfusionOptions } from "./confusion_matrix.ts";
import type { Metric } from "./metric.ts";
import {
  accuracy,
  type Confusion,
  f1,
  precision,
  recall,
  SCORE_OPTIONS,
  type ScoreOptions,
} from "./scores.ts";

/** Options of {@linkcode Precision}, {@linkcode Recall} and {@linkcode F1Score}. */
export interface ClassMetricOptions extends ConfusionOptions, ScoreOptions {}
const CLASS_METRIC_OPTIONS: OptionKeys<ClassMetricOptions> = {
  classes: true,
  threshold: true,
  average: true,
  positive: true,
  zeroDivision: true,
};

/** A {@linkcode Metric} that follows from a confusion matrix; predictions are what {@linkcode ConfusionMatrix} takes. */
export class ClassMetric implements Metric {
  readonly #matrix: ConfusionMatrix;
  readonly #score: (confusion: Confusion) => number;

  /** Counts as a confusion matrix of the same options, and then calculates `score`. */
  constructor(score: (confusion: Confusion) => number, options: ConfusionOptions = {}) {
    options = readOptions(new.target.name, options, CONFUSION_OPTIONS);
    this.#score = score;
    this.#matrix = new ConfusionMatrix(options);
  }

  /** See {@linkcode ConfusionMatrix.update}. */
  update(prediction: Tensor, target: Tensor): void {
    this.#matrix.update(prediction, target);
  }

  /** The score over all batches since the last reset. */
  async compute(): Promise<number> {
    return this.#score(await this.#matrix.compute());
  }

  /** Begins anew. */
  reset(): void {
    this.#matrix.reset();
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#matrix[Symbol.dispose]();
  }
}

/**
 * The share of samples whose class was found.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { Accuracy } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new Accuracy();
 * metric.update(tensor([[2, 1], [0, 3]], { device }), tensor([0, 0], { device, dtype: "int32" }));
 * metric.update(tensor([[5, 1], [1, 3]], { device }), tensor([0, 1], { device, dtype: "int32" }));
 * assertEquals(await metric.compute(), 0.75);
 * ```
 */
export class Accuracy extends ClassMetric {
  /** Counts as a confusion matrix of the same options. */
  constructor(options: ConfusionOptions = {}) {
    options = readOptions(new.target.name, options, CONFUSION_OPTIONS);
    super(accuracy, options);
  }
}

/** The share of what was found that is right; see {@linkcode precision}. */
export class Precision extends ClassMetric {
  /** Of class 1 of two by default. */
  constructor(options?: ClassMetricOptions) {
    const own = readOptions(new.target.name, options, CLASS_METRIC_OPTIONS);
    super(
      (confusion) => precision(confusion, pickOptions(own, SCORE_OPTIONS)),
      pickOptions(own, CONFUSION_OPTIONS),
    );
  }
}

/** The share of what is there that was found; see {@linkcode recall}. */
export class Recall extends ClassMetric {
  /** Of class 1 of two by default. */
  constructor(options?: ClassMetricOptions) {
    const own = readOptions(new.target.name, options, CLASS_METRIC_OPTIONS);
    super(
      (confusion) => recall(confusion, pickOptions(own, SCORE_OPTIONS)),
      pickOptions(own, CONFUSION_OPTIONS),
    );
  }
}

/** The harmonic mean of precision and recall; see {@linkcode f1}. */
export class F1Score extends ClassMetric {
  /** Of class 1 of two by default. */
  constructor(options?: ClassMetricOptions) {
    const own = readOptions(new.target.name, options, CLASS_METRIC_OPTIONS);
    super((confusion) => f1(confusion, pickOptions(own, SCORE_OPTIONS)), pickOptions(own, CONFUSION_OPTIONS));
  }
}
