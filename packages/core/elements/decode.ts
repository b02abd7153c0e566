/** The bytes of elements as values of the host. */
import { fromFloat16 } from "./half.ts";
import { bytesOf, type DType, type TypedArray, typedView } from "../dtype.ts";

/** Elements as they are read. */
export type Decoded = TypedArray | BigInt64Array;

const aligned = (bytes: Uint8Array, dtype: DType): Uint8Array =>
  bytes.byteOffset % bytesOf(dtype) === 0 ? bytes : bytes.slice();

/**
 * Elements as numbers.
 *
 * @throws {RangeError} If an element of int64 is beyond 2^53 in magnitude.
 */
export function decodedNumbers(bytes: Uint8Array, dtype: DType): TypedArray {
  if (dtype === "int64") return safeNumbers(decodedExactly(bytes, dtype));
  const array = typedView(dtype, aligned(bytes, dtype));
  if (dtype === "float16" && array instanceof Uint16Array) return Float32Array.from(array, fromFloat16);
  if (dtype !== "bfloat16") return array;
  // The upper half of a float32.
  const words = new Uint32Array(array.length);
  for (let i = 0; i < words.length; i++) words[i] = array[i]! << 16;
  return new Float32Array(words.buffer);
}

function safeNumbers(values: BigInt64Array): Float64Array {
  const numbers = new Float64Array(values.length);
  for (let i = 0; i < numbers.length; i++) {
    const number = Number(values[i]);
    if (!Number.isSafeInteger(number)) {
      throw new RangeError(
        `Cannot read an element of int64 as a number as it must be within 2^53: ` +
          `current element is ${values[i]}, read it with { bigint: true }`,
      );
    }
    numbers[i] = number;
  }
  return numbers;
}

/** Elements of an integer type as bigints. */
export function decodedExactly(bytes: Uint8Array, dtype: DType): BigInt64Array {
  const array = typedView(dtype, aligned(bytes, dtype));
  return array instanceof BigInt64Array ? array : BigInt64Array.from(array, BigInt);
}
