/** Temporary memory for the lists of numbers in one function's compilation. */

/** An arena of number lists that are freed together, as separate typed arrays would cost more than the work on them. */
export class Arena {
  #words = new Int32Array(1 << 14);
  #used = 0;

  /** Frees all lists; their memory is reused. */
  reset(): void {
    this.#used = 0;
  }

  /** Allocates a list of `length` words with the same value. */
  words(length: number, value = 0): Int32Array {
    if (this.#used + length > this.#words.length) {
      this.#words = new Int32Array(2 * Math.max(length, this.#words.length));
      this.#used = 0;
    }
    const list = this.#words.subarray(this.#used, this.#used += length);
    return list.fill(value);
  }
}
