/**
 * The idx format of MNIST: arrays of any rank, big-endian, plain or gzip.
 * http://yann.lecun.com/exdb/mnist/ describes it under "the idx file format".
 */
import { inflateGzipSync, isGzip } from "@troodon/io";

/** The arrays an idx file can hold. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The contents of an idx file. */
export interface IdxArray<A extends IdxData = IdxData> {
  /** The elements, last axis fastest. */
  readonly data: A;
  /** The size of each axis. */
  readonly shape: readonly number[];
}

interface ElementType {
  readonly code: number;
  readonly bytes: number;
  make(length: number): IdxData;
  get(view: DataView, at: number): number;
  set(view: DataView, at: number, value: number): void;
}

const ELEMENT_TYPES: readonly ElementType[] = [
  {
    code: 0x08,
    bytes: 1,
    make: (n) => new Uint8Array(n),
    get: (v, at) => v.getUint8(at),
    set: (v, at, x) => v.setUint8(at, x),
  },
  {
    code: 0x09,
    bytes: 1,
    make: (n) => new Int8Array(n),
    get: (v, at) => v.getInt8(at),
    set: (v, at, x) => v.setInt8(at, x),
  },
  {
    code: 0x0b,
    bytes: 2,
    make: (n) => new Int16Array(n),
    get: (v, at) => v.getInt16(at),
    set: (v, at, x) => v.setInt16(at, x),
  },
  {
    code: 0x0c,
    bytes: 4,
    make: (n) => new Int32Array(n),
    get: (v, at) => v.getInt32(at),
    set: (v, at, x) => v.setInt32(at, x),
  },
  {
    code: 0x0d,
    bytes: 4,
    make: (n) => new Float32Array(n),
    get: (v, at) => v.getFloat32(at),
    set: (v, at, x) => v.setFloat32(at, x),
  },
  {
    code: 0x0e,
    bytes: 8,
    make: (n) => new Float64Array(n),
    get: (v, at) => v.getFloat64(at),
    set: (v, at, x) => v.setFloat64(at, x),
  },
];

const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;

/**
 * Reads the bytes of an idx file, plain or gzip. Bytes of plain `uint8` files are shared with the result.
 *
 * @param bytes The whole file.
 * @param name What errors call it.
 * @throws {TypeError} If the file is no idx file, or is shorter or longer than its header says.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readIdx, writeIdx } from "@troodon/datasets";
 *
 * const bytes = writeIdx({ data: new Int16Array([1, -2, 3, -4]), shape: [2, 2] });
 * assertEquals(readIdx(bytes, "matrix.idx").data, new Int16Array([1, -2, 3, -4]));
 * ```
 */
export function readIdx(bytes: Uint8Array, name: string): IdxArray {
  const plain = isGzip(bytes) ? inflateGzipSync(bytes, name) : bytes;
  const fail = (reason: string): never => {
    throw new TypeError(`Cannot read ${name}: ${reason}`);
  };
  if (plain.length < 4) return fail(`the idx magic number needs 4 bytes but the file has ${plain.length}`);
  if (plain[0] !== 0 || plain[1] !== 0) {
    return fail(
      `the idx magic number must start with two zero bytes but starts with ${hex(plain[0]!)} ${
        hex(plain[1]!)
      }`,
    );
  }
  const code = plain[2]!, rank = plain[3]!;
  const type = ELEMENT_TYPES.find((type) => type.code === code);
  if (!type) {
    return fail(`the element type must be 0x08, 0x09 or 0x0b to 0x0e but is ${hex(code)}`);
  }
  const start = 4 + 4 * rank;
  if (plain.length < start) {
    return fail(
      `the sizes of ${rank} dimensions end at byte ${start} but the file has ${plain.length} bytes`,
    );
  }
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const length = shape.reduce((product, n) => product * n, 1);
  const needed = length * type.bytes;
  const present = plain.length - start;
  if (present !== needed) {
    const excess = present > needed ? `${present - needed} bytes more` : `only ${present}`;
    return fail(`header says ${shape.join("x") || "scalar"} = ${needed} bytes but ${excess} follow it`);
  }
  if (type.code === 0x08) return { data: plain.subarray(start), shape };
  const data = type.make(length);
  for (let i = 0, at = start; i < length; i++, at += type.bytes) data[i] = type.get(view, at);
  return { data, shape };
}

/**
 * The bytes of a plain idx file that holds `array`.
 *
 * @throws {RangeError} If the shape does not fit the data, has more than 255 axes or one above 2^32 - 1.
 */
export function writeIdx(array: IdxArray): Uint8Array<ArrayBuffer> {
  const { data, shape } = array;
  const length = shape.reduce((product, n) => product * n, 1);
  if (length !== data.length || shape.length > 255 || shape.some((n) => n < 0 || n >>> 0 !== n)) {
    throw new RangeError(
      `Cannot write an idx file as its shape must hold ${data.length} elements: current shape is [${
        shape.join(", ")
      }]`,
    );
  }
  const type = ELEMENT_TYPES.find((type) => type.make(0).constructor === data.constructor);
  if (!type) {
    throw new TypeError(`Cannot write an idx file of a ${data.constructor.name}`);
  }
  const start = 4 + 4 * shape.length;
  const bytes = new Uint8Array(start + length * type.bytes);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, type.code, shape.length]);
  shape.forEach((n, axis) => view.setUint32(4 + 4 * axis, n));
  if (data instanceof Uint8Array) bytes.set(data, start);
  else for (let i = 0, at = start; i < length; i++, at += type.bytes) type.set(view, at, data[i]!);
  return bytes;
}
