/** Images of one size with a label each, all in memory. */
import type { Generator } from "@troodon/core";
import { checkIndex, type Dataset } from "../dataset.ts";
import { DeferredPixels } from "../deferred_pixels.ts";
import { cropInto } from "../imaging/crop.ts";
import { type Channels, Image } from "../image.ts";
import { NdArray } from "../nd_array.ts";
import { type TableTransform, tableTransform } from "./pixel_table.ts";
import type { Transform } from "../transforms/transform.ts";

/** One sample of a dataset of images with labels. */
export interface ImageSample<T = Image> {
  /** The image, transformed. */
  readonly image: T;
  /** The number of its class. */
  readonly label: number;
}

/** What to make of images and labels. */
export interface TransformOptions<T = Image> {
  /** What to make of an image; without one it stays an {@linkcode Image}. */
  readonly transform?: Transform<Image, T>;
  /** What to make of a label. */
  readonly targetTransform?: (label: number) => number;
}

/** The images and labels of a {@linkcode LabelledImages}. */
export interface LabelledImagesData {
  /** Bytes, `[length, height, width, channels]`. */
  readonly images: Uint8Array;
  /** The number of each image's class. */
  readonly labels: Uint8Array;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Samples in a pixel (default 1: grey). */
  readonly channels?: Channels;
}

/** A batch of a {@linkcode LabelledImages}. */
export interface ArrayBatch {
  /** `[n, channels, height, width]` */
  readonly image: NdArray;
  /** `[n]` */
  readonly label: NdArray;
}

/** A batch whose images are bytes until they are on a device. */
export interface DeferredBatch {
  /** `[n, channels, height, width]` */
  readonly image: DeferredPixels;
  /** `[n]` */
  readonly label: NdArray;
}

/**
 * Images of one size with a label each. Pointwise steps at the end of a transform (`ToTensor`, `Normalize`)
 * are looked up byte by byte, a batch at a time.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LabelledImages, ToTensor } from "@troodon/datasets";
 *
 * const images = new Uint8Array([0, 255, 255, 0]);
 * const data = { images, labels: new Uint8Array([3, 1]), height: 1, width: 2 };
 * const dataset = new LabelledImages(data, { transform: new ToTensor() });
 * assertEquals([...dataset.get(0).image.data], [0, 1]);
 * assertEquals(dataset.get(1).label, 1);
 * ```
 */
export class LabelledImages<T = Image> implements Dataset<ImageSample<T>> {
  /** Bytes, `[length, height, width, channels]`, not transformed. */
  readonly images: Uint8Array;
  /** The number of each image's class, not transformed. */
  readonly labels: Uint8Array;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Samples in a pixel. */
  readonly channels: Channels;
  readonly #transform: Transform<Image, T> | undefined;
  readonly #targetTransform: ((label: number) => number) | undefined;
  /** Undefined until asked for; null if there is no such way. */
  #steps: TableTransform | null | undefined;

  /**
   * Puts images and labels side by side; nothing is copied.
   *
   * @throws {RangeError} If there are not as many images as labels.
   */
  constructor(data: LabelledImagesData, options: TransformOptions<T> = {}) {
    const { images, labels, height, width, channels = 1 } = data;
    if (images.length !== labels.length * height * width * channels) {
      throw new RangeError(
        `Cannot make a dataset as ${labels.length} labels need images of ${labels.length}x${height}x${width}${
          channels === 1 ? "" : `x${channels}`
        } ` +
          `bytes: current images have ${images.length} bytes`,
      );
    }
    this.images = images;
    this.labels = labels;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.#transform = options.transform;
    this.#targetTransform = options.targetTransform;
  }

  /** How many samples there are. */
  get length(): number {
    return this.labels.length;
  }

  /** The image at `index`, before any transform; it shares its bytes with the dataset. */
  imageAt(index: number): Image {
    checkIndex(index, this.length);
    const { width, height, channels } = this;
    const size = height * width * channels;
    return new Image(width, height, channels, this.images.subarray(index * size, (index + 1) * size));
  }

  /** The sample at `index`. */
  get(index: number, generator?: Generator): ImageSample<T> {
    const image = this.imageAt(index);
    const label = this.labels[index]!;
    return {
      // Without a transform, T is Image.
      image: this.#transform ? this.#transform.apply(image, generator) : image as T,
      label: this.#targetTransform ? this.#targetTransform(label) : label,
    };
  }

  /**
   * The samples at `indices`: images `[n, channels, height, width]`, `float32` if there is a transform and bytes if there
   * is none, and labels `[n]` of `int32`. Undefined if the transform is no chain of changes of the image, with
   * pointwise steps at its end, or makes images of different sizes.
   *
   * @param generatorAt What the transform of image `indices[i]` draws its lots from.
   * @param deferred Whether images may stay bytes where a device could look them up.
   */
  getBatch(indices: ArrayLike<number>, generatorAt?: (i: number) => Generator): ArrayBatch | undefined;
  getBatch(
    indices: ArrayLike<number>,
    generatorAt?: (i: number) => Generator,
    deferred?: boolean,
  ): ArrayBatch | DeferredBatch | undefined;
  getBatch(
    indices: ArrayLike<number>,
    generatorAt?: (i: number) => Generator,
    deferred = false,
  ): ArrayBatch | DeferredBatch | undefined {
    const count = indices.length;
    if (this.#transform && this.#steps === undefined && count > 0) {
      this.#steps = tableTransform(this.#transform, this.imageAt(indices[0]!));
    }
    const steps = this.#steps, { channels } = this;
    if (this.#transform && !steps) return undefined;
    let { width, height } = this;
    const labels = new Int32Array(count);
    let pixels = new Uint8Array(0);
    for (let i = 0; i < count; i++) {
      const source = this.imageAt(indices[i]!), before = steps?.before, generator = generatorAt?.(i);
      // Of one channel, what is cut out is copied once, to its place in the batch.
      const cut = channels === 1 && before?.cut ? before.cut(source, generator) : null;
      const image = cut || !before ? source : before.apply(source, generator);
      const form = cut ?? image;
      if (i === 0) {
        ({ width, height } = form);
        pixels = new Uint8Array(count * width * height * channels);
      }
      if (form.width !== width || form.height !== height || image.channels !== channels) return undefined;
      const at = i * width * height * channels;
      if (cut) cropInto(image, cut, cut.fill, pixels, at);
      else separate(image.data, channels, pixels, at);
      const label = this.labels[indices[i]!]!;
      labels[i] = this.#targetTransform ? this.#targetTransform(label) : label;
    }
    const label = new NdArray(labels, [count]), shape = [count, channels, height, width] as const;
    if (!steps) return { image: new NdArray(pixels, shape), label };
    const image = new DeferredPixels(pixels, shape, steps);
    return deferred ? { image, label } : { image: image.toArray(), label };
  }
}

/** Pixels, channel by channel. */
function separate(bytes: Uint8Array, channels: number, out: Uint8Array, at: number): void {
  if (channels === 1) return out.set(bytes, at);
  for (let c = 0; c < channels; c++) {
    for (let i = c; i < bytes.length; i += channels) out[at++] = bytes[i]!;
  }
}
