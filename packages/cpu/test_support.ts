/** Tensors in the memory of a context, and the meaning of a map to compare with: for the tests of kernels. */
import type { Body, ComputeType, DType, RandomState, Shape } from "@troodon/core";
import {
  bytesOf,
  compileReference,
  rowMajor,
  sizeOf,
  toInt32,
  toInt64,
  typedView,
} from "@troodon/core/kernel";
import { CpuContext } from "./context.ts";
import type { CpuView } from "./view.ts";
import { CpuMemory } from "./memory.ts";

/** What tests of one file share. */
export const context: CpuContext = new CpuContext(new CpuMemory());

/** How a test tensor lies in memory. */
export interface Placement {
  readonly dtype?: DType;
  readonly strides?: readonly number[];
  readonly offset?: number;
}

/** A new tensor; `value` gives the element at each place of its memory. */
export function tensor(
  shape: Shape,
  value: (i: number) => number,
  { dtype = "float32", strides = rowMajor(shape), offset = 0 }: Placement = {},
): CpuView {
  let [low, high] = [offset, offset];
  shape.forEach((n, a) =>
    n > 0 && (strides[a]! > 0 ? high += (n - 1) * strides[a]! : low += (n - 1) * strides[a]!)
  );
  if (low < 0) throw new RangeError("Cannot place a tensor before its buffer");
  const length = high + 1;
  const buffer = context.memory.allocate(length * bytesOf(dtype));
  const view = { shape, strides, offset, dtype, buffer };
  const data = elements(view, length);
  if (dtype === "int64") {
    const bytes = bytesOfNumbers(dtype, Array.from({ length }, (_, i) => value(i)));
    context.memory.u8.set(bytes, buffer.pointer);
    return view;
  }
  for (let i = 0; i < length; i++) data[i] = dtype === "bfloat16" ? toBrain(value(i)) : value(i);
  return view;
}

/** The memory behind a view, from its buffer's start on. */
export function elements({ dtype, buffer }: CpuView, length: number): ArrayLike<number> & number[] {
  const bytes = new Uint8Array(context.memory.memory.buffer, buffer.pointer, length * bytesOf(dtype));
  return typedView(dtype, bytes) as unknown as number[];
}

/** The bytes of elements. Of those of int64 that are beyond 2^53 the last digits differ from place to place. */
export function bytesOfNumbers(dtype: DType, values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesOf(dtype));
  if (dtype === "int64") {
    const exact = values.map((x, i) =>
      toInt64(x) + (Math.abs(x) >= 2 ** 53 && x < 2 ** 62 ? BigInt(i % 1000) : 0n)
    );
    new BigInt64Array(bytes.buffer).set(exact);
  } else typedView(dtype, bytes).set(dtype === "bfloat16" ? values.map(toBrain) : values);
  return bytes;
}

/** The elements that bytes are: those of int64 as bigints. */
export function valuesOfBytes(dtype: DType, bytes: Uint8Array): (number | bigint)[] {
  if (dtype === "int64") return Array.from(new BigInt64Array(bytes.slice().buffer));
  const numbers = Array.from(typedView(dtype, bytes));
  return dtype === "bfloat16" ? numbers.map(fromBrain) : numbers;
}

/** The elements of a view in row-major order. */
export function read(view: CpuView): Float64Array {
  const size = sizeOf(view.shape);
  const out = new Float64Array(size);
  const data = elements(view, view.buffer.bytes / bytesOf(view.dtype));
  for (let i = 0; i < size; i++) {
    const raw = Number(data[addressOf(view, i)]);
    out[i] = view.dtype === "bfloat16" ? fromBrain(raw) : raw;
  }
  return out;
}

/** Where element `i` in row-major order lies. */
export function addressOf({ shape, strides, offset }: CpuView, i: number): number {
  return positionOf(shape, i).reduce((at, n, axis) => at + n * strides[axis]!, offset);
}

/** The position of element `i` in row-major order. */
export function positionOf(shape: Shape, i: number): number[] {
  return rowMajor(shape).map((stride, axis) => Math.floor(i / stride) % shape[axis]!);
}

/** The upper half of a float32, rounded to even. */
export function toBrain(x: number): number {
  if (Number.isNaN(x)) return 0x7fc0;
  const bits = new Uint32Array(Float32Array.of(x).buffer)[0]!;
  return ((bits + 0x7fff + (bits >>> 16 & 1)) / 65536) >>> 0;
}

/** A bfloat16's value. */
export function fromBrain(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!;
}

/** What a map's outputs are by the reference, before they are converted to an element type. */
export function expected(
  body: Body,
  compute: ComputeType,
  shape: Shape,
  inputs: readonly CpuView[],
  scalars: readonly number[] = [],
  random?: RandomState,
): Float64Array[] {
  const values = inputs.map(read);
  if (compute === "int64") throw new TypeError("Cannot expect int64 as values are numbers here");
  const run = compileReference(body, compute);
  const results = body.outputs.map(() => new Float64Array(sizeOf(shape)));
  const out = new Float64Array(body.outputs.length);
  for (let i = 0; i < sizeOf(shape); i++) {
    const element = values.map((v) => compute === "int32" ? toInt32(v[i]!) : v[i]!);
    run(element, scalars, positionOf(shape, i), i, out, random);
    results.forEach((r, o) => r[i] = out[o]!);
  }
  return results;
}

/** `x` as stored in an element type. */
export function asStored(dtype: DType, x: number): number {
  switch (dtype) {
    case "bool":
      return Number(x !== 0);
    case "uint8":
      return toInt32(x) & 255;
    case "int32":
      return toInt32(x);
    case "int64":
      return Number(toInt64(x));
    case "float16":
      return Math.f16round(x);
    case "bfloat16":
      return fromBrain(toBrain(Math.fround(x)));
    case "float32":
      return Math.fround(x);
    case "float64":
      return x;
  }
}

/**
 * Throws unless |actual - expected| <= tolerance * |expected|, or `floor` times
 * that where it is larger. Subnormal numbers may be one another.
 */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  label: string,
  tolerance = 2.5e-7,
  floor = 0,
): void {
  if (actual.length !== expected.length) throw new RangeError(`${label}: ${actual.length} elements`);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i]!, expected[i]!];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const allowed = tolerance && tolerance * Math.max(Math.abs(b), floor) + 2 * 2 ** -149;
    const saturated = tolerance > 0 && Math.abs(b) > 3.4028234e38 && Math.sign(a) === Math.sign(b) &&
      Math.abs(a) > 3.4028e38;
    if (Math.abs(a - b) <= allowed || saturated) continue;
    throw new RangeError(`${label} [${i}]: ${a}, not ${b}`);
  }
}
