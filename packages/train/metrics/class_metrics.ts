import type { Tensor } from "@troodon/core";
import { ConfusionMatrix, type ConfusionOptions } from "./confusion_matrix.ts";
import type { Metric } from "./metric.ts";
import { accuracy, type Confusion, f1, precision, recall, type ScoreOptions } from "./scores.ts";

/** Options of {@linkcode Precision}, {@linkcode Recall} and {@linkcode F1Score}. */
export interface ClassMetricOptions extends ConfusionOptions, ScoreOptions {}

/** A {@linkcode Metric} that follows from a confusion matrix; predictions are what {@linkcode ConfusionMatrix} takes. */
export abstract class ClassMetric implements Metric {
  readonly #matrix: ConfusionMatrix;

  /** Counts as a confusion matrix of the same options. */
  constructor(options: ConfusionOptions = {}) {
    this.#matrix = new ConfusionMatrix(options);
  }

  /** The score of a matrix. */
  protected abstract score(confusion: Confusion): number;

  /** See {@linkcode ConfusionMatrix.update}. */
  update(prediction: Tensor, target: Tensor): void {
    this.#matrix.update(prediction, target);
  }

  /** The score over all batches since the last reset. */
  async compute(): Promise<number> {
    return this.score(await this.#matrix.compute());
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
  protected override score(confusion: Confusion): number {
    return accuracy(confusion);
  }
}

/** Those metrics that {@linkcode ScoreOptions} apply to. */
abstract class AveragedMetric extends ClassMetric {
  protected readonly options: ScoreOptions;

  constructor(options: ClassMetricOptions = {}) {
    super(options);
    this.options = options;
  }
}

/** The share of what was found that is right; see {@linkcode precision}. */
export class Precision extends AveragedMetric {
  protected override score(confusion: Confusion): number {
    return precision(confusion, this.options);
  }
}

/** The share of what is there that was found; see {@linkcode recall}. */
export class Recall extends AveragedMetric {
  protected override score(confusion: Confusion): number {
    return recall(confusion, this.options);
  }
}

/** The harmonic mean of precision and recall; see {@linkcode f1}. */
export class F1Score extends AveragedMetric {
  protected override score(confusion: Confusion): number {
    return f1(confusion, this.options);
  }
}
