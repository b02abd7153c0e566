/** Unpacking with a bound, and errors that name the file. */
import { gunzipSync, inflateSync } from "node:zlib";

/** What a gzip file may grow to: beyond any dataset in a single file that fits in memory. */
const LARGEST_GZIP = 2 ** 31;

/** Whether `bytes` begin like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The contents of a gzip file.
 *
 * @throws {TypeError} If it is damaged, truncated or unpacks to more than `limit` bytes.
 */
export function inflateGzip(bytes: Uint8Array, name: string, limit: number = LARGEST_GZIP): Uint8Array {
  try {
    return plain(gunzipSync(bytes, { maxOutputLength: limit }));
  } catch (error) {
    throw new TypeError(`Cannot read ${name}: its gzip data is damaged or truncated (${reason(error)})`);
  }
}

/**
 * The contents of a zlib stream that must unpack to exactly `size` bytes; more are not unpacked.
 *
 * @throws {TypeError} If it is damaged, or unpacks to another number of bytes.
 */
export function inflateZlib(bytes: Uint8Array, name: string, size: number): Uint8Array {
  let unpacked: Uint8Array;
  try {
    unpacked = plain(inflateSync(bytes, { maxOutputLength: Math.max(size, 1) }));
  } catch (error) {
    throw new TypeError(
      `Cannot read ${name}: its compressed data is damaged or not of ${size} bytes (${reason(error)})`,
    );
  }
  if (unpacked.length !== size) {
    throw new TypeError(
      `Cannot read ${name}: its compressed data must unpack to ${size} bytes but gives ${unpacked.length}`,
    );
  }
  return unpacked;
}

/** The same bytes, not as a Buffer, whose methods differ. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
