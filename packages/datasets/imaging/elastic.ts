import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Image } from "../image.ts";
import { checkChoice, type Fill, fillOf, roundHalfEven, toByte } from "./common.ts";
import { linspace } from "./linspace.ts";

/** Displacement of each pixel's source, in halves of the width and of the height. */
export interface Displacement {
  /** To the right, `[height, width]`. */
  readonly dx: ArrayLike<number>;
  /** Down, `[height, width]`. */
  readonly dy: ArrayLike<number>;
}

/** Options of {@linkcode elastic}. */
export interface ElasticOptions {
  /** Interpolation between pixels (default `"bilinear"`). */
  readonly interpolation?: "nearest" | "bilinear";
  /** Color outside of the image (default 0). */
  readonly fill?: Fill;
}
const ELASTIC_OPTIONS: OptionKeys<ElasticOptions> = { interpolation: true, fill: true };

const f = Math.fround;

/** Returns the centers of `n` pixels in [-1, 1]. */
const identity = (n: number): Float32Array => linspace((1 - n) / n, (n - 1) / n, n);

/** Converts a coordinate in [-1, 1] to a position in a line of `n` pixels. Rounds once, as PyTorch's kernels do. */
function placeOf(place: number, n: number): number {
  return f(f(f(place) + 1) * (n / 2) - 0.5);
}

/**
 * Draws every pixel from a place of its own: torchvision's `elastic_transform` (Simard et al., 2003), whose
 * weighing of the fill at the borders is kept.
 *
 * @throws {RangeError} If there are not as many displacements as pixels, or `fill` has not one value per channel.
 */
export function elastic(image: Image, { dx, dy }: Displacement, options: ElasticOptions = {}): Image {
  options = readOptions("elastic()", options, ELASTIC_OPTIONS);
  const { width, height, channels, data } = image;
  if (dx.length !== width * height || dy.length !== width * height) {
    throw new RangeError(
      `Cannot apply elastic() as there must be ${width * height} displacements: current numbers are ` +
        `${dx.length} and ${dy.length}`,
    );
  }
  const { interpolation = "bilinear" } = options;
  checkChoice("elastic()", "interpolation", interpolation, ["nearest", "bilinear"]);
  const fill = fillOf("elastic", options.fill ?? 0, image);
  const out = new Uint8Array(data.length);
  const columns = identity(width), rows = identity(height);
  const inside = (x: number, y: number): boolean => x >= 0 && x < width && y >= 0 && y < height;
  for (let i = 0, to = 0; i < width * height; i++, to += channels) {
    const x = placeOf(columns[i % width]! + f(dx[i]!), width);
    const y = placeOf(rows[Math.floor(i / width)]! + f(dy[i]!), height);
    if (interpolation === "nearest") {
      const [nx, ny] = [roundHalfEven(x), roundHalfEven(y)];
      const from = (ny * width + nx) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = inside(nx, ny) ? data[from + c]! : fill[c]!;
      continue;
    }
    const x0 = Math.floor(x), y0 = Math.floor(y);
    const right = f(x - x0), left = f(1 - right), lower = f(y - y0), upper = f(1 - lower);
    const taps = [
      [x0, y0, f(left * upper)],
      [x0 + 1, y0, f(right * upper)],
      [x0, y0 + 1, f(left * lower)],
      [x0 + 1, y0 + 1, f(right * lower)],
    ].filter(([tx, ty]) => inside(tx!, ty!));
    const mask = taps.reduce((sum, [, , w]) => f(sum + w!), 0);
    for (let c = 0; c < channels; c++) {
      const value = taps.reduce(
        (sum, [tx, ty, w]) => f(sum + w! * data[(ty! * width + tx!) * channels + c]!),
        0,
      );
      const color = f(fill[c]!);
      out[to + c] = toByte(f(f(f(value - color) * mask) + color));
    }
  }
  return new Image(width, height, channels, out);
}
