/** The bytes of pickles: numbers, texts and lengths, each checked before it is read. */

/** Bytes that a whole number may have: more than any file of weights needs. */
const LONGEST_INTEGER = 256;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads what instructions of pickles are made of, one after the other. */
export class PickleBytes {
  /** Offset in bytes of what is read next. */
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;

  /** @param file The name of the file, for errors. */
  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
  }

  /** Goes on by `count` bytes; returns where they begin. */
  #advance(count: number): number {
    const start = this.position;
    if (start + count > this.#bytes.length) throw this.damaged("it breaks off");
    this.position += count;
    return start;
  }

  /** The next `count` bytes; they share memory with all. */
  take(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** A number of one byte. */
  byte(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  /** A whole number from 0, of two bytes. */
  length2(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  /** A whole number from 0, of four bytes. */
  length4(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A whole number from 0, of eight bytes. */
  length8(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** A whole number of four bytes. */
  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** A floating number of eight bytes, the highest first. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** A text of `length` bytes. */
  text(length: number): string {
    const bytes = this.take(length);
    try {
      return UTF8.decode(bytes);
    } catch {
      throw this.damaged("a text must be UTF-8");
    }
  }

  /** A text with a letter for each of `length` bytes. */
  latin1(length: number): string {
    return Array.from(this.take(length), (byte) => String.fromCharCode(byte)).join("");
  }

  /** A text that ends with a line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.damaged("it breaks off");
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  /** A whole number in two's complement, the lowest byte first: a bigint where a number would lose digits. */
  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) {
      throw this.damaged(`a whole number may have ${LONGEST_INTEGER} bytes: it has ${length}`);
    }
    let value = 0n;
    for (const byte of this.take(length).toReversed()) value = value << 8n | BigInt(byte);
    value = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  /** The error about a pickle that is not whole. */
  damaged(why: string, at: number = this.position): TypeError {
    return new TypeError(`Cannot read ${this.#file} as its pickle must be whole: ${why}, at byte ${at}`);
  }
}
