import { stack, type Tensor } from "@troodon/core";
import { showShape } from "@troodon/core/kernel";
import { BatchLog } from "./batch_log.ts";
import { checkClasses, classesOf, type Metric, untaped } from "./metric.ts";

/**
 * The share of samples whose class is among the `k` of the highest scores.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { TopKAccuracy } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using metric = new TopKAccuracy(2);
 * metric.update(tensor([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]], { device }), tensor([1, 2], { device, dtype: "int32" }));
 * assertEquals(await metric.compute(), 0.5);
 * ```
 */
export class TopKAccuracy implements Metric {
  /** Number of guesses. */
  readonly k: number;
  readonly #hits: BatchLog = new BatchLog();
  #count = 0;

  /**
   * Five guesses by default.
   *
   * @throws {RangeError} If `k` is no positive integer.
   */
  constructor(k = 5) {
    if (!(Number.isInteger(k) && k > 0)) {
      throw new RangeError(`Cannot make TopKAccuracy as k must be a positive integer: current k is ${k}`);
    }
    this.k = k;
  }

  /**
   * Counts a batch of scores [n, classes] and classes [n] in.
   *
   * @throws {RangeError} If shapes do not fit, or there are fewer classes than guesses.
   * @throws {TypeError} If targets are not whole numbers.
   */
  update(prediction: Tensor, target: Tensor): void {
    checkClasses("TopKAccuracy", prediction, target);
    if (prediction.ndim !== 2 || prediction.shape[1]! < this.k) {
      throw new RangeError(
        `Cannot update TopKAccuracy as scores must have the shape [n, classes] with ${this.k} classes or more: ` +
          `current shape is ${showShape(prediction.shape)}`,
      );
    }
    untaped(() => {
      const best = prediction.topk(this.k, 1).indices;
      const classes = classesOf(target);
      const hits = best.eq(classes.unsqueeze(1)).sum();
      const strays = classes.lt(0).logicalOr(classes.ge(prediction.shape[1]!)).sum();
      this.#hits.add(stack([hits, strays, prediction.isnan().sum()].map((one) => one.to("int32"))));
    });
    this.#count += target.numel();
  }

  /**
   * The share over all batches since the last reset; NaN without samples.
   *
   * @throws {RangeError} If a target was no class, or a score NaN.
   */
  async compute(): Promise<number> {
    const count = this.#count;
    const hits = await this.#hits.read();
    const [found, strays, missing] = [0, 1, 2].map((i) =>
      hits.reduce((sum, numbers) => sum + numbers[i]!, 0)
    );
    if (strays! + missing! > 0) {
      throw new RangeError(
        "Cannot compute TopKAccuracy as targets must be classes, and no score NaN: current numbers of others are " +
          `${strays} and ${missing}`,
      );
    }
    return found! / count;
  }

  /** Begins anew. */
  reset(): void {
    this.#hits[Symbol.dispose]();
    this.#count = 0;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.reset();
  }
}
