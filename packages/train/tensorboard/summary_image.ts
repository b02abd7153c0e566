/** Images from tensors, in the form that PyTorch's `SummaryWriter` takes them. */
import { type Channels, Image } from "@troodon/datasets";

/** Elements of an image or of several, with their shape. */
export interface ImageElements {
  /** The elements in row-major order. */
  readonly data: ArrayLike<number>;
  /** Extents of the axes. */
  readonly shape: readonly number[];
  /** The largest element of a full color: 255 for uint8, 1 for all other types. */
  readonly full: number;
}

/** Images in a row of the grid that several images become. */
const COLUMNS = 8;

/**
 * The image that the elements show; several images, with an axis N, lie in a grid of eight columns.
 *
 * @param format A letter for each axis: N, C, H and W in any order; H and W alone are a gray image.
 */
export function imageOf(name: string, { data, shape, full }: ImageElements, format: string): Image {
  const axis = (letter: string) => format.indexOf(letter);
  if (!/^(?!.*(.).*\1)[NCHW]+$/.test(format) || axis("H") < 0 || axis("W") < 0) {
    throw new TypeError(
      `Cannot apply ${name}() as dataformats must be a letter for each axis, as "CHW": current ones are "${format}"`,
    );
  }
  const extent = (letter: string) => axis(letter) < 0 ? 1 : shape[axis(letter)]!;
  const count = extent("N"), channels = extent("C"), height = extent("H"), width = extent("W");
  if (format.length !== shape.length || ![1, 2, 3, 4].includes(channels) || count * height * width === 0) {
    throw new RangeError(
      `Cannot apply ${name}() as the image must be of axes ${format} with 1 to 4 channels: current shape is [${
        shape.join(",")
      }]`,
    );
  }
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, size) => product * size, 1));
  const stride = (letter: string) => axis(letter) < 0 ? 0 : strides[axis(letter)]!;
  const columns = Math.min(count, COLUMNS), rows = Math.ceil(count / columns);
  const pixels = new Uint8Array(rows * height * columns * width * channels), scale = 255 / full;
  for (let n = 0; n < count; n++) {
    const top = Math.floor(n / columns) * height, left = n % columns * width;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const to = ((top + y) * columns * width + left + x) * channels;
        const from = n * stride("N") + y * stride("H") + x * stride("W");
        for (let c = 0; c < channels; c++) {
          pixels[to + c] = Math.min(255, Math.max(0, data[from + c * stride("C")]! * scale));
        }
      }
    }
  }
  return new Image(columns * width, rows * height, channels as Channels, pixels);
}
