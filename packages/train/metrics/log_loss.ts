import type { Tensor } from "@troodon/core";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { BatchLog } from "./batch_log.ts";
import { checkClasses, classesOf, type Metric, untaped } from "./metric.ts";

/** Options of {@linkcode LogLoss}. */
export interface LogLossOptions {
  /** Predictions are logits, not probabilities (default false). */
  readonly fromLogits?: boolean;
}
const LOG_LOSS_OPTIONS: OptionKeys<LogLossOptions> = { fromLogits: true };

/** What float32 can tell from 1. */
const EPSILON = 2 ** -23;

/**
 * The mean of -log(probability of the true class). Predictions are probabilities [n, classes], or of class 1 [n];
 * they are clipped to [2^-23, 1 - 2^-23], as scikit-learn does in float32.
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

  /** Of probabilities by default. */
  constructor(options?: LogLossOptions) {
    const { fromLogits = false } = readOptions(new.target.name, options, LOG_LOSS_OPTIONS);
    this.#fromLogits = fromLogits;
  }

  /**
   * Counts a batch in.
   *
   * @throws {RangeError} If shapes do not fit.
   * @throws {TypeError} If targets are not whole numbers.
   */
  update(prediction: Tensor, target: Tensor): void {
    checkClasses("LogLoss", prediction, target);
    untaped(() => {
      const classes = classesOf(target);
      const logs = prediction.ndim === 2
        ? this.#logsOf(prediction, classes)
        : this.#binary(prediction, classes);
      this.#sums.add(logs.sum());
    });
    this.#count += target.numel();
  }

  #logsOf(prediction: Tensor, classes: Tensor): Tensor {
    const index = classes.unsqueeze(1);
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
    return -sums.reduce((total, [sum]) => total + sum!, 0) / count;
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
  return probability.clamp({ min: EPSILON, max: 1 - EPSILON });
}
