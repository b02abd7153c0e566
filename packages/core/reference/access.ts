/** Elements as values: loading converts to the type of the calculation, storing to the type of the view. */
import { type ComputeType, typedView } from "../dtype.ts";
import { type Arithmetic, BIGINTS, NUMBERS } from "../expr/arithmetic.ts";
import { fromFloat16, toFloat16 } from "../elements/half.ts";
import { toInt32 } from "../expr/functions.ts";
import { toInt64 } from "../expr/int64.ts";
import type { ReferenceView } from "./buffer.ts";

/** Gives the element at an index into the buffer, counted in elements. */
export type Reader<T = number> = (index: number) => T;

/** Stores an element at an index into the buffer, counted in elements. */
export type Writer<T = number> = (index: number, value: T) => void;

/** Elements of one kind of values. */
export interface Access<T extends number | bigint> {
  readonly arithmetic: Arithmetic<T>;
  /** Elements of `view`, converted to the compute type. */
  reader(view: ReferenceView): Reader<T>;
  /** Stores elements of `view`, rounded, truncated or wrapped to its dtype. */
  writer(view: ReferenceView): Writer<T>;
}

const word = new Uint32Array(1);
const single = new Float32Array(word.buffer);

/** The value that the 16 bits of a bfloat16 stand for. */
export function fromBfloat16(bits: number): number {
  word[0] = bits << 16;
  return single[0]!;
}

/** The 16 bits of the bfloat16 nearest to `value` as a float32; ties go to the even one. */
export function toBfloat16(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  single[0] = value;
  const bits = word[0]!;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

const CONVERT: Readonly<Record<Exclude<ComputeType, "int64">, (value: number) => number>> = {
  float32: Math.fround,
  float64: (value) => value,
  int32: toInt32,
};

/** Elements of `view` as they are, or converted to `compute`; those of int64 may lose their last digits. */
export function reader(
  { buffer, dtype }: ReferenceView,
  compute: Exclude<ComputeType, "int64"> = "float64",
): Reader {
  const convert = CONVERT[compute];
  if (dtype === "int64") {
    const data = typedBigints(buffer.bytes);
    if (compute === "int32") return (index) => Number(BigInt.asIntN(32, data[index]!));
    return (index) => convert(Number(data[index]!));
  }
  const data = typedView(dtype, buffer.bytes);
  if (dtype === "bfloat16") return (index) => convert(fromBfloat16(data[index]!));
  if (dtype === "float16" && data instanceof Uint16Array) {
    return (index) => convert(fromFloat16(data[index]!));
  }
  return compute === "float64" ? (index) => data[index]! : (index) => convert(data[index]!);
}

/** Stores elements of `view`, rounded or truncated to its dtype. */
export function writer({ buffer, dtype }: ReferenceView): Writer {
  if (dtype === "int64") {
    const data = typedBigints(buffer.bytes);
    return (index, value) => {
      data[index] = toInt64(value);
    };
  }
  const data = typedView(dtype, buffer.bytes);
  switch (dtype) {
    case "bool":
      return (index, value) => {
        data[index] = Number(value !== 0);
      };
    case "uint8":
    case "int32":
      return (index, value) => {
        data[index] = toInt32(value);
      };
    case "bfloat16":
      return (index, value) => {
        data[index] = toBfloat16(value);
      };
    case "float16":
      if (data instanceof Uint16Array) {
        return (index, value) => {
          data[index] = toFloat16(value);
        };
      }
      return (index, value) => {
        data[index] = value;
      };
    default:
      return (index, value) => {
        data[index] = value;
      };
  }
}

function typedBigints({ buffer, byteOffset, byteLength }: Uint8Array): BigInt64Array {
  return new BigInt64Array(buffer, byteOffset, byteLength / 8);
}

function bigReader(view: ReferenceView): Reader<bigint> {
  if (view.dtype !== "int64") {
    const load = reader(view);
    return (index) => toInt64(load(index));
  }
  const data = typedBigints(view.buffer.bytes);
  return (index) => data[index]!;
}

function bigWriter(view: ReferenceView): Writer<bigint> {
  const { dtype, buffer } = view;
  if (dtype === "int64") {
    const data = typedBigints(buffer.bytes);
    return (index, value) => {
      data[index] = value;
    };
  }
  const store = writer(view);
  // What does not fit wraps around.
  return dtype === "int32" || dtype === "uint8"
    ? (index, value) => store(index, Number(BigInt.asIntN(32, value)))
    : (index, value) => store(index, Number(value));
}

const numbers = (compute: Exclude<ComputeType, "int64">): Access<number> => ({
  arithmetic: NUMBERS[compute],
  reader: (view) => reader(view, compute),
  writer,
});

const ACCESS = { float32: numbers("float32"), float64: numbers("float64"), int32: numbers("int32") };
const BIG_ACCESS: Access<bigint> = { arithmetic: BIGINTS, reader: bigReader, writer: bigWriter };

/** Runs `use` with access to values of the compute type. */
export function withAccess<R>(
  compute: ComputeType,
  use: <T extends number | bigint>(access: Access<T>) => R,
): R {
  return compute === "int64" ? use(BIG_ACCESS) : use(ACCESS[compute]);
}

/** Runs `use` with access to elements of a view that loses nothing: int64 as bigints, all others as float64. */
export function withExactAccess<R>(
  { dtype }: ReferenceView,
  use: <T extends number | bigint>(access: Access<T>) => R,
): R {
  return withAccess(dtype === "int64" ? "int64" : "float64", use);
}
