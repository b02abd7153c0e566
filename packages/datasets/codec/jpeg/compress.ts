/** Images as they look after JPEG compression, bit for bit as libjpeg-turbo compresses them by default. */
import { Image } from "../../image.ts";
import { forwardTransform } from "./forward_transform.ts";
import { inverseTransform } from "./idct.ts";
import { imageOf, type SubsampledPlane } from "./image_of.ts";
import type { Plane } from "./upsample.ts";

const LUMA =
  "16 11 10 16 24 40 51 61 12 12 14 19 26 58 60 55 14 13 16 24 40 57 69 56 14 17 22 29 51 87 80 62 " +
  "18 22 37 56 68 109 103 77 24 35 55 64 81 104 113 92 49 64 78 87 103 121 120 101 72 92 95 98 112 100 103 99";
const CHROMA = "17 18 24 47 99 99 99 99 18 21 26 66 99 99 99 99 24 26 56 99 99 99 99 99 47 66 " +
  `99 99 99 99 99 99 ${"99 ".repeat(32)}`;

/** Returns the quantization table of annex K of ITU-T T.81 for a quality from 1 to 100. */
function tableOf(base: string, quality: number): Uint16Array {
  const percent = quality < 50 ? Math.trunc(5000 / quality) : 200 - 2 * quality;
  return Uint16Array.from(
    base.trim().split(" "),
    (v) => Math.max(1, Math.min(255, Math.trunc((Number(v) * percent + 50) / 100))),
  );
}

/** Converts a pixel to luma and both color differences, in libjpeg's fixed-point arithmetic. */
function toYcc({ width, height, data }: Image): readonly [luma: Plane, blue: Plane, red: Plane] {
  const planes = [0, 1, 2].map(() => new Uint8ClampedArray(width * height));
  const offset = (128 << 16) + (1 << 15) - 1;
  for (let i = 0, s = 0; i < width * height; i++, s += 3) {
    const r = data[s]!, g = data[s + 1]!, b = data[s + 2]!;
    planes[0]![i] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
    planes[1]![i] = (-11059 * r - 21709 * g + 32768 * b + offset) >> 16;
    planes[2]![i] = (32768 * r - 27439 * g - 5329 * b + offset) >> 16;
  }
  const [luma, blue, red] = planes.map((plane) => ({ data: plane, stride: width, width, height }));
  return [luma!, blue!, red!];
}

/** Means of 2 x 2 samples, rounded down and up in turn; the last samples are repeated where a side is odd. */
function halved({ data, stride, width, height }: Plane): Plane {
  const w = (width + 1) >> 1, h = (height + 1) >> 1, columns = 8 * Math.ceil(w / 8);
  const out = new Uint8ClampedArray(columns * h);
  for (let y = 0; y < h; y++) {
    const upper = 2 * y * stride, lower = Math.min(2 * y + 1, height - 1) * stride;
    for (let x = 0; x < columns; x++) {
      const left = Math.min(2 * x, width - 1), right = Math.min(2 * x + 1, width - 1);
      const sum = data[upper + left]! + data[upper + right]! + data[lower + left]! + data[lower + right]!;
      out[y * columns + x] = (sum + 1 + (x & 1)) >> 2;
    }
  }
  return { data: out, stride: columns, width: w, height: h };
}

/** Rounds the coefficients of a plane to multiples of a table. */
function quantized({ data, stride, width, height }: Plane, table: Uint16Array): Plane {
  const columns = Math.ceil(width / 8), rows = Math.ceil(height / 8), outStride = 8 * columns;
  const out = new Uint8ClampedArray(64 * columns * rows);
  const block = new Int32Array(64), coefficients = new Int16Array(64);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      for (let i = 0; i < 64; i++) {
        const y = Math.min(8 * row + (i >> 3), height - 1), x = Math.min(8 * column + (i & 7), stride - 1);
        block[i] = data[y * stride + x]! - 128;
      }
      forwardTransform(block);
      for (let i = 0; i < 64; i++) {
        const step = table[i]! << 3, size = Math.trunc((Math.abs(block[i]!) + (step >> 1)) / step);
        coefficients[i] = block[i]! < 0 ? -size : size;
      }
      inverseTransform(coefficients, 0, table, out, 8 * (row * outStride + column), outStride);
    }
  }
  return { data: out, stride: outStride, width, height };
}

/**
 * Returns an image as it looks after JPEG compression, with colors at half the resolution. Alpha stays.
 *
 * @param quality From 1 to 100.
 */
export function compress(image: Image, quality: number): Image {
  const { width, height, channels } = image, luma = tableOf(LUMA, quality);
  if (channels < 3) {
    const gray = { data: new Uint8ClampedArray(image.convert(1).data), stride: width, width, height };
    return withAlpha(imageOf([{ plane: quantized(gray, luma), across: 1, down: 1 }], image, "gray"), image);
  }
  const [y, blue, red] = toYcc(image.convert(3)), chroma = tableOf(CHROMA, quality);
  const half = (plane: Plane): SubsampledPlane => ({
    plane: quantized(halved(plane), chroma),
    across: 2,
    down: 2,
  });
  const planes = [{ plane: quantized(y, luma), across: 1, down: 1 }, half(blue), half(red)];
  return withAlpha(imageOf(planes, image, "ycc"), image);
}

/** Returns the colors of one image with the alpha of another, if that one has alpha. */
function withAlpha(colors: Image, { channels, data }: Image): Image {
  if (colors.channels === channels) return colors;
  const { width, height } = colors, out = new Uint8Array(colors.convert(channels).data);
  for (let i = channels - 1; i < data.length; i += channels) out[i] = data[i]!;
  return new Image(width, height, channels, out);
}
