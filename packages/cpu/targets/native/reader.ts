/** Reads WebAssembly's binary format. */

/** Reads the bytes of a module in order. */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;

  /** Starts at a byte offset. */
  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Reads a byte. */
  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** Reads an unsigned LEB128 number of 32 bits. */
  unsigned(): number {
    let value = 0, shift = 0, byte = 0;
    do {
      byte = this.bytes[this.at++]!;
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 0x7f);
    return value >>> 0;
  }

  /** Reads a signed LEB128 number of 32 bits. */
  signed(): number {
    let value = 0, shift = 0, byte = 0;
    do {
      byte = this.bytes[this.at++]!;
      value |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte > 0x7f);
    return shift < 32 && (byte & 0x40) !== 0 ? value | -1 << shift : value;
  }

  /** Reads a signed LEB128 number of 64 bits. */
  signed64(): bigint {
    let value = 0n, shift = 0n, byte = 0;
    do {
      byte = this.bytes[this.at++]!;
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    } while (byte > 0x7f);
    return BigInt.asIntN(64, (byte & 0x40) !== 0 ? value | -1n << shift : value);
  }

  /** Reads a length, then ASCII text. */
  text(): string {
    const end = this.unsigned() + this.at;
    let text = "";
    while (this.at < end) text += String.fromCharCode(this.byte());
    return text;
  }
}
