/** Element types, what they promote to and how they lie in memory. */

import { hasFloat16Array } from "./elements/half.ts";

/** The type of a tensor's elements. */
export type DType =
  | "float32"
  | "float64"
  | "float16"
  | "bfloat16"
  | "int64"
  | "int32"
  | "uint8"
  | "bool";

/** The types that kernels calculate in: others are converted as they are loaded and stored. */
export type ComputeType = "float32" | "float64" | "int32" | "int64";

/** An array of numbers that a tensor's data can be read into or made from; see also `BigInt64Array` for int64. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Float16Array
  | Int32Array
  | Uint8Array
  | Uint16Array;

interface Traits {
  readonly bytes: number;
  readonly floating: boolean;
  /** Higher ranks win when types meet; PyTorch's order. */
  readonly rank: number;
  readonly compute: ComputeType;
}

const TRAITS: Readonly<Record<DType, Traits>> = {
  bool: { bytes: 1, floating: false, rank: 0, compute: "int32" },
  uint8: { bytes: 1, floating: false, rank: 1, compute: "int32" },
  int32: { bytes: 4, floating: false, rank: 2, compute: "int32" },
  int64: { bytes: 8, floating: false, rank: 3, compute: "int64" },
  float16: { bytes: 2, floating: true, rank: 4, compute: "float32" },
  bfloat16: { bytes: 2, floating: true, rank: 4, compute: "float32" },
  float32: { bytes: 4, floating: true, rank: 5, compute: "float32" },
  float64: { bytes: 8, floating: true, rank: 6, compute: "float64" },
};

/** The type of results that are positions: of `argmax`, `sort`, `topk`, `nonzero` and the like. */
export const INDEX_DTYPE: DType = "int64";

/** All element types. */
export const DTYPES: readonly DType[] = Object.keys(TRAITS) as DType[];

/** Returns true for names of element types. */
export function isDType(value: unknown): value is DType {
  return (DTYPES as readonly unknown[]).includes(value);
}

/** Bytes of one element. */
export function bytesOf(dtype: DType): number {
  return traitsOf(dtype).bytes;
}

/** Whether `dtype` has fractions, and so can carry a gradient. */
export function isFloating(dtype: DType): boolean {
  return traitsOf(dtype).floating;
}

/** Returns the properties of a dtype; throws a TypeError if it is unknown. */
function traitsOf(dtype: DType): Traits {
  return TRAITS[dtype] ?? refuseDType(dtype);
}

function refuseDType(value: unknown): never {
  throw new TypeError(
    `Cannot use ${typeof value === "string" ? JSON.stringify(value) : value} as a dtype: there are ${
      DTYPES.join(", ")
    }`,
  );
}

/** Whether `dtype` is one of the two types of 16 bits, which are for storage: calculations are in float32. */
export function isHalf(dtype: DType): boolean {
  return dtype === "float16" || dtype === "bfloat16";
}

/** The type that kernels calculate in for elements of `dtype`. */
export function computeType(dtype: DType): ComputeType {
  return traitsOf(dtype).compute;
}

/**
 * The type of a result of two operands, as PyTorch has it for tensors with
 * dimensions: the wider kind wins; `float16` with `bfloat16` gives `float32`.
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  const [x, y] = [traitsOf(a), traitsOf(b)];
  if (x.rank === y.rank) return "float32";
  return x.rank > y.rank ? a : b;
}

/** Whether `dtype` is of whole numbers: not floating, and not bool. */
export function isIntegral(dtype: DType): boolean {
  return !traitsOf(dtype).floating && dtype !== "bool";
}

/** A typed array of numbers over `bytes`, which must be aligned for it; of 16 bits where there is no array of the type. */
export function typedView(dtype: Exclude<DType, "int64">, bytes: Uint8Array): TypedArray;
/** A typed array of the right kind over `bytes`, which must be aligned for it. */
export function typedView(dtype: DType, bytes: Uint8Array): TypedArray | BigInt64Array;
export function typedView(dtype: DType, bytes: Uint8Array): TypedArray | BigInt64Array {
  const { buffer, byteOffset, byteLength } = bytes;
  const length = byteLength / TRAITS[dtype].bytes;
  switch (dtype) {
    case "float32":
      return new Float32Array(buffer, byteOffset, length);
    case "float64":
      return new Float64Array(buffer, byteOffset, length);
    case "float16":
      return hasFloat16Array()
        ? new Float16Array(buffer, byteOffset, length)
        : new Uint16Array(buffer, byteOffset, length);
    case "bfloat16":
      return new Uint16Array(buffer, byteOffset, length);
    case "int64":
      return new BigInt64Array(buffer, byteOffset, length);
    case "int32":
      return new Int32Array(buffer, byteOffset, length);
    case "uint8":
    case "bool":
      return new Uint8Array(buffer, byteOffset, length);
  }
}
