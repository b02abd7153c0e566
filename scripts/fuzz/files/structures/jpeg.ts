/** Changes to the segments of JPEG files. */
import { drawn, joined, writeExtreme } from "../extremes.ts";
import type { Bytes, Structure } from "../file_format.ts";

/**
 * Splits a file into the segments before the data of the first scan, with marker and length, and the rest.
 */
function segmentsOf(bytes: Bytes): { readonly segments: Bytes[]; readonly rest: Bytes } {
  const segments: Bytes[] = [];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!, end = at + 2 + (bytes[at + 2]! << 8 | bytes[at + 3]!);
    segments.push(bytes.slice(at, end));
    at = end;
    if (marker === 0xda) break;
  }
  return { segments, rest: bytes.slice(at) };
}

/** Changes, removes, repeats or swaps segments. */
export const JPEG_SEGMENTS: Structure = {
  name: "JPEG segment",
  change: (bytes, random) => {
    const { segments, rest } = segmentsOf(bytes);
    if (segments.length === 0) return null;
    const at = random.integer(segments.length), other = random.integer(segments.length), own = segments[at]!;
    switch (random.integer(6)) {
      case 0:
        segments.splice(at, 1);
        break;
      case 1:
        segments.splice(other, 0, own);
        break;
      case 2:
        [segments[at], segments[other]] = [segments[other]!, own];
        break;
      case 3:
        if (own.length > 1) {
          own[1] = drawn([0xc0, 0xc1, 0xc2, 0xc4, 0xda, 0xdb, 0xdd, 0xd9, 0xdc, 0xe1, 0xee], random);
        }
        break;
      default:
        if (own.length > 4) {
          writeExtreme(own, 4 + random.integer(own.length - 4), random, drawn([1, 2], random));
        }
    }
    return joined(bytes.slice(0, 2), ...segments, rest);
  },
};
