/** Entropy-coded bits of a JPEG scan (ITU-T T.81, annex F). */
import { type HuffmanTable, LOOK } from "./huffman.ts";
import { isRestart, type Marker, nextMarker } from "./markers.ts";

/** Reads bits up to the next marker; beyond it they are 0, as in libjpeg. */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #fail: (why: string) => never;
  #at: number;
  #bits = 0;
  #count = 0;
  /** Number of padding zeros appended after the end of the data. */
  #padding = 0;
  #atMarker = false;
  #exhausted = false;
  #missing = false;
  /** Number of undefined codes, which are decoded as 0. */
  badCodes = 0;
  /** True if a restart marker was missing or out of order. */
  lostRestart = false;

  /** Begins at byte `at`. */
  constructor(bytes: Uint8Array, at: number, fail: (why: string) => never) {
    this.#bytes = bytes;
    this.#at = at;
    this.#fail = fail;
  }

  /** True if bits were read past the end of the data since the last restart. */
  get exhausted(): boolean {
    return this.#exhausted ||= this.#count < this.#padding;
  }

  /** True if bits were read past the end of the data anywhere. */
  get missing(): boolean {
    return this.#missing ||= this.exhausted;
  }

  /** True if unread bytes of data remain before the next marker. */
  get excess(): boolean {
    return this.#count - this.#padding >= 8 || (nextMarker(this.#bytes, this.#at)?.junk ?? 0) > 0;
  }

  #fill(): void {
    const bytes = this.#bytes;
    while (this.#count <= 16) {
      let byte = 0;
      if (this.#atMarker) this.#padding += 8;
      else if (this.#at >= bytes.length) return;
      else if (bytes[this.#at] !== 0xff) byte = bytes[this.#at++]!;
      else {
        let next = this.#at + 1;
        while (bytes[next] === 0xff) next++;
        if (next >= bytes.length) return;
        if (bytes[next] === 0) {
          byte = 0xff;
          this.#at = next + 1;
        } else {
          this.#atMarker = true;
          this.#padding += 8;
        }
      }
      this.#bits = (this.#bits << 8 | byte) & 0xffffff;
      this.#count += 8;
    }
  }

  /** The next `n` bits, at most 16. */
  read(n: number): number {
    if (n === 0) return 0;
    if (this.#count < n) this.#fill();
    if (this.#count < n) this.#fail("it is truncated");
    this.#count -= n;
    return this.#bits >> this.#count & ((1 << n) - 1);
  }

  /** A number of `n` bits, of which those that begin with 0 are negative. */
  extended(n: number): number {
    const value = this.read(n);
    return n > 0 && value < 1 << (n - 1) ? value - (1 << n) + 1 : value;
  }

  /** The next symbol of a code. */
  symbol(table: HuffmanTable): number {
    if (this.#count <= 16) this.#fill();
    let length = 1;
    if (this.#count >= LOOK) {
      const found = table.look[this.#bits >> (this.#count - LOOK) & ((1 << LOOK) - 1)]!;
      if (found !== 0) {
        this.#count -= found >> 8;
        return found & 255;
      }
      length = LOOK + 1;
    } else if (this.#count < 8) this.#fail("it is truncated");
    for (; length <= 17; length++) {
      if (length > this.#count) this.#fail("it is truncated");
      if (length > 16) break;
      const code = this.#bits >> (this.#count - length) & ((1 << length) - 1);
      if (code <= table.largest[length]!) {
        this.#count -= length;
        return table.symbols[code + table.offset[length]! & 255]!;
      }
    }
    this.#count -= 17;
    this.badCodes++;
    return 0;
  }

  /** Reads the coefficients of a sequential block, but for the first, in the order of `places`. */
  block(table: HuffmanTable, places: Uint8Array, coefficients: Int16Array, at: number): void {
    const bytes = this.#bytes, { look } = table;
    let bits = this.#bits, count = this.#count, next = this.#at;
    for (let k = 1; k < 64; k++) {
      // The most bits that a code of one lookup and its number have.
      while (count < 25 && !this.#atMarker) {
        const byte = bytes[next]!;
        if (byte !== 0xff && next < bytes.length) next++;
        else if (bytes[next + 1] === 0) next += 2;
        else break;
        bits = bits << 8 | byte;
        count += 8;
      }
      const found = count < 25 ? 0 : look[bits >>> (count - LOOK) & ((1 << LOOK) - 1)]!;
      let symbol = found & 255, size = symbol & 15;
      if (found === 0) {
        // Long codes, and the end of the data.
        this.#bits = bits;
        this.#count = count;
        this.#at = next;
        symbol = this.symbol(table);
        size = symbol & 15;
      } else count -= found >> 8;
      let value = 0;
      if (size > 0 && found === 0) value = this.extended(size);
      else if (size > 0) {
        count -= size;
        value = bits >>> count & ((1 << size) - 1);
        if (value < 1 << (size - 1)) value -= (1 << size) - 1;
      }
      if (found === 0) {
        bits = this.#bits;
        count = this.#count;
        next = this.#at;
      }
      if (size === 0) {
        if (symbol !== 0xf0) break;
        k += 15;
        continue;
      }
      k += symbol >> 4;
      coefficients[at + places[k]!] = value;
    }
    this.#bits = bits;
    this.#count = count;
    this.#at = next;
  }

  /**
   * Skips to the restart marker with the number `due`. If another restart marker is found, treats it as late,
   * leaves it for its own interval, or takes it for the one that is due, by the rules of libjpeg.
   */
  restart(due: number): void {
    this.#missing ||= this.exhausted;
    this.lostRestart ||= this.excess;
    this.#count = this.#bits = this.#padding = 0;
    for (let at = this.#at;;) {
      const marker = nextMarker(this.#bytes, at);
      if (marker === null) return this.#fail("it is truncated");
      const ahead = marker.code - 0xd0 - due & 7;
      this.lostRestart ||= !isRestart(marker.code) || ahead !== 0;
      at = marker.end;
      if (marker.code < 0xc0 || (isRestart(marker.code) && ahead >= 6)) continue;
      this.#atMarker = !isRestart(marker.code) || ahead === 1 || ahead === 2;
      this.#at = this.#atMarker ? marker.start : marker.end;
      if (!this.#atMarker) this.#exhausted = false;
      return;
    }
  }

  /** Returns the marker at which the data ends, skipping restart markers. */
  end(): Marker {
    for (let at = this.#at;;) {
      const marker = nextMarker(this.#bytes, at) ?? this.#fail("it is truncated");
      if (!isRestart(marker.code)) return marker;
      at = marker.end;
    }
  }
}
