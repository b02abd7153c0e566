/** Numbers as bytes. */
import type { DType } from "@troodon/core";
import { encoded, toBfloat16 } from "@troodon/core/kernel";

/** The little-endian bytes of `values` as elements of a dtype. */
export function encodeNumbers(values: ArrayLike<number>, dtype: DType): Uint8Array {
  const bytes = (array: ArrayBufferView): Uint8Array =>
    new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength);
  switch (dtype) {
    case "float32":
      return bytes(Float32Array.from(values));
    case "float64":
      return bytes(Float64Array.from(values));
    case "float16":
      return encoded("export numbers", Array.from(values), dtype);
    case "bfloat16":
      return bytes(Uint16Array.from(values, toBfloat16));
    case "int64":
      return bytes(BigInt64Array.from(Array.from(values, BigInt)));
    case "int32":
      return bytes(Int32Array.from(values));
    case "uint8":
      return Uint8Array.from(values);
    case "bool":
      return Uint8Array.from(values, (value) => Number(value !== 0));
  }
}
