/** Keys and values of tokens that a transformer has seen. */
import { noGrad } from "@troodon/autograd";
import { empty, type Tensor } from "@troodon/core";

interface Layer {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/**
 * Keys and values of all tokens so far, so that the next ones need not calculate them again. Has room for `capacity` tokens
 * from the beginning. Whoever made it disposes of it.
 */
export class KVCache implements Disposable {
  /** Tokens that there is room for. */
  readonly capacity: number;
  readonly #layers: Layer[] = [];
  #length = 0;

  /** An empty cache. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Tokens that every layer has seen. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds keys and values [n, heads, t, e] of new tokens to those of a layer, and returns all of them [n, heads, length + t, e]:
   * views of the cache.
   *
   * @throws {RangeError} If there is no room for them.
   */
  append(layer: number, keys: Tensor, values: Tensor): readonly [keys: Tensor, values: Tensor] {
    const { shape: [n, heads, t, e], device, dtype } = keys, from = this.#length, length = from + t!;
    if (length > this.capacity) {
      throw new RangeError(
        `Cannot add ${t} tokens to a KVCache as there must be room for them: it has ${from} of ${this.capacity}`,
      );
    }
    const room = (): Tensor => {
      const made = empty([n!, heads!, this.capacity, e!], { device, dtype });
      made.adopt();
      return made;
    };
    const all = this.#layers[layer] ??= { keys: room(), values: room() };
    using _ = noGrad();
    all.keys.narrow(2, from, t!).copy_(keys);
    all.values.narrow(2, from, t!).copy_(values);
    return [all.keys.narrow(2, 0, length), all.values.narrow(2, 0, length)];
  }

  /** Says that every layer has seen `tokens` more. */
  advance(tokens: number): void {
    this.#length += tokens;
  }

  /** Frees keys and values. */
  [Symbol.dispose](): void {
    for (const { keys, values } of this.#layers.splice(0)) {
      keys.dispose();
      values.dispose();
    }
    this.#length = 0;
  }
}
