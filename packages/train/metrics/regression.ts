import { cat, type Tensor } from "@troodon/core";
import { sameShape, showShape } from "@troodon/core/kernel";
import { BatchLog } from "./batch_log.ts";
import { type Metric, untaped } from "./metric.ts";

/** A {@linkcode Metric} of numbers rather than classes: it follows from a few sums per output, of each batch. */
export abstract class RegressionMetric implements Metric {
  readonly #log: BatchLog = new BatchLog();
  #counts: number[] = [];
  #columns = 0;

  /** The numbers of a batch, each [columns], one below the other. */
  protected abstract sums(prediction: Tensor, target: Tensor): Tensor[];

  /** The value, from the rows and numbers of each batch. */
  protected abstract value(batches: readonly BatchNumbers[], columns: number): number;

  /**
   * Counts a batch [n] or [n, outputs] in.
   *
   * @throws {RangeError} If shapes differ, or the number of outputs is another than before.
   */
  update(prediction: Tensor, target: Tensor): void {
    const { name } = this.constructor;
    const { shape } = target;
    if (!sameShape(prediction.shape, shape) || shape.length < 1 || shape.length > 2) {
      throw new RangeError(
        `Cannot update ${name} as both shapes must be [n] or [n, outputs]: current shapes are ` +
          `${showShape(prediction.shape)} and ${showShape(shape)}`,
      );
    }
    const columns = shape[1] ?? 1;
    if (this.#columns !== 0 && this.#columns !== columns) {
      throw new RangeError(
        `Cannot update ${name} as there must be ${this.#columns} outputs: current number is ${columns}`,
      );
    }
    if (shape[0] === 0) return;
    this.#columns = columns;
    this.#counts.push(shape[0]!);
    untaped(() => {
      const [p, t] = [prediction.detach().reshape([-1, columns]), target.detach().reshape([-1, columns])];
      this.#log.add(cat(this.sums(p, t)));
    });
  }

  /** The value over all batches since the last reset; NaN without samples. */
  async compute(): Promise<number> {
    const counts = this.#counts, columns = this.#columns;
    const read = await this.#log.read();
    return this.value(read.map((numbers, i) => ({ count: counts[i]!, numbers })), columns);
  }

  /** Begins anew. */
  reset(): void {
    this.#log[Symbol.dispose]();
    this.#counts = [];
    this.#columns = 0;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.reset();
  }
}

/** Numbers that {@linkcode RegressionMetric} keeps of a batch. */
export interface BatchNumbers {
  /** The number of rows. */
  readonly count: number;
  /** The sums, one after another, each [outputs]. */
  readonly numbers: readonly number[];
}

/** The mean over all numbers, of which each batch has the sums by column. */
function meanOf(batches: readonly BatchNumbers[], columns: number): number {
  const count = batches.reduce((sum, { count }) => sum + count, 0);
  const errors = batches.reduce((sum, { numbers }) => sum + numbers.reduce((a, b) => a + b, 0), 0);
  return errors / (count * columns);
}

/**
 * The mean of squared differences.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { MeanSquaredError } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new MeanSquaredError();
 * metric.update(tensor([1, 2], { device }), tensor([1, 4], { device }));
 * assertEquals(await metric.compute(), 2);
 * ```
 */
export class MeanSquaredError extends RegressionMetric {
  /** See {@linkcode RegressionMetric}. */
  protected override sums(prediction: Tensor, target: Tensor): Tensor[] {
    return [prediction.sub(target).square().sum(0)];
  }

  /** See {@linkcode RegressionMetric}. */
  protected override value(batches: readonly BatchNumbers[], columns: number): number {
    return meanOf(batches, columns);
  }
}

/**
 * The mean of absolute differences.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { MeanAbsoluteError } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new MeanAbsoluteError();
 * metric.update(tensor([1, 2], { device }), tensor([0, 4], { device }));
 * assertEquals(await metric.compute(), 1.5);
 * ```
 */
export class MeanAbsoluteError extends RegressionMetric {
  /** See {@linkcode RegressionMetric}. */
  protected override sums(prediction: Tensor, target: Tensor): Tensor[] {
    return [prediction.sub(target).abs().sum(0)];
  }

  /** See {@linkcode RegressionMetric}. */
  protected override value(batches: readonly BatchNumbers[], columns: number): number {
    return meanOf(batches, columns);
  }
}

/**
 * The root of the mean of squared differences; the mean over the outputs.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { RootMeanSquaredError } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new RootMeanSquaredError();
 * metric.update(tensor([1, 2], { device }), tensor([4, 5], { device }));
 * assertEquals(await metric.compute(), 3);
 * ```
 */
export class RootMeanSquaredError extends MeanSquaredError {
  /** See {@linkcode RegressionMetric}. */
  protected override value(batches: readonly BatchNumbers[], columns: number): number {
    let total = 0;
    for (let column = 0; column < columns; column++) {
      const own = batches.map(({ count, numbers }) => ({ count, numbers: [numbers[column]!] }));
      total += Math.sqrt(meanOf(own, 1));
    }
    return total / columns;
  }
}

/**
 * The mean of absolute differences divided by the absolute targets, which count as 2^-52 at least, as in scikit-learn.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { MeanAbsolutePercentageError } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new MeanAbsolutePercentageError();
 * metric.update(tensor([1, 3], { device }), tensor([2, 4], { device }));
 * assertEquals(await metric.compute(), 0.375);
 * ```
 */
export class MeanAbsolutePercentageError extends RegressionMetric {
  /** See {@linkcode RegressionMetric}. */
  protected override sums(prediction: Tensor, target: Tensor): Tensor[] {
    return [prediction.sub(target).abs().div(target.abs().clamp({ min: 2 ** -52 })).sum(0)];
  }

  /** See {@linkcode RegressionMetric}. */
  protected override value(batches: readonly BatchNumbers[], columns: number): number {
    return meanOf(batches, columns);
  }
}

/**
 * The coefficient of determination, 1 - (squared errors) / (squared deviations from the mean); the mean over the
 * outputs. For a target that does not vary it is 1 if it was hit and 0 if not, as in scikit-learn; NaN for fewer
 * than two samples.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { R2Score } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new R2Score();
 * metric.update(tensor([2.5, 0, 2, 8], { device }), tensor([3, -0.5, 2, 7], { device }));
 * assertAlmostEquals(await metric.compute(), 0.9486081, 1e-6);
 * ```
 */
export class R2Score extends RegressionMetric {
  // Squared deviations are taken from each batch's own mean, then joined: sums of squares would cancel.
  /** See {@linkcode RegressionMetric}. */
  protected override sums(prediction: Tensor, target: Tensor): Tensor[] {
    const mean = target.mean(0);
    return [prediction.sub(target).square().sum(0), mean, target.sub(mean).square().sum(0)];
  }

  /** See {@linkcode RegressionMetric}. */
  protected override value(batches: readonly BatchNumbers[], columns: number): number {
    let total = 0;
    for (let column = 0; column < columns; column++) {
      let n = 0, errors = 0, mean = 0, deviations = 0;
      for (const { count, numbers } of batches) {
        const delta = numbers[columns + column]! - mean;
        errors += numbers[column]!;
        // Chan, Golub and LeVeque (1979).
        deviations += numbers[2 * columns + column]! + delta * delta * n * count / (n + count);
        n += count;
        mean += delta * count / n;
      }
      if (n < 2) return NaN;
      total += deviations > 0 ? 1 - errors / deviations : errors === 0 ? 1 : 0;
    }
    return total / columns;
  }
}
