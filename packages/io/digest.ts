/** Digests of bytes. */
import { md5 as digestOf } from "@noble/hashes/legacy.js";
import { toHex } from "./encodings.ts";

/**
 * The SHA-256 of some bytes, one piece after the other, in hexadecimal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sha256 } from "@troodon/io";
 *
 * const bytes = new TextEncoder().encode("abc");
 * assertEquals((await sha256(bytes)).slice(0, 8), "ba7816bf");
 * ```
 */
export async function sha256(...pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<string> {
  const bytes = pieces.length === 1 ? pieces[0]! : await new Blob([...pieces]).arrayBuffer();
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** The MD5 of some bytes in hexadecimal: for files whose publishers give no better digest. */
export function md5(bytes: Uint8Array): string {
  return toHex(digestOf(bytes));
}
