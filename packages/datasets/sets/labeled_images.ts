/** Images of one size with a label each, all in memory. */
import { checkOpened } from "./opened.ts";
import type { Generator } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showAsText } from "@troodon/core/kernel";
import { collate, type HostBatch } from "../collate.ts";
import { type BatchedDataset, checkIndex, type GeneratorAt } from "../dataset.ts";
import { type Channels, Image } from "../image.ts";
import type { Transform } from "../transforms/transform.ts";
import { showDataset } from "../show_dataset.ts";

/** One sample of a dataset of images with labels. */
export interface ImageSample<T = Image> {
  /** The image, transformed. */
  readonly image: T;
  /** The number of its class. */
  readonly label: number;
}

/** Transforms of images and labels. */
export interface TransformOptions<T = Image> {
  /** The transform of an image; without one it stays an {@linkcode Image}. */
  readonly transform?: Transform<Image, T>;
  /** The transform of a label. */
  readonly targetTransform?: (label: number) => number;
}

/** The keys of {@linkcode TransformOptions}. */
export const TRANSFORM_OPTIONS: OptionKeys<TransformOptions<unknown>> = {
  transform: true,
  targetTransform: true,
};

/** The images and labels of a {@linkcode LabeledImages}. */
export interface LabeledImagesData {
  /** Bytes, `[length, height, width, channels]`. */
  readonly images: Uint8Array;
  /** The number of each image's class. */
  readonly labels: Uint8Array;
  /** Rows of an image. */
  readonly height: number;
  /** Columns of an image. */
  readonly width: number;
  /** Samples in a pixel (default 1: gray). */
  readonly channels?: Channels;
}

/**
 * Images of one size with a label each.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { LabeledImages, ToTensor } from "@troodon/datasets";
 *
 * const images = new Uint8Array([0, 255, 255, 0]);
 * const data = { images, labels: new Uint8Array([3, 1]), height: 1, width: 2 };
 * const dataset = new LabeledImages(data, { transform: new ToTensor() });
 * assertEquals([...dataset.get(0).image.data], [0, 1]);
 * assertEquals(dataset.get(1).label, 1);
 * ```
 */
export class LabeledImages<T = Image> implements BatchedDataset<ImageSample<T>> {
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

  /**
   * Puts images and labels side by side; nothing is copied.
   *
   * @throws {RangeError} If there are not as many images as labels.
   */
  constructor(data: LabeledImagesData, options: TransformOptions<T> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    if ("open" in new.target) {
      checkOpened(new.target.name, typeof data === "object" && data !== null && "labels" in data);
    }
    options = readOptions(new.target.name, options, TRANSFORM_OPTIONS);
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

  /** The number of samples. */
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
    return { image: this.#image(index, generator), label: this.#label(index) };
  }

  /** The samples at `indices`, collated: images `[n, channels, height, width]` and labels `[n]` of `int32`. */
  getBatch(indices: ArrayLike<number>, generatorAt?: GeneratorAt): HostBatch<ImageSample<T>> {
    const images: T[] = [], labels: number[] = [];
    for (let i = 0; i < indices.length; i++) {
      images.push(this.#image(indices[i]!, generatorAt?.(i)));
      labels.push(this.#label(indices[i]!));
    }
    // Of the form that samples have.
    return { image: collate(images), label: collate(labels) } as HostBatch<ImageSample<T>>;
  }

  #image(index: number, generator: Generator | undefined): T {
    const image = this.imageAt(index);
    // Without a transform, T is Image.
    return this.#transform ? this.#transform.apply(image, generator) : image as T;
  }

  #label(index: number): number {
    const label = this.labels[index]!;
    return this.#targetTransform ? this.#targetTransform(label) : label;
  }

  /** Describes the dataset: number of images, their size and the transform. */
  toString(): string {
    return showDataset(this, {
      sample: [this.height, this.width, this.channels],
      transform: this.#transform,
    });
  }

  static {
    showAsText(this);
  }
}
