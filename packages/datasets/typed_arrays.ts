/** Converts typed arrays to arrays with a dtype. */
import type { TypedArray } from "@troodon/core";
import { NdArray } from "./nd_array.ts";

/** Typed arrays that are converted to a wider dtype. */
export type NarrowArray = Int8Array | Int16Array | Uint32Array | Uint8ClampedArray | BigUint64Array;

/** Typed arrays of all kinds. */
export type AnyTypedArray = TypedArray | BigInt64Array | NarrowArray;

/** Returns true for typed arrays of all kinds. */
export function isTypedArray(value: unknown): value is AnyTypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * Returns the elements of a typed array as a vector of the narrowest dtype that holds all values of their type: 8 and 16
 * bits with a sign and 16 bits without become `int32`, 32 bits without a sign `int64`.
 *
 * @throws {RangeError} If an element of a BigUint64Array does not fit into `int64`.
 */
export function vectorOf(data: AnyTypedArray): NdArray<TypedArray | BigInt64Array> {
  const shape = [data.length];
  if (data instanceof Uint8ClampedArray) {
    return new NdArray(new Uint8Array(data.buffer, data.byteOffset, data.length), shape);
  }
  if (data instanceof Int8Array || data instanceof Int16Array || data instanceof Uint16Array) {
    return new NdArray(Int32Array.from(data), shape);
  }
  if (data instanceof Uint32Array) return new NdArray(Float64Array.from(data), shape, "int64");
  if (data instanceof BigUint64Array) {
    const wide = data.find((x) => x >= 2n ** 63n);
    if (wide === undefined) return new NdArray(BigInt64Array.from(data), shape);
    throw new RangeError(`Cannot collate samples as bigints must fit into int64: current one is ${wide}`);
  }
  return new NdArray<TypedArray | BigInt64Array>(data, shape);
}
