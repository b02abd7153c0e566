import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { Image } from "../image.ts";
import { type Fill, fillOf, roundHalfEven, toByte } from "./common.ts";

/** How far each pixel is looked for from its place, in halves of the width and of the height. */
export interface Displacement {
  /** To the right, `[height, width]`. */
  readonly dx: ArrayLike<number>;
  /** Down, `[height, width]`. */
  readonly dy: ArrayLike<number>;
}

/** Options of {@linkcode elastic}. */
export interface ElasticOptions {
  /** How to look between pixels (default `"bilinear"`). */
  readonly interpolation?: "nearest" | "bilinear";
  /** What to draw where there is no image (default 0). */
  readonly fill?: Fill;
}
const ELASTIC_OPTIONS: OptionKeys<ElasticOptions> = { interpolation: true, fill: true };

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
  const fill = fillOf("elastic", options.fill ?? 0, image);
  const out = new Uint8Array(data.length);
  const nearest = options.interpolation === "nearest";
  const inside = (x: number, y: number): boolean => x >= 0 && x < width && y >= 0 && y < height;
  for (let i = 0, to = 0; i < width * height; i++, to += channels) {
    const x = i % width + dx[i]! * width / 2, y = Math.floor(i / width) + dy[i]! * height / 2;
    if (nearest) {
      const [nx, ny] = [roundHalfEven(x), roundHalfEven(y)];
      const from = (ny * width + nx) * channels;
      for (let c = 0; c < channels; c++) out[to + c] = inside(nx, ny) ? data[from + c]! : fill[c]!;
      continue;
    }
    const x0 = Math.floor(x), y0 = Math.floor(y), ax = x - x0, ay = y - y0;
    const taps = [
      [x0, y0, (1 - ax) * (1 - ay)],
      [x0 + 1, y0, ax * (1 - ay)],
      [x0, y0 + 1, (1 - ax) * ay],
      [x0 + 1, y0 + 1, ax * ay],
    ].filter(([tx, ty]) => inside(tx!, ty!));
    const mask = taps.reduce((sum, [, , w]) => sum + w!, 0);
    for (let c = 0; c < channels; c++) {
      const value = taps.reduce(
        (sum, [tx, ty, w]) => sum + w! * data[(ty! * width + tx!) * channels + c]!,
        0,
      );
      out[to + c] = toByte(value * mask + (1 - mask) * fill[c]!);
    }
  }
  return new Image(width, height, channels, out);
}
