/** Image orientation of a PNG file. */
import { crc32, fromHex, inflateStart } from "@troodon/io";
import { holds, orientationOf } from "../orientation.ts";
import { PNG_SIGNATURE } from "./chunks.ts";

/** Maximum size in bytes of a decompressed text. */
const LARGEST_TEXT = 2 ** 20;

/**
 * Returns the text after the keyword of a tEXt, zTXt or iTXt chunk; null if the keyword differs or the chunk
 * is damaged.
 */
function textOf(type: string, content: Uint8Array, keyword: string): Uint8Array | null {
  if (!holds(content, 0, `${keyword}\0`)) return null;
  let at = keyword.length + 1, packed = type === "zTXt";
  if (packed) at++;
  if (type === "iTXt") {
    packed = content[at] === 1;
    at = content.indexOf(0, content.indexOf(0, at + 2) + 1) + 1;
  }
  if (!packed) return content.subarray(at);
  try {
    // Skips the two bytes of the zlib header.
    return inflateStart(content.subarray(at + 2), keyword, LARGEST_TEXT);
  } catch {
    return null;
  }
}

/** Parses EXIF data that ImageMagick writes as text: hexadecimal, after three lines. */
function hexBytes(text: Uint8Array): Uint8Array | null {
  const digits = new TextDecoder("latin1").decode(text).split("\n").slice(3).join("").trim();
  return /^([0-9a-f]{2})+$/i.test(digits) ? fromHex(digits) : null;
}

/** Returns the orientation from the eXIf chunk or the text chunks of a PNG file: 1 (upright) to 8. */
export function pngOrientation(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let exif: Uint8Array | null = null, profile: Uint8Array | null = null, xmp: Uint8Array | null = null;
  for (let at = PNG_SIGNATURE.length; at + 12 <= bytes.length;) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const start = at + 8, end = start + view.getUint32(at);
    at = end + 4;
    if (!/^(eXIf|tEXt|zTXt|iTXt)$/.test(type) || at > bytes.length) continue;
    if (crc32(bytes.subarray(start - 4, end)) !== view.getUint32(end)) continue;
    const content = bytes.subarray(start, end);
    if (type === "eXIf") exif = content;
    else if (type === "iTXt") xmp = textOf(type, content, "XML:com.adobe.xmp") ?? xmp;
    else {
      const text = textOf(type, content, "Raw profile type exif");
      if (text) profile = hexBytes(text);
    }
  }
  return orientationOf(exif ?? profile, xmp);
}
