/** Encodes and decodes elements of tensors as base64, in the format of `torch_runner.py`. */

/** Encodes the bytes of an array. */
export function encodeBase64(values: Float64Array | BigInt64Array): string {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).toBase64();
}

/** Decodes the elements of a floating dtype. */
export function decodeFloats(text: string): Float64Array {
  return new Float64Array(Uint8Array.fromBase64(text).buffer);
}

/** Decodes the elements of an integer dtype or bool. */
export function decodeIntegers(text: string): BigInt64Array {
  return new BigInt64Array(Uint8Array.fromBase64(text).buffer);
}
