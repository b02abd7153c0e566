/** Bytes of a buffer that small images have in common. */
const SHARED = 2 ** 14;

let buffer = new ArrayBuffer(0);
let used = 0;

/**
 * Zeros for the samples of an image. Small images are parts of one buffer: to make one for each takes longer than to
 * fill it.
 */
export function imageBytes(length: number): Uint8Array<ArrayBuffer> {
  if (length > SHARED / 8) return new Uint8Array(length);
  if (used + length > buffer.byteLength) {
    buffer = new ArrayBuffer(SHARED);
    used = 0;
  }
  const bytes = new Uint8Array(buffer, used, length);
  used += length;
  return bytes;
}
