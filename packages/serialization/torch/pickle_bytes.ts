/** Reader for the bytes of pickles: numbers, texts and lengths, each checked against the end of the data. */

/** Maximum size in bytes of an integer: more than any weight file needs. */
const LONGEST_INTEGER = 256;

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the operands of pickle instructions in sequence. */
export class PickleBytes {
  /** Offset in bytes of the next read. */
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #file: string;

  /** @param file Name of the file in errors. */
  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
  }

  /** Advances by `count` bytes; returns the offset of the first one. */
  #advance(count: number): number {
    const start = this.position;
    if (start + count > this.#bytes.length) throw this.damaged("it breaks off");
    this.position += count;
    return start;
  }

  /** Reads `count` bytes, which share memory with the whole. */
  take(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** Reads an unsigned 8-bit integer. */
  byte(): number {
    return this.#bytes[this.#advance(1)]!;
  }

  /** Reads an unsigned 16-bit integer. */
  length2(): number {
    return this.#view.getUint16(this.#advance(2), true);
  }

  /** Reads an unsigned 32-bit integer. */
  length4(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** Reads an unsigned 64-bit integer. */
  length8(): number {
    return Number(this.#view.getBigUint64(this.#advance(8), true));
  }

  /** Reads a signed 32-bit integer. */
  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  /** Reads a big-endian 64-bit float. */
  float64(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** Reads a text of `length` bytes. */
  text(length: number): string {
    const bytes = this.take(length);
    try {
      return UTF8.decode(bytes);
    } catch {
      throw this.damaged("a text must be UTF-8");
    }
  }

  /** Reads a text of `length` bytes with one character per byte. */
  latin1(length: number): string {
    return Array.from(this.take(length), (byte) => String.fromCharCode(byte)).join("");
  }

  /** Reads a text up to the end of the line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) throw this.damaged("it breaks off");
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  /** Reads a little-endian integer in two's complement; returns a bigint if a number would lose precision. */
  integer(length: number): number | bigint {
    if (length > LONGEST_INTEGER) {
      throw this.damaged(`a whole number may have ${LONGEST_INTEGER} bytes: it has ${length}`);
    }
    let value = 0n;
    for (const byte of this.take(length).toReversed()) value = value << 8n | BigInt(byte);
    value = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  /** Creates the error for a truncated pickle. */
  damaged(why: string, at: number = this.position): TypeError {
    return new TypeError(`Cannot read ${this.#file} as its pickle must be whole: ${why}, at byte ${at}`);
  }
}
