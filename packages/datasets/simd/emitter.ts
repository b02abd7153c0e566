/** Encodes WebAssembly modules whose functions calculate with vectors of 16 bytes. */

/** Code that leaves a value on the stack, or changes memory or a local. */
export type Code = readonly number[];

const I32 = 0x7f, V128 = 0x7b;

/** Encodes an unsigned number in LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (; value > 127; value >>>= 7) bytes.push(value & 127 | 128);
  return [...bytes, value];
}

/** Encodes a signed number in LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push(value & 127 | 128);
  return [...bytes, value & 127];
}

const sized = (bytes: Code): number[] => [...unsigned(bytes.length), ...bytes];
const text = (name: string): number[] => sized([...new TextEncoder().encode(name)]);
const section = (
  id: number,
  ...items: Code[]
): number[] => [id, ...sized([...unsigned(items.length), ...items.flat()])];

/** Opcodes of instructions that take operands alone. */
const VECTOR = {
  i16x8Splat: 0x10,
  i32x4Splat: 0x11,
  and: 0x4e,
  or: 0x50,
  xor: 0x51,
  anyTrue: 0x53,
  i8x16NarrowS: 0x65,
  i8x16NarrowU: 0x66,
  i16x8NarrowS: 0x85,
  i16x8ExtendLowU: 0x89,
  i16x8ExtendHighU: 0x8a,
  i16x8Shl: 0x8b,
  i16x8ShrU: 0x8d,
  i16x8Add: 0x8e,
  i16x8Sub: 0x91,
  i16x8Mul: 0x95,
  i32x4ExtendLowS: 0xa7,
  i32x4ExtendHighS: 0xa8,
  i32x4ExtendLowU: 0xa9,
  i32x4ExtendHighU: 0xaa,
  i32x4Shl: 0xab,
  i32x4ShrS: 0xac,
  i32x4Add: 0xae,
  i32x4Sub: 0xb1,
  i32x4Mul: 0xb5,
  i32x4Dot: 0xba,
} as const;

/** An instruction on vectors. */
export const vector = (name: keyof typeof VECTOR, ...operands: Code[]): Code => [
  ...operands.flat(),
  0xfd,
  ...unsigned(VECTOR[name]),
];

/** The sum of two numbers of 32 bits. */
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];

/** A number of 32 bits. */
export const i32 = (value: number): Code => [0x41, ...signed(value)];

/** A vector of 16 bytes. */
export const bytes16 = (bytes: Code): Code => [0xfd, 0x0c, ...bytes];

/** A vector of eight 16-bit numbers: the given ones, repeated. */
export const i16x8 = (...values: number[]): Code =>
  bytes16(Array.from({ length: 16 }, (_, i) => values[(i >> 1) % values.length]! >> 8 * (i & 1) & 255));

/** Selects bytes of two vectors, numbered from 0 and from 16. */
export const shuffle = (a: Code, b: Code, places: Code): Code => [...a, ...b, 0xfd, 0x0d, ...places];

/** The vector at an address. */
export const load = (address: Code, offset = 0): Code => [...address, 0xfd, 0x00, 0, ...unsigned(offset)];

/** Eight bytes at an address as numbers of 16 bits. */
export const load8x8 = (address: Code, offset = 0): Code => [...address, 0xfd, 0x02, 0, ...unsigned(offset)];

/** Four bytes at an address, followed by zeros. */
export const loadFour = (address: Code): Code => [...address, 0xfd, 0x5c, 0, 0];

/** A vector of four copies of the 32-bit number at an address. */
export const loadSplat = (address: Code): Code => [...address, 0xfd, 0x09, 0, 0];

/** The 32-bit number at an address. */
export const loadI32 = (address: Code, offset = 0): Code => [...address, 0x28, 0, ...unsigned(offset)];

/** Writes the first four bytes of a vector to an address. */
export const storeFour = (address: Code, value: Code): Code => [...address, ...value, 0xfd, 0x5a, 0, 0, 0];

/** Writes a vector to an address. */
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  0xfd,
  0x0b,
  0,
  ...unsigned(offset),
];

/** Writes the lower (0) or upper (1) half of a vector to an address. */
export const storeHalf = (address: Code, value: Code, half: 0 | 1): Code => [
  ...address,
  ...value,
  0xfd,
  0x5b,
  0,
  0,
  half,
];

/** A function whose parameters are numbers of 32 bits, and that returns nothing. */
export class FunctionEmitter {
  readonly #parameters: number;
  readonly #locals: number[] = [];
  readonly #code: number[] = [];

  /** Begins a function. */
  constructor(parameters: number) {
    this.#parameters = parameters;
  }

  /** The value of a parameter. */
  parameter(i: number): Code {
    return [0x20, i];
  }

  /** Appends code. */
  emit(...code: Code[]): void {
    for (const bytes of code) this.#code.push(...bytes);
  }

  /** Stores a vector in a new local, and returns the code that reads it. */
  keep(value: Code): Code {
    return this.#keep(value, V128);
  }

  /** Stores a number of 32 bits in a new local, and returns the code that reads it. */
  keepI32(value: Code): Code {
    return this.#keep(value, I32);
  }

  #keep(value: Code, type: number): Code {
    const index = this.#parameters + this.#locals.push(type) - 1;
    this.emit(value, [0x21, ...unsigned(index)]);
    return [0x20, ...unsigned(index)];
  }

  /** Stores a new value in a local or parameter. */
  assign(variable: Code, value: Code): void {
    this.emit(value, [0x21, ...variable.slice(1)]);
  }

  /** Repeats `body` while `count` is positive, and subtracts `step` each time. */
  countDown(count: Code, step: number, body: () => void): void {
    // block: leave it where count <= 0; loop: body, count -= step, go on where count > 0.
    this.emit([0x02, 0x40], count, i32(0), [0x4c, 0x0d, 0, 0x03, 0x40]);
    body();
    this.assign(count, add(count, i32(-step)));
    this.emit(count, i32(0), [0x4a, 0x0d, 0, 0x0b, 0x0b]);
  }

  /** Runs one of two parts of code, by a condition. */
  choose(condition: Code, yes: () => void, no: () => void): void {
    this.emit(condition, [0x04, 0x40]);
    yes();
    this.emit([0x05]);
    no();
    this.emit([0x0b]);
  }

  /** The number of parameters. */
  get parameters(): number {
    return this.#parameters;
  }

  /** Returns the encoded body of the function. */
  body(): Code {
    const locals = this.#locals.flatMap((type) => [1, type]);
    return sized([...unsigned(this.#locals.length), ...locals, ...this.#code, 0x0b]);
  }
}

/** Returns the bytes of a module that exports functions and their memory, which begins with one page of 64 KiB. */
export function moduleOf(functions: Readonly<Record<string, FunctionEmitter>>): Uint8Array<ArrayBuffer> {
  const all = Object.entries(functions);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, ...all.map(([, f]) => [0x60, ...sized(Array<number>(f.parameters).fill(I32)), 0])),
    ...section(3, ...all.map((_, i) => unsigned(i))),
    ...section(5, [0, 1]),
    ...section(7, ...all.map(([name], i) => [...text(name), 0, ...unsigned(i)]), [...text("memory"), 2, 0]),
    ...section(10, ...all.map(([, f]) => f.body())),
  ]);
}
