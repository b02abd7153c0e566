/** Cache of keys and values of a transformer. */
import { noGrad } from "@troodon/autograd";
import { empty, type Tensor } from "@troodon/core";

interface Layer {
  readonly keys: Tensor;
  readonly values: Tensor;
}

/**
 * Keys and values of all tokens so far, which later tokens reuse. Memory for `capacity` tokens is allocated
 * up front. The creator must dispose of it.
 */
export class KVCache implements Disposable {
  /** Maximum number of tokens. */
  readonly capacity: number;
  readonly #layers: Layer[] = [];
  #length = 0;

  /** Creates an empty cache. */
  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Number of tokens that all layers have processed. */
  get length(): number {
    return this.#length;
  }

  /**
   * Appends keys and values [n, heads, t, e] of new tokens to those of a layer, and returns all of them
   * [n, heads, length + t, e] as views of the cache.
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

  /** Records that all layers have processed `tokens` more tokens. */
  advance(tokens: number): void {
    this.#length += tokens;
  }

  /** Releases the keys and values. */
  [Symbol.dispose](): void {
    for (const { keys, values } of this.#layers.splice(0)) {
      keys.dispose();
      values.dispose();
    }
    this.#length = 0;
  }
}
