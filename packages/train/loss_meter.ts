import { noGrad } from "@troodon/autograd";
import { type Device, type DType, type Tensor, tensor, tidySync, zerosLike } from "@troodon/core";

/** What a {@linkcode LossMeter} holds, as JSON-able data. */
export interface LossMeterState {
  /** The sum of the losses; null if there never was one. */
  readonly sum: number | null;
  /** Its type. */
  readonly dtype: DType;
  /** Number of samples. */
  readonly count: number;
}

/**
 * The mean of many losses, summed where they are: reading each would make the
 * host wait for the device in every step.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { LossMeter } from "@troodon/train";
 *
 * const device = new Device(new ReferenceBackend());
 * using meter = new LossMeter();
 * meter.add(tensor(2, { device }), 3);
 * meter.add(tensor(6, { device }), 1);
 * assertEquals(await meter.mean(), 3);
 * ```
 */
export class LossMeter implements Disposable {
  #sum: Tensor | null = null;
  #count = 0;

  /** Number of samples since the last reset. */
  get count(): number {
    return this.#count;
  }

  /** Adds the mean loss of `count` samples, a tensor of one element. */
  add(loss: Tensor, count: number): void {
    using _ = noGrad();
    tidySync(() => {
      this.#sum ??= zerosLike(loss).adopt();
      this.#sum.add_(loss.detach().mul(count));
    });
    this.#count += count;
  }

  /** The mean loss of a sample since the last reset; NaN if there is none. */
  async mean(): Promise<number> {
    if (this.#sum === null || this.#count === 0) return NaN;
    const { count } = this;
    return Number((await this.#sum.dataAsync())[0]) / count;
  }

  /** Begins anew. */
  reset(): void {
    this.#sum?.zero_();
    this.#count = 0;
  }

  /** What it holds. */
  async state(): Promise<LossMeterState> {
    const { count } = this;
    if (this.#sum === null) return { sum: null, dtype: "float32", count };
    return { sum: Number((await this.#sum.dataAsync())[0]), dtype: this.#sum.dtype, count };
  }

  /** Goes on from `state`, with losses on `device`. */
  load({ sum, dtype, count }: LossMeterState, device: Device): void {
    this[Symbol.dispose]();
    if (sum !== null) this.#sum = tensor(sum, { dtype, device }).adopt();
    this.#count = count;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#sum?.dispose();
    this.#sum = null;
    this.#count = 0;
  }
}
