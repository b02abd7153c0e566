/** Compressed data, unpacked with a bound, and errors that name the file. */
import { gunzipSync, Inflate, inflateSync, unzlibSync, zlibSync } from "fflate";
import { runtimeZlib, type Zlib } from "./runtime.ts";

/** Bytes that a gzip file may grow to by default: more than any dataset in a single file that fits in memory. */
const LARGEST_GZIP = 2 ** 31;

/** True of bytes that begin like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The contents of a gzip file, unpacked as a stream.
 *
 * @param bytes The whole file.
 * @param name The file's name for errors.
 * @param limit The most bytes that it may unpack to; 2 GiB by default.
 * @throws {TypeError} If it is damaged, truncated or unpacks to more than `limit` bytes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { inflateGzip } from "@troodon/io";
 *
 * const packed = new Blob(["digits"]).stream().pipeThrough(new CompressionStream("gzip"));
 * const bytes = await inflateGzip(await new Response(packed).bytes(), "digits.gz");
 * assertEquals(new TextDecoder().decode(bytes), "digits");
 * ```
 */
export async function inflateGzip(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
  limit: number = LARGEST_GZIP,
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    for await (const piece of unpacked) {
      size += piece.length;
      if (size > limit) throw new RangeError(`it unpacks to more than ${limit} bytes`);
      pieces.push(piece);
    }
  } catch (error) {
    throw damaged(name, error);
  }
  return joined(pieces, size);
}

/**
 * The contents of a gzip file at once: by the zlib of Deno, Node or Bun, in a page by fflate.
 *
 * @param bytes The whole file.
 * @param name The file's name for errors.
 * @param limit The most bytes that it may unpack to; 2 GiB by default.
 * @param zlib The zlib of the runtime.
 * @throws {TypeError} If it is damaged, truncated or unpacks to more than `limit` bytes.
 */
export function inflateGzipSync(
  bytes: Uint8Array,
  name: string,
  limit: number = LARGEST_GZIP,
  zlib: Zlib | null = runtimeZlib(),
): Uint8Array {
  // The last four bytes of the file are its size when unpacked, modulo 2^32.
  const stated = bytes.length < 18
    ? 0
    : new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
  try {
    if (zlib !== null) return plain(zlib.gunzipSync(bytes, { maxOutputLength: limit }));
    if (stated > limit) throw new RangeError(`it unpacks to more than ${limit} bytes`);
    const unpacked = gunzipSync(bytes);
    if (unpacked.length !== stated) {
      throw new RangeError(`it must unpack to ${stated} bytes but gives ${unpacked.length}`);
    }
    return unpacked;
  } catch (error) {
    throw damaged(name, error);
  }
}

/**
 * The contents of a zlib stream that must unpack to exactly `size` bytes; more are not unpacked.
 *
 * @param bytes The whole stream.
 * @param name The file's name for errors.
 * @param size Bytes when unpacked.
 * @param zlib The zlib of the runtime.
 * @throws {TypeError} If it is damaged, or unpacks to another number of bytes.
 */
export function inflateZlib(
  bytes: Uint8Array,
  name: string,
  size: number,
  zlib: Zlib | null = runtimeZlib(),
): Uint8Array {
  return inflated(
    name,
    size,
    zlib === null ? null : (most) => zlib.inflateSync(bytes, most),
    (out) => unzlibSync(bytes, { out }),
  );
}

/** {@linkcode inflateZlib} of a stream without the header and checksum of zlib, as files in zip archives are. */
export function inflateRaw(
  bytes: Uint8Array,
  name: string,
  size: number,
  zlib: Zlib | null = runtimeZlib(),
): Uint8Array<ArrayBuffer> {
  return inflated(
    name,
    size,
    zlib === null ? null : (most) => zlib.inflateRawSync(bytes, most),
    (out) => inflateSync(bytes, { out }),
  );
}

/**
 * The beginning of the contents of a DEFLATE stream without a header.
 *
 * @param bytes The beginning of the stream.
 * @param name The file's name for errors.
 * @param limit The most bytes to return.
 * @throws {TypeError} If it is damaged.
 */
export function inflateStart(bytes: Uint8Array, name: string, limit: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const inflate = new Inflate((piece) => {
    size += piece.length;
    pieces.push(piece);
  });
  try {
    // A few bytes may unpack to a thousand times as many.
    for (let at = 0; at < bytes.length && size < limit; at += 512) inflate.push(bytes.subarray(at, at + 512));
  } catch (error) {
    throw new TypeError(`Cannot read ${name}: its compressed data is damaged (${reason(error)})`);
  }
  return joined(pieces, size).subarray(0, limit);
}

/** Decompresses data into exactly `size` bytes by the zlib of the runtime, or by a library if `byRuntime` is null. */
function inflated(
  name: string,
  size: number,
  byRuntime: ((most: { readonly maxOutputLength: number }) => Uint8Array) | null,
  byLibrary: (out: Uint8Array) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  let unpacked: Uint8Array;
  try {
    // The library ends without a word where the room does, so there is room for one byte too many.
    unpacked = byRuntime === null
      ? byLibrary(new Uint8Array(size + 1))
      : plain(byRuntime({ maxOutputLength: Math.max(size, 1) }));
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
  return unpacked as Uint8Array<ArrayBuffer>;
}

/** A zlib stream of `bytes`. */
export function deflateZlib(bytes: Uint8Array, zlib: Zlib | null = runtimeZlib()): Uint8Array {
  return zlib === null ? zlibSync(bytes) : plain(zlib.deflateSync(bytes));
}

function damaged(name: string, error: unknown): TypeError {
  return new TypeError(`Cannot read ${name}: its gzip data is damaged or truncated (${reason(error)})`);
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** A plain Uint8Array on the memory of a Node Buffer, whose methods differ. */
function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
