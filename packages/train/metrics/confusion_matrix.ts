import { isFloating, type Tensor, zeros } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { checkClasses, classesOf, type Metric, untaped } from "./metric.ts";

/** Options of {@linkcode ConfusionMatrix} and of what is calculated from one. */
export interface ConfusionOptions {
  /** Number of classes. Needed only if predictions are numbers of classes. */
  readonly classes?: number;
  /** Probability above which a prediction [n] of a floating dtype is class 1 (default 0.5). */
  readonly threshold?: number;
}

/** The keys of {@linkcode ConfusionOptions}. */
export const CONFUSION_OPTIONS: OptionKeys<ConfusionOptions> = { classes: true, threshold: true };

/**
 * Counts of predicted classes for each true class: `matrix[truth][prediction]`, as {@linkcode evaluate} gives it and
 * {@linkcode formatConfusion} prints it.
 *
 * Predictions are scores [n, classes], probabilities of class 1 [n], or numbers of classes [n].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { ConfusionMatrix } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using matrix = new ConfusionMatrix();
 * matrix.update(tensor([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]], { device }), tensor([0, 1, 1], { device, dtype: "int32" }));
 * assertEquals(await matrix.compute(), [[1, 0], [1, 1]]);
 * ```
 */
export class ConfusionMatrix implements Metric<number[][]> {
  readonly #threshold: number;
  readonly #given: number | null;
  #classes: number;
  /** A cell for each pair of classes, and one for pairs that are none. */
  #counts: Tensor | null = null;

  /**
   * Has as many classes as predictions have columns by default.
   *
   * @throws {RangeError} If `classes` is no positive integer.
   */
  constructor(options?: ConfusionOptions) {
    const { classes, threshold = 0.5 } = readOptions(new.target.name, options, CONFUSION_OPTIONS);
    if (classes !== undefined && !(Number.isInteger(classes) && classes > 0)) {
      throw new RangeError(
        `Cannot make ConfusionMatrix as classes must be a positive integer: current classes is ${classes}`,
      );
    }
    this.#given = classes ?? null;
    this.#classes = classes ?? 0;
    this.#threshold = threshold;
  }

  /**
   * Counts a batch in.
   *
   * @throws {RangeError} If shapes do not fit, or the number of classes is unknown or another than before.
   * @throws {TypeError} If targets are not whole numbers.
   */
  update(prediction: Tensor, target: Tensor): void {
    checkClasses("ConfusionMatrix", prediction, target);
    const classes = this.#expect(prediction);
    untaped(() => {
      const found = this.#classify(prediction), truth = classesOf(target);
      const known = inRange(found, classes).logicalAnd(inRange(truth, classes));
      const cell = truth.mul(classes).add(found).maskedFill(known.logicalNot(), classes * classes);
      this.#counts ??= zeros([classes * classes + 1], { dtype: "int32", device: target.device }).adopt();
      this.#counts.scatterAdd_(0, cell, 1);
    });
  }

  #classify(prediction: Tensor): Tensor {
    if (!isFloating(prediction.dtype)) {
      return prediction.ndim === 2 ? prediction.argmax(1) : classesOf(prediction);
    }
    // NaN belongs to no class.
    const missing = prediction.isnan();
    return prediction.ndim === 2
      ? prediction.argmax(1).maskedFill(missing.any(1), -1)
      : prediction.gt(this.#threshold).to("int32").maskedFill(missing, -1);
  }

  /** The number of classes, which stays the same until the next reset. */
  #expect({ shape, dtype }: Tensor): number {
    const found = shape.length === 2 ? shape[1]! : isFloating(dtype) ? 2 : this.#classes;
    if (found === 0) {
      throw new RangeError(
        "Cannot update ConfusionMatrix as the number of classes must be known: give the option classes",
      );
    }
    if (this.#classes !== 0 && this.#classes !== found) {
      throw new RangeError(
        `Cannot update ConfusionMatrix as there must be ${this.#classes} classes: current number is ${found}`,
      );
    }
    return this.#classes = found;
  }

  /**
   * The counts; none before the first update unless the number of classes was given.
   *
   * @throws {RangeError} If there were labels that are no classes.
   */
  async compute(): Promise<number[][]> {
    const classes = this.#classes;
    const counts = this.#counts ? Array.from(await this.#counts.dataAsync(), Number) : [];
    const strays = counts[classes * classes] ?? 0;
    if (strays > 0) {
      throw new RangeError(
        `Cannot compute ConfusionMatrix as classes must be from 0 to ${classes - 1}, and no score NaN: ` +
          `current number of others is ${strays}`,
      );
    }
    return Array.from(
      { length: classes },
      (_, truth) => Array.from({ length: classes }, (_, found) => counts[truth * classes + found] ?? 0),
    );
  }

  /** Begins anew. */
  reset(): void {
    this.#counts?.dispose();
    this.#counts = null;
    this.#classes = this.#given ?? 0;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.reset();
  }
}

function inRange(x: Tensor, classes: number): Tensor {
  return x.ge(0).logicalAnd(x.lt(classes));
}
