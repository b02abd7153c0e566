import { checkSurplus, showShape } from "@troodon/core/kernel";
import { crossEntropy, stack, type Tensor } from "@troodon/core";
import { BatchLog } from "./batch_log.ts";
import { type Metric, untaped } from "./metric.ts";

/**
 * The exponential of the mean cross-entropy of logits [..., classes] and classes [...]: the number of equally likely
 * tokens with the same uncertainty.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor, zeros } from "@troodon/core";
 * import { Perplexity } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new Perplexity();
 * metric.update(zeros([2, 3, 10], { device }), zeros([2, 3], { device, dtype: "int32" }));
 * assertAlmostEquals(await metric.compute(), 10, 1e-5);
 * ```
 */
export class Perplexity implements Metric {
  /** Targets of this class are left out. */
  readonly ignoreIndex: number;
  readonly #sums: BatchLog = new BatchLog();

  /** Leaves out targets of -100 by default, as `crossEntropy` does. */
  constructor(ignoreIndex: number = -100) {
    checkSurplus(new.target.name, arguments, 1);
    this.ignoreIndex = ignoreIndex;
  }

  /**
   * Counts a batch in.
   *
   * @throws {RangeError} If the shape of the targets is not that of the logits without classes.
   */
  update(prediction: Tensor, target: Tensor): void {
    const places = prediction.shape.slice(0, -1);
    if (prediction.ndim < 2 || places.join() !== target.shape.join()) {
      throw new RangeError(
        `Cannot update Perplexity as shapes must be [..., classes] and [...]: current shapes are ${
          showShape(prediction.shape)
        } and ${showShape(target.shape)}`,
      );
    }
    untaped(() => {
      const logits = prediction.detach().reshape([-1, prediction.shape.at(-1)!]),
        classes = target.reshape([-1]);
      const loss = crossEntropy(logits, classes, { reduction: "sum", ignoreIndex: this.ignoreIndex });
      const counted = classes.ne(this.ignoreIndex).sum();
      this.#sums.add(
        stack([loss, counted].map((one) => one.to(loss.dtype === "float64" ? "float64" : "float32"))),
      );
    });
  }

  /** Returns the value over all batches since the last reset; NaN without targets. */
  async compute(): Promise<number> {
    const sums = await this.#sums.read();
    const totalOf = (i: number): number => sums.reduce((total, numbers) => total + numbers[i]!, 0);
    return Math.exp(totalOf(0) / totalOf(1));
  }

  /** Forgets all batches. */
  reset(): void {
    this.#sums[Symbol.dispose]();
  }

  /** Releases the sums. */
  [Symbol.dispose](): void {
    this.reset();
  }
}
