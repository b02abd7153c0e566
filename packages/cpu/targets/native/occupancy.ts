/** Which positions of a function each register is taken at. */

/** Sets of positions, one for each of a number of registers or stack slots. */
export class Occupancy {
  readonly #words: number;
  readonly #sets: Uint32Array[] = [];

  /** Sets for positions below `positions`. */
  constructor(positions: number) {
    this.#words = (positions >> 5) + 1;
  }

  /** Number of sets that were written to. */
  get count(): number {
    return this.#sets.length;
  }

  /** Returns true if the register is free from `start` until before `end`. */
  isFree(register: number, start: number, end: number): boolean {
    const set = this.#sets[register];
    if (set === undefined) return true;
    const first = start >> 5, last = end - 1 >> 5;
    for (let word = first; word <= last; word++) {
      if ((set[word]! & mask(word, first, last, start, end)) !== 0) return false;
    }
    return true;
  }

  /** Takes the register from `start` until before `end`. */
  take(register: number, start: number, end: number): void {
    while (this.#sets.length <= register) this.#sets.push(new Uint32Array(this.#words));
    const set = this.#sets[register]!, first = start >> 5, last = end - 1 >> 5;
    for (let word = first; word <= last; word++) set[word]! |= mask(word, first, last, start, end);
  }
}

function mask(word: number, first: number, last: number, start: number, end: number): number {
  let bits = -1;
  if (word === first) bits &= -1 << (start & 31);
  if (word === last) bits &= -1 >>> (31 - (end - 1 & 31));
  return bits;
}
