import { noGrad } from "@troodon/autograd";
import { Scope, type Tensor, zerosLike } from "@troodon/core";

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
    using _ = new Scope();
    using _off = noGrad();
    this.#sum ??= zerosLike(loss).adopt();
    this.#sum.add_(loss.detach().mul(count));
    this.#count += count;
  }

  /** The mean loss of a sample since the last reset; NaN if there is none. */
  async mean(): Promise<number> {
    if (this.#sum === null || this.#count === 0) return NaN;
    const { count } = this;
    return Number((await this.#sum.data())[0]) / count;
  }

  /** Begins anew. */
  reset(): void {
    this.#sum?.zero_();
    this.#count = 0;
  }

  /** Gives its memory back. */
  [Symbol.dispose](): void {
    this.#sum?.dispose();
    this.#sum = null;
    this.#count = 0;
  }
}
