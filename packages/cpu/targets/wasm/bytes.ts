/** A growing list of bytes, with WebAssembly's number formats. */
export class Bytes {
  #data = new Uint8Array(256);
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** Appends bytes as they are. */
  push(...bytes: number[]): this {
    this.#reserve(bytes.length);
    for (let i = 0; i < bytes.length; i++) this.#data[this.#length++] = bytes[i]!;
    return this;
  }

  /** Appends all of another list. */
  append(other: Bytes): this {
    this.#reserve(other.#length);
    this.#data.set(other.#data.subarray(0, other.#length), this.#length);
    this.#length += other.#length;
    return this;
  }

  /** Appends an unsigned LEB128 number. */
  unsigned(value: number): this {
    this.#reserve(5);
    value >>>= 0;
    while (value > 0x7f) {
      this.#data[this.#length++] = (value & 0x7f) | 0x80;
      value >>>= 7;
    }
    this.#data[this.#length++] = value;
    return this;
  }

  /** Appends a signed LEB128 number of 32 bits. */
  signed(value: number): this {
    this.#reserve(5);
    value |= 0;
    while (value < -64 || value > 63) {
      this.#data[this.#length++] = (value & 0x7f) | 0x80;
      value >>= 7;
    }
    this.#data[this.#length++] = value & 0x7f;
    return this;
  }

  /** Appends a signed LEB128 number of 64 bits. */
  signed64(value: bigint): this {
    value = BigInt.asIntN(64, value);
    while (value < -64n || value > 63n) {
      this.push(Number(value & 0x7fn) | 0x80);
      value >>= 7n;
    }
    return this.push(Number(value & 0x7fn));
  }

  /** Appends a little-endian float32. */
  float32(value: number): this {
    return this.push(...new Uint8Array(new Float32Array([value]).buffer));
  }

  /** Appends a little-endian float64. */
  float64(value: number): this {
    return this.push(...new Uint8Array(new Float64Array([value]).buffer));
  }

  /** Appends a name: its length and its text. */
  text(name: string): this {
    const encoded = new TextEncoder().encode(name);
    return this.unsigned(encoded.length).push(...encoded);
  }

  /** Appends another list behind its length. */
  sized(other: Bytes): this {
    return this.unsigned(other.#length).append(other);
  }

  /** The bytes. */
  toUint8Array(): Uint8Array<ArrayBuffer> {
    return this.#data.slice(0, this.#length);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#data.length) return;
    const data = new Uint8Array(Math.max(needed, 2 * this.#data.length));
    data.set(this.#data);
    this.#data = data;
  }
}
