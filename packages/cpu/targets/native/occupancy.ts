/** Positions of a function at which registers are occupied. */
import type { Arena } from "./arena.ts";

/** Sets of occupied positions, one for each register or stack slot. */
export class Occupancy {
  readonly #arena: Arena;
  readonly #words: number;
  #sets: Int32Array;
  #count = 0;

  /** Makes sets for positions below `positions`. */
  constructor(arena: Arena, positions: number) {
    this.#arena = arena;
    this.#words = (positions >> 5) + 1;
    this.#sets = arena.words(32 * this.#words);
  }

  /** Number of the last set in use, plus one. */
  get count(): number {
    return this.#count;
  }

  /** Returns true if the register is free from `start` to before `end`. */
  isFree(register: number, start: number, end: number): boolean {
    if (register >= this.#count) return true;
    const sets = this.#sets, base = register * this.#words, first = start >> 5, last = end - 1 >> 5;
    for (let word = first; word <= last; word++) {
      if ((sets[base + word]! & mask(word, first, last, start, end)) !== 0) return false;
    }
    return true;
  }

  /** Occupies the register from `start` to before `end`. */
  take(register: number, start: number, end: number): void {
    if (register >= this.#count) this.#count = register + 1;
    if (this.#count * this.#words > this.#sets.length) {
      const grown = this.#arena.words(2 * this.#count * this.#words);
      grown.set(this.#sets);
      this.#sets = grown;
    }
    const sets = this.#sets, base = register * this.#words, first = start >> 5, last = end - 1 >> 5;
    for (let word = first; word <= last; word++) sets[base + word]! |= mask(word, first, last, start, end);
  }
}

function mask(word: number, first: number, last: number, start: number, end: number): number {
  let bits = -1;
  if (word === first) bits &= -1 << (start & 31);
  if (word === last) bits &= -1 >>> (31 - (end - 1 & 31));
  return bits;
}
