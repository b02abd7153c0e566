/** Planes of a JPEG file to pixels, in the fixed point of libjpeg and Pillow. */
import { Image } from "../../image.ts";
import type { Plane } from "./upsample.ts";

/** What the components of a file mean. */
export type ColorModel = "gray" | "rgb" | "ycc" | "cmyk" | "ycck";

const fix = (x: number): number => Math.floor(x * 65536 + 0.5);
const [CR_R, CB_B, CR_G, CB_G] = [fix(1.402), fix(1.772), fix(0.71414), fix(0.34414)];
const clamp = (x: number): number => x < 0 ? 0 : x > 255 ? 255 : x;

/** What is left of `ink` under black, where 255 is none: Pillow's conversion of CMYK that Adobe stores inverted. */
function underBlack(ink: number, black: number): number {
  const product = (255 - ink) * black + 128;
  return clamp(black - (((product >> 8) + product) >> 8));
}

/** The pixels, gray or RGB. */
export function toImage(planes: readonly Plane[], width: number, height: number, model: ColorModel): Image {
  const [first, second, third, fourth] = planes;
  const channels = model === "gray" ? 1 : 3;
  const data = new Uint8Array(width * height * channels);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      let a = first!.data[y * first!.stride + x]!;
      if (channels === 1) {
        data[to] = a;
        continue;
      }
      let b = second!.data[y * second!.stride + x]!, c = third!.data[y * third!.stride + x]!;
      if (model === "ycc" || model === "ycck") {
        const luma = a, cb = b - 128, cr = c - 128;
        a = clamp(luma + ((CR_R * cr + 32768) >> 16));
        b = clamp(luma + ((-CB_G * cb - CR_G * cr + 32768) >> 16));
        c = clamp(luma + ((CB_B * cb + 32768) >> 16));
      }
      if (fourth) {
        const black = fourth.data[y * fourth.stride + x]!;
        // YCCK codes the complements of its inks.
        const [cyan, magenta, yellow] = model === "ycck" ? [255 - a, 255 - b, 255 - c] : [a, b, c];
        a = underBlack(cyan, black);
        b = underBlack(magenta, black);
        c = underBlack(yellow, black);
      }
      data[to] = a;
      data[to + 1] = b;
      data[to + 2] = c;
    }
  }
  return new Image(width, height, channels, data);
}
