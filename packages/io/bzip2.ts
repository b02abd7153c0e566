/** Files compressed by bzip2. */

/** Bits from the highest on. */
class Bits {
  readonly #bytes: Uint8Array;
  readonly #fail: (why: string) => never;
  #at = 0;
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array, fail: (why: string) => never) {
    this.#bytes = bytes;
    this.#fail = fail;
  }

  /** The next `n` bits, at most 24. */
  read(n: number): number {
    while (this.#count < n) {
      if (this.#at >= this.#bytes.length) this.#fail("it is cut short");
      this.#bits = (this.#bits << 8 | this.#bytes[this.#at++]!) & 0x7fffffff;
      this.#count += 8;
    }
    this.#count -= n;
    const value = this.#bits >>> this.#count & ((1 << n) - 1);
    this.#bits &= (1 << this.#count) - 1;
    return value;
  }

  /** The next `n` bits without taking them, at most 16; zeros follow the end of the data. */
  peek(n: number): number {
    while (this.#count < n && this.#at < this.#bytes.length) {
      this.#bits = this.#bits << 8 | this.#bytes[this.#at++]!;
      this.#count += 8;
    }
    const missing = Math.max(n - this.#count, 0);
    return this.#bits << missing >>> (this.#count + missing - n) & ((1 << n) - 1);
  }

  /** Forgets what is left of the current byte; false at the end of the data. */
  align(): boolean {
    this.#count -= this.#count % 8;
    return this.#count > 0 || this.#at < this.#bytes.length;
  }
}

const TABLE: Uint32Array = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let i = 0; i < 8; i++) crc = crc << 1 ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

