/** Memory for the lists of numbers that compiling one function takes. */

/** Lists that are forgotten all at once: typed arrays of their own would cost more than what is done with them. */
export class Arena {
  #words = new Int32Array(1 << 14);
  #used = 0;

  /** Forgets all lists; what they are views of is used again. */
  reset(): void {
    this.#used = 0;
  }

  /** A list of `length` words with the same value. */
  words(length: number, value = 0): Int32Array {
    if (this.#used + length > this.#words.length) {
      this.#words = new Int32Array(2 * Math.max(length, this.#words.length));
      this.#used = 0;
    }
    const list = this.#words.subarray(this.#used, this.#used += length);
    return list.fill(value);
  }
}
