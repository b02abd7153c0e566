/** Images of eight bits a sample. */
import type { Device, Tensor } from "@troodon/core";
import { checkSurplus, showAsText } from "@troodon/core/kernel";
import { pixelShares } from "./pixels.ts";
import { separate } from "./separate.ts";

/** Channels of an {@linkcode Image}: gray, gray and alpha, RGB, RGBA. */
export type Channels = 1 | 2 | 3 | 4;

/**
 * An image of eight bits a sample: rows from the top, pixels from the left, `channels` samples a pixel.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Image } from "@troodon/datasets";
 *
 * const red = new Image(1, 1, 3, new Uint8Array([255, 0, 0]));
 * assertEquals([...red.convert(1).data], [76]);
 * ```
 */
export class Image {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Samples in a pixel. */
  readonly channels: Channels;
  /** The samples, `[height, width, channels]`. */
  readonly data: Uint8Array;

  /**
   * Gives `data` a form; nothing is copied.
   *
   * @throws {RangeError} If `data` does not hold `width * height * channels` samples.
   */
  constructor(width: number, height: number, channels: Channels, data: Uint8Array) {
    checkSurplus(new.target.name, arguments, 4);
    const size = width * height * channels;
    if (size !== data.length) {
      throw new RangeError(
        `Cannot make an Image of ${width}x${height} pixels with ${channels} channels as it needs ${size} ` +
          `samples: current data has ${data.length}`,
      );
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.data = data;
  }

  /** The samples channel by channel, `[channels, height, width]`; {@linkcode Image.data} itself where there is one channel. */
  planes(): Uint8Array {
    const { channels, data } = this;
    if (channels === 1) return data;
    const out = new Uint8Array(data.length);
    separate(data, channels, out);
    return out;
  }

  /** Its extents; its bytes are not shown. */
  toString(): string {
    return `Image(${this.width}x${this.height}, channels=${this.channels})`;
  }

  static {
    showAsText(this);
  }

  /**
   * The image as a `float32` tensor `[channels, height, width]` in [0, 1], as `ToTensor` and a loader give it.
   *
   * @param device Where the tensor is to live (default: the default device).
   */
  toTensor(device?: Device): Tensor {
    return pixelShares(this.data, [this.channels, this.height, this.width]).toTensor(device);
  }

  /**
   * The image with another number of channels. Gray is the luma of ITU-R BT.601 in the 16-bit fixed point of
   * Pillow, so both give the same bytes; alpha is dropped, or made opaque.
   */
  convert(channels: Channels): Image {
    const from = this.channels;
    if (from === channels) return this;
    const count = this.width * this.height;
    const data = this.data;
    const out = new Uint8Array(count * channels);
    const colors = channels < 3 ? 1 : 3;
    for (let i = 0, s = 0, d = 0; i < count; i++, s += from, d += channels) {
      const r = data[s]!;
      const g = from < 3 ? r : data[s + 1]!;
      const b = from < 3 ? r : data[s + 2]!;
      if (colors === 3) {
        out[d] = r;
        out[d + 1] = g;
        out[d + 2] = b;
      } else {
        out[d] = from < 3 ? r : (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
      }
      if (channels > colors) out[d + colors] = from === 2 || from === 4 ? data[s + from - 1]! : 255;
    }
    return new Image(this.width, this.height, channels, out);
  }
}
