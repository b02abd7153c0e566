/** Bytes as text; engines have their own functions for it, but not all of them. */

/** Returns bytes in hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/**
 * Returns the bytes of a text in hexadecimal.
 *
 * @throws {SyntaxError} If it is none.
 */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  if (!/^([0-9a-f]{2})*$/i.test(text)) {
    throw new SyntaxError("Cannot decode a text as it must be hexadecimal");
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Returns bytes in Base64. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x2000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x2000));
  }
  return btoa(text);
}

/**
 * Returns the bytes of a text in Base64.
 *
 * @throws {SyntaxError} If it is none.
 */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  let decoded: string;
  try {
    decoded = atob(text);
  } catch (error) {
    throw new SyntaxError("Cannot decode a text as it must be Base64", { cause: error });
  }
  return Uint8Array.from(decoded, (letter) => letter.charCodeAt(0));
}