/** Bytes that grow. */
class Output {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 16);
  #length = 0;
  readonly #limit: number;
  readonly #fail: (why: string) => never;

  constructor(limit: number, fail: (why: string) => never) {
    this.#limit = limit;
    this.#fail = fail;
  }

  get length(): number {
    return this.#length;
  }

  push(byte: number): void {
    if (this.#length >= this.#limit) this.#fail(`it unpacks to more than ${this.#limit} bytes`);
    if (this.#length === this.#bytes.length) {
      const more = new Uint8Array(2 * this.#length);
      more.set(this.#bytes);
      this.#bytes = more;
    }
    this.#bytes[this.#length++] = byte;
  }

  /** The checksum of the bytes from `start` on. */
  crc(start: number): number {
    let crc = 0xffffffff;
    for (let i = start; i < this.#length; i++) crc = crc << 8 ^ TABLE[crc >>> 24 ^ this.#bytes[i]!]!;
    return ~crc >>> 0;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }
}

/** The length of codes that a single lookup decodes. */
const LOOK = 10;

/** A Huffman code: the largest code of each length, and the symbols in order. */
interface Code {
  /** Length and symbol of a code, by the next bits; 0 for longer codes. */
  readonly look: Uint16Array;
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: readonly number[];
}

function codeOf(lengths: readonly number[]): Code {
  const limits = new Int32Array(22).fill(-1), offsets = new Int32Array(22), symbols: number[] = [];
  const look = new Uint16Array(1 << LOOK);
  for (let length = 1, code = 0; length <= 20; length++, code <<= 1) {
    offsets[length] = symbols.length - code;
    lengths.forEach((own, symbol) => {
      if (own !== length) return;
      symbols.push(symbol);
      const first = code << (LOOK - length);
      if (length <= LOOK) look.fill(length << 9 | symbol, first, first + (1 << (LOOK - length)));
      limits[length] = code++;
    });
  }
  return { look, limits, offsets, symbols };
}

function symbolOf(
  bits: Bits,
  { look, limits, offsets, symbols }: Code,
  fail: (why: string) => never,
): number {
  const found = look[bits.peek(LOOK)]!;
  if (found !== 0) {
    bits.read(found >> 9);
    return found & 511;
  }
  let code = 0;
  for (let length = 1; length <= 20; length++) {
    code = code << 1 | bits.read(1);
    if (code <= limits[length]!) return symbols[code + offsets[length]!] ?? fail("a code is in no table");
  }
  return fail("a code is in no table");
}

/** The bytes that a block uses, in ascending order. */
function usedBytes(bits: Bits): number[] {
  const groups = bits.read(16), used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if ((groups >> (15 - group) & 1) === 0) continue;
    const members = bits.read(16);
    for (let i = 0; i < 16; i++) if (members >> (15 - i) & 1) used.push(16 * group + i);
  }
  return used;
}

const moveToFront = (list: number[], place: number): number => {
  const [moved] = list.splice(place, 1);
  list.unshift(moved!);
  return moved!;
};

/** The last column of the sorted rotations of a block. */
function readColumn(bits: Bits, size: number, fail: (why: string) => never): Uint8Array {
  const bytes = usedBytes(bits), symbols = bytes.length + 2;
  const tables = bits.read(3), selectors = bits.read(15);
  if (bytes.length === 0 || tables < 2 || tables > 6 || selectors === 0) fail("a block makes no sense");
  const order = Array.from({ length: tables }, (_, i) => i);
  const chosen = Array.from({ length: selectors }, () => {
    let place = 0;
    while (bits.read(1)) if (++place >= tables) fail("a block makes no sense");
    return moveToFront(order, place);
  });
  const codes = Array.from({ length: tables }, () => {
    let length = bits.read(5);
    return codeOf(Array.from({ length: symbols }, () => {
      while (bits.read(1)) length += bits.read(1) ? -1 : 1;
      return length >= 1 && length <= 20 ? length : fail("a block makes no sense");
    }));
  });
  const column = new Uint8Array(size);
  let length = 0, run = 0, weight = 1;
  for (let i = 0;; i++) {
    const selector = chosen[Math.floor(i / 50)] ?? fail("a block makes no sense");
    const symbol = symbolOf(bits, codes[selector]!, fail);
    if (symbol <= 1) {
      run += weight << symbol;
      weight *= 2;
      if (run > size) fail("a block is too large");
      continue;
    }
    if (length + run >= size && symbol !== symbols - 1) fail("a block is too large");
    if (length + run > size) fail("a block is too large");
    column.fill(bytes[0]!, length, length + run);
    length += run;
    run = 0;
    weight = 1;
    if (symbol === symbols - 1) return column.subarray(0, length);
    column[length++] = moveToFront(bytes, symbol - 1);
  }
}

/** Undoes the sorting of a block, and its runs of four bytes and a count. */
function unsort(column: Uint8Array, origin: number, out: Output): void {
  const starts = new Int32Array(256), links = new Int32Array(column.length);
  for (const byte of column) starts[byte]!++;
  for (let byte = 0, sum = 0; byte < 256; byte++) {
    const count = starts[byte]!;
    starts[byte] = sum;
    sum += count;
  }
  column.forEach((byte, i) => links[starts[byte]!++] = i);
  let at = links[origin]!, last = -1, repeated = 0;
  for (let i = 0; i < column.length; i++, at = links[at]!) {
    const byte = column[at]!;
    if (repeated === 4) {
      for (let n = 0; n < byte; n++) out.push(last);
      repeated = 0;
      last = -1;
      continue;
    }
    repeated = byte === last ? repeated + 1 : 1;
    last = byte;
    out.push(byte);
  }
}

/**
 * The contents of a bzip2 file, whose checksums are verified.
 *
 * @param bytes The whole file.
 * @param name The file's name for errors.
 * @param limit The most bytes that it may unpack to; 2 GiB by default.
 * @throws {TypeError} If it is damaged, cut short, or unpacks to more than `limit` bytes.
 */
export function inflateBzip2(
  bytes: Uint8Array,
  name: string,
  limit: number = 2 ** 31,
): Uint8Array<ArrayBuffer> {
  const fail = (why: string): never => {
    throw new TypeError(`Cannot read ${name}: its bzip2 data is damaged (${why})`);
  };
  const bits = new Bits(bytes, fail), out = new Output(limit, fail);
  const word = (): number => bits.read(16) * 65536 + bits.read(16);
  do {
    const level = bits.read(24) === 0x425a68 ? bits.read(8) - 0x30 : NaN;
    if (!(level >= 1 && level <= 9)) fail("it does not begin like one");
    for (let all = 0;;) {
      const start = bits.read(24), end = bits.read(24), crc = word();
      if (start === 0x177245 && end === 0x385090) {
        if (crc !== all) fail("its checksum is wrong");
        break;
      }
      if (start !== 0x314159 || end !== 0x265359 || bits.read(1) === 1) fail("a block makes no sense");
      const origin = bits.read(24), from = out.length;
      const column = readColumn(bits, level * 100_000, fail);
      if (origin >= column.length) fail("a block makes no sense");
      unsort(column, origin, out);
      if (out.crc(from) !== crc) fail("the checksum of a block is wrong");
      all = ((all << 1 | all >>> 31) ^ crc) >>> 0;
    }
  } while (bits.align());
  return out.bytes();
}
