/** Pixels at places between pixels, as Pillow interpolates them. */
import { Image } from "../image.ts";
import { withPremultiplied } from "./alpha.ts";
import type { Interpolation } from "./common.ts";

/** Maps the center of an output pixel to the input: writes x and y into `at`. */
export type Mapping = (x: number, y: number, at: Float64Array) => void;

const clamp = (i: number, n: number): number => i < 0 ? 0 : i >= n ? n - 1 : i;

function cubic(v1: number, v2: number, v3: number, v4: number, d: number): number {
  const p2 = v3 - v1;
  const p3 = 2 * (v1 - v2) + v3 - v4;
  return v2 + d * (p2 + d * (p3 + d * (v2 - v1 + v4 - v3)));
}

/** Writes the pixel of `image` at (x, y), which lies within it, to `out[to]`. */
type Sampler = (image: Image, x: number, y: number, out: Uint8Array, to: number) => void;

const nearest: Sampler = ({ width, channels, data }, x, y, out, to) => {
  const from = (Math.trunc(y) * width + Math.trunc(x)) * channels;
  for (let c = 0; c < channels; c++) out[to + c] = data[from + c]!;
};

const bilinear: Sampler = ({ width, height, channels, data }, x, y, out, to) => {
  const left = Math.floor(x - 0.5), top = Math.floor(y - 0.5);
  const dx = x - 0.5 - left, dy = y - 0.5 - top;
  const x0 = clamp(left, width) * channels, x1 = clamp(left + 1, width) * channels;
  const y0 = clamp(top, height) * width * channels, y1 = clamp(top + 1, height) * width * channels;
  for (let c = 0; c < channels; c++) {
    const a = data[y0 + x0 + c]!, b = data[y1 + x0 + c]!;
    const upper = a + (data[y0 + x1 + c]! - a) * dx;
    const lower = b + (data[y1 + x1 + c]! - b) * dx;
    out[to + c] = upper + (lower - upper) * dy;
  }
};

const bicubic: Sampler = ({ width, height, channels, data }, x, y, out, to) => {
  const left = Math.floor(x - 0.5), top = Math.floor(y - 0.5);
  const dx = x - 0.5 - left, dy = y - 0.5 - top;
  const column = (k: number): number => clamp(left + k, width) * channels;
  const [x0, x1, x2, x3] = [column(-1), column(0), column(1), column(2)];
  for (let c = 0; c < channels; c++) {
    const line = (k: number): number => {
      const row = clamp(top + k, height) * width * channels + c;
      return cubic(data[row + x0]!, data[row + x1]!, data[row + x2]!, data[row + x3]!, dx);
    };
    const value = cubic(line(-1), line(0), line(1), line(2), dy);
    out[to + c] = value <= 0 ? 0 : value >= 255 ? 255 : value;
  }
};

const SAMPLERS: Readonly<Record<Interpolation, Sampler>> = { nearest, bilinear, bicubic };

/**
 * Returns the integer positions of `n` samples that begin half a step after `start`, by repeated addition as in Pillow,
 * whose rounding decides which neighbor is the nearest. Positions below 0 are -1.
 */
export function steppedPositions(n: number, step: number, start: number): Int32Array {
  const positions = new Int32Array(n);
  let at = start + step * 0.5;
  for (let i = 0; i < n; i++, at += step) positions[i] = at < 0 ? -1 : Math.trunc(at);
  return positions;
}

/**
 * Draws an image of `width` by `height` pixels, each taken from the position that `map` gives, or of the color `fill`.
 * With alpha, colors are interpolated premultiplied; as in Pillow, the fill counts as premultiplied already.
 */
export function warp(
  image: Image,
  width: number,
  height: number,
  map: Mapping,
  interpolation: Interpolation,
  fill: readonly number[],
): Image {
  if (interpolation === "nearest") return draw(image, width, height, map, interpolation, fill);
  return withPremultiplied(image, (source) => draw(source, width, height, map, interpolation, fill));
}

function draw(
  image: Image,
  width: number,
  height: number,
  map: Mapping,
  interpolation: Interpolation,
  fill: readonly number[],
): Image {
  const { channels } = image;
  const sample = SAMPLERS[interpolation];
  const out = new Uint8Array(width * height * channels);
  const at = new Float64Array(2);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += channels) {
      map(x, y, at);
      const sx = at[0]!, sy = at[1]!;
      if (sx >= 0 && sx < image.width && sy >= 0 && sy < image.height) sample(image, sx, sy, out, to);
      else for (let c = 0; c < channels; c++) out[to + c] = fill[c]!;
    }
  }
  return new Image(width, height, channels, out);
}
