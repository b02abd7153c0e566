import type { Image } from "./image.ts";
import { decodePng } from "./png/decode.ts";

const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ["JPEG", [0xff, 0xd8, 0xff]],
  ["GIF", [0x47, 0x49, 0x46, 0x38]],
  ["BMP", [0x42, 0x4d]],
  ["WebP", [0x52, 0x49, 0x46, 0x46]],
];

/**
 * Decodes an image file by what it begins with. PNG is what is known.
 *
 * @param bytes The whole file.
 * @param name What errors call it.
 * @throws {TypeError} If it is of another kind, or damaged.
 * @throws {RangeError} If it has more pixels than can be wanted.
 */
export function decodeImage(bytes: Uint8Array, name: string): Image {
  const other = SIGNATURES.find(([, signature]) => signature.every((byte, i) => bytes[i] === byte));
  if (other) {
    throw new TypeError(`Cannot read ${name}: it is a ${other[0]} file, and PNG is what can be read`);
  }
  return decodePng(bytes, name);
}

/**
 * Reads an image file as RGB, whatever is stored, so that all images of a folder have one form.
 *
 * Small files are read faster by waiting for them than by promises.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, Image, loadImage } from "@troodon/datasets";
 *
 * const path = await Deno.makeTempFile({ suffix: ".png" });
 * await Deno.writeFile(path, encodePng(new Image(1, 1, 1, new Uint8Array([7]))));
 * assertEquals([...loadImage(path).data], [7, 7, 7]);
 * await Deno.remove(path);
 * ```
 */
export function loadImage(path: string): Image {
  return decodeImage(Deno.readFileSync(path), path).convert(3);
}

/** Reads an image file as grey, one channel: for datasets that are grey throughout. */
export function loadGreyImage(path: string): Image {
  return decodeImage(Deno.readFileSync(path), path).convert(1);
}
