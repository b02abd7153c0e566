import { stack, type Tensor } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { BatchLog } from "./batch_log.ts";
import { checkClasses, classesOf, type Metric, untaped } from "./metric.ts";

/** Options of {@linkcode LogLoss}. */
export interface LogLossOptions {
  /** Predictions are logits, not probabilities (default false). */
  readonly fromLogits?: boolean;
}
const LOG_LOSS_OPTIONS: OptionKeys<LogLossOptions> = { fromLogits: true };

/** The distance from 1 to the next number, by dtype. */
const EPSILONS: Readonly<Record<string, number>> = {
  float64: 2 ** -52,
  float32: 2 ** -23,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
};

/**
 * The mean of -log(probability of the true class). Predictions are probabilities [n, classes], or of class 1 [n];
 * they are clipped to [eps, 1 - eps] with the epsilon of their dtype, as scikit-learn does.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { LogLoss } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new LogLoss();
 * metric.update(tensor([[0.9, 0.1], [0.5, 0.5]], { device }), tensor([0, 1], { device, dtype: "int32" }));
 * assertAlmostEquals(await metric.compute(), -(Math.log(0.9) + Math.log(0.5)) / 2, 1e-6);
 * ```
 */
export class LogLoss implements Metric {
  readonly #fromLogits: boolean;
  readonly #sums: BatchLog = new BatchLog();
  #count = 0;

  /** Takes probabilities by default. */
  constructor(options?: LogLossOptions) {
    const { fromLogits = false } = readOptions(new.target.name, options, LOG_LOSS_OPTIONS);
    this.#fromLogits = fromLogits;
  }

  /**
   * Counts a batch in.
   *
   * @throws {RangeError} If shapes do not fit; from {@linkcode LogLoss.compute}, if predictions are no probabilities or
   * a target is no class.
   * @throws {TypeError} If targets are not whole numbers.
   */
  update(prediction: Tensor, target: Tensor): void {
    checkClasses("LogLoss", prediction, target);
    untaped(() => {
      const classes = classesOf(target);
      const logs = prediction.ndim === 2
        ? this.#logsOf(prediction, classes)
        : this.#binary(prediction, classes);
      // Beside the sum, the number of values that no loss can be calculated from.
      const strays = classes.lt(0).logicalOr(classes.ge(Math.max(2, prediction.shape[1] ?? 2))).sum();
      const wrong = this.#fromLogits
        ? prediction.isnan()
        : prediction.ge(0).logicalAnd(prediction.le(1)).logicalNot();
      const numbers = [logs.sum(), strays, wrong.sum()];
      this.#sums.add(stack(numbers.map((one) => one.to(logs.dtype === "float64" ? "float64" : "float32"))));
    });
    this.#count += target.numel();
  }

  #logsOf(prediction: Tensor, classes: Tensor): Tensor {
    const index = classes.clamp({ min: 0, max: prediction.shape[1]! - 1 }).unsqueeze(1);
    if (this.#fromLogits) return prediction.logSoftmax(1).gather(1, index);
    return clipped(prediction.gather(1, index)).log();
  }

  #binary(prediction: Tensor, classes: Tensor): Tensor {
    const isOne = classes.ne(0);
    if (this.#fromLogits) return prediction.where(isOne, prediction.neg()).logsigmoid();
    return clipped(prediction.where(isOne, prediction.neg().add(1))).log();
  }

  /** The mean over all batches since the last reset; NaN without samples. */
  async compute(): Promise<number> {
    const count = this.#count;
    const sums = await this.#sums.read();
    const totalOf = (i: number): number => sums.reduce((total, numbers) => total + numbers[i]!, 0);
    if (totalOf(1) > 0) {
      throw new RangeError(
        `Cannot compute LogLoss as every target must be a class: current number of others is ${totalOf(1)}`,
      );
    }
    if (totalOf(2) > 0) {
      const wanted = this.#fromLogits
        ? "no logit may be NaN"
        : "predictions must be probabilities from 0 to 1";
      throw new RangeError(
        `Cannot compute LogLoss as ${wanted}: current number of others is ${totalOf(2)}` +
          (this.#fromLogits ? "" : ", for logits write { fromLogits: true }"),
      );
    }
    return -totalOf(0) / count;
  }

  /** Begins anew. */
  reset(): void {
    this.#sums[Symbol.dispose]();
    this.#count = 0;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.reset();
  }
}

function clipped(probability: Tensor): Tensor {
  const epsilon = EPSILONS[probability.dtype]!;
  return probability.clamp({ min: epsilon, max: 1 - epsilon });
}
