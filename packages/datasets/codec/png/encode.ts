/** Images to PNG files. */
import { deflateZlib } from "@troodon/io";
import type { Image } from "../../image.ts";
import { PNG_SIGNATURE } from "./chunks.ts";
import { crc32 } from "@troodon/io";

const COLOR_TYPES = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(content.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(content.length + 8, crc32(bytes.subarray(4, content.length + 8)));
  return bytes;
}

/**
 * The bytes of a PNG file that shows `image`, 8 bits a sample, not interlaced.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, Image } from "@troodon/datasets";
 *
 * const bytes = encodePng(new Image(2, 1, 1, new Uint8Array([0, 255])));
 * assertEquals(String.fromCharCode(...bytes.subarray(1, 4)), "PNG");
 * ```
 */
export function encodePng(image: Image): Uint8Array<ArrayBuffer> {
  const { width, height, channels, data } = image;
  const line = width * channels;
  // Flat drawings are smaller without filters, photographs with them.
  const plain = deflateZlib(filteredLines(data, height, line, 0)),
    filtered = deflateZlib(filteredLines(data, height, line, channels));
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, COLOR_TYPES[channels], 0, 0, 0], 8);
  const parts = [
    new Uint8Array(PNG_SIGNATURE),
    chunk("IHDR", header),
    chunk("IDAT", filtered.length < plain.length ? filtered : plain),
    chunk("IEND", new Uint8Array(0)),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * Lines behind the byte of their filter: none, the difference from the left or the one from above, whichever is smallest.
 *
 * @param step Bytes of a pixel; 0 for no filter in any line.
 */
function filteredLines(data: Uint8Array, rows: number, width: number, step: number): Uint8Array {
  const lines = new Uint8Array(rows * (width + 1)), tries = [0, 1, 2].map(() => new Uint8Array(width));
  for (let row = 0; row < rows; row++) {
    const at = row * width, sums = [0, 0, 0];
    if (step === 0) {
      lines.set(data.subarray(at, at + width), row * (width + 1) + 1);
      continue;
    }
    for (let i = 0; i < width; i++) {
      const x = data[at + i]!;
      const values = [
        x,
        x - (i < step ? 0 : data[at + i - step]!),
        x - (row === 0 ? 0 : data[at + i - width]!),
      ];
      for (let type = 0; type < 3; type++) {
        const byte = values[type]! & 255;
        tries[type]![i] = byte;
        // As signed bytes: small differences in either direction are small.
        sums[type]! += byte < 128 ? byte : 256 - byte;
      }
    }
    const best = sums.indexOf(Math.min(...sums));
    lines[row * (width + 1)] = best;
    lines.set(tries[best]!, row * (width + 1) + 1);
  }
  return lines;
}
