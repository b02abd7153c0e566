/** Numbers of tensors as base64, as the runner in Python writes them. */

/** The bytes of numbers. */
export function encodeBase64(values: Float64Array | BigInt64Array): string {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).toBase64();
}

/** Numbers of a floating type. */
export function decodeFloats(text: string): Float64Array {
  return new Float64Array(Uint8Array.fromBase64(text).buffer);
}

/** Numbers of an integer type or bool. */
export function decodeIntegers(text: string): BigInt64Array {
  return new BigInt64Array(Uint8Array.fromBase64(text).buffer);
}
