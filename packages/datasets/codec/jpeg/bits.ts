/** Entropy-coded bits of a JPEG scan, and Huffman codes (ITU-T T.81, annexes C and F). */

/** Bits of a code that one look finds. */
const LOOK = 9;

/** A Huffman code as tables. */
export interface HuffmanTable {
  /** By the next nine bits: length and symbol of a code that short, else 0. */
  readonly look: Uint16Array;
  /** The largest code of each length, -1 if there is none. */
  readonly largest: Int32Array;
  /** What to add to a code of each length to find its symbol. */
  readonly offset: Int32Array;
  /** The symbols, shortest codes first. */
  readonly symbols: Uint8Array;
}

/** The tables of a code that has `counts[i]` codes of length `i + 1`. */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const look = new Uint16Array(1 << LOOK);
  const largest = new Int32Array(17).fill(-1), offset = new Int32Array(17);
  for (let length = 1, code = 0, at = 0; length <= 16; length++, code <<= 1) {
    const count = counts[length - 1]!;
    offset[length] = at - code;
    for (let i = 0; i < count; i++, code++, at++) {
      if (length <= LOOK) {
        const first = code << (LOOK - length);
        look.fill(length << 8 | symbols[at]!, first, first + (1 << (LOOK - length)));
      }
    }
    if (count > 0) largest[length] = code - 1;
  }
  return { look, largest, offset, symbols };
}

/** Reads bits up to the next marker; beyond it they are 0, as in libjpeg. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #fail: (why: string) => never;
  #at: number;
  #bits = 0;
  #count = 0;

  /** Begins at byte `at`. */
  constructor(bytes: Uint8Array, at: number, fail: (why: string) => never) {
    this.#bytes = bytes;
    this.#at = at;
    this.#fail = fail;
  }

  #fill(): void {
    while (this.#count <= 16) {
      let byte = 0;
      if (this.#at >= this.#bytes.length) this.#fail("it is truncated");
      byte = this.#bytes[this.#at]!;
      if (byte === 0xff) {
        const next = this.#bytes[this.#at + 1];
        if (next === 0) this.#at += 2;
        else byte = 0;
      } else this.#at++;
      this.#bits = (this.#bits << 8 | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  /** The next `n` bits, at most 16. */
  read(n: number): number {
    if (n === 0) return 0;
    if (this.#count < n) this.#fill();
    this.#count -= n;
    return this.#bits >> this.#count & ((1 << n) - 1);
  }

  /** A number of `n` bits, of which those that begin with 0 are negative. */
  extended(n: number): number {
    const value = this.read(n);
    return n > 0 && value < 1 << (n - 1) ? value - (1 << n) + 1 : value;
  }

  /** The next symbol of a code. */
  symbol({ look, largest, offset, symbols }: HuffmanTable): number {
    if (this.#count < 16) this.#fill();
    const found = look[this.#bits >> (this.#count - LOOK) & ((1 << LOOK) - 1)]!;
    if (found !== 0) {
      this.#count -= found >> 8;
      return found & 255;
    }
    for (let length = LOOK + 1; length <= 16; length++) {
      const code = this.#bits >> (this.#count - length) & ((1 << length) - 1);
      if (code <= largest[length]!) {
        this.#count -= length;
        return symbols[code + offset[length]!]!;
      }
    }
    return this.#fail("its data has a code that is in no table");
  }

  /** Goes on behind the restart marker that is due, and says where it or another marker stands. */
  restart(): boolean {
    this.#count = this.#bits = 0;
    const bytes = this.#bytes;
    let at = this.#at;
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1]! !== 0 && bytes[at + 1] !== 0xff)) {
      at++;
    }
    if (at + 1 >= bytes.length) this.#fail("it is truncated");
    const isRestart = (bytes[at + 1]! & 0xf8) === 0xd0;
    this.#at = isRestart ? at + 2 : at;
    return isRestart;
  }

  /** Where the next marker stands. */
  end(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    while (
      at + 1 < bytes.length &&
      !(bytes[at] === 0xff && bytes[at + 1]! !== 0 && bytes[at + 1] !== 0xff &&
        (bytes[at + 1]! & 0xf8) !== 0xd0)
    ) at++;
    return at;
  }
}
