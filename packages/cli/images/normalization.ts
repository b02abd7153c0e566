/** Normalization of images: by which mean and standard deviation, and the transforms up to what networks take. */
import {
  Compose,
  type Image,
  type LabeledImages,
  type NdArray,
  Normalize,
  RandomCrop,
  RandomHorizontalFlip,
  RandomResizedCrop,
  ToTensor,
  type Transform,
} from "@troodon/troodon";
import { Fit, type ImageShape } from "./image_shape.ts";
import { UsageError } from "../flags/options.ts";

/** One number for all channels, or a number for each. */
export type ByChannel = number | readonly number[];

/** Mean and standard deviation by which images are normalized, bytes being 0 to 1. */
export interface Normalization {
  readonly mean: ByChannel;
  readonly std: ByChannel;
}

/** Normalization of the files of weights that were trained on ImageNet. */
export const IMAGENET: Normalization = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

const listOf = (numbers: ByChannel): readonly number[] => typeof numbers === "number" ? [numbers] : numbers;

/** Returns the mean of all channels together. */
export function meanOf({ mean }: Normalization): number {
  const numbers = listOf(mean);
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}

/** Flags that say how images are normalized. */
export interface NormalizationOptions {
  readonly mean: ByChannel | undefined;
  readonly std: ByChannel | undefined;
}

/**
 * Returns the normalization of flags; null if there are none.
 *
 * @throws {UsageError} If one of the two is missing, or has another number of channels than the images.
 */
export function givenNormalization(
  { mean, std }: NormalizationOptions,
  channels: number,
): Normalization | null {
  if (mean === undefined && std === undefined) return null;
  if (mean === undefined || std === undefined) throw new UsageError("--mean and --std need each other");
  for (const [flag, numbers] of [["--mean", mean], ["--std", std]] as const) {
    const { length } = listOf(numbers);
    if (length !== 1 && length !== channels) {
      throw new UsageError(
        `${flag} must have one number, or ${channels} for the channels of the images: it has ${length}`,
      );
    }
  }
  return { mean, std };
}

/** Returns the mean and standard deviation of the pixels of each channel, to four digits. */
export function normalizationOf(
  { images, channels }: Pick<LabeledImages, "images" | "channels">,
): Normalization {
  const means: number[] = [], stds: number[] = [];
  const rounded = (x: number): number => Math.round(x * 1e4) / 1e4, count = images.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const histogram = new Float64Array(256);
    for (let i = channel; i < images.length; i += channels) histogram[images[i]!]!++;
    let sum = 0, squares = 0;
    histogram.forEach((count, byte) => {
      sum += count * byte / 255;
      squares += count * (byte / 255) ** 2;
    });
    const mean = sum / count, std = Math.sqrt(Math.max(squares / count - mean * mean, 0));
    means.push(rounded(mean));
    stds.push(rounded(std) || 1);
  }
  return channels === 1 ? { mean: means[0]!, std: stds[0]! } : { mean: means, std: stds };
}

/** Transform from an image to what a network takes. */
export type Preparation = Transform<Image, NdArray<Float32Array>>;

/** Returns the transform of images to test with. */
export function transformOf({ mean, std }: Normalization, shape: ImageShape): Preparation {
  return new Compose([new Fit(shape), new ToTensor(), normalize(mean, std)]);
}

/** Returns the transform of images to learn from: random parts, or images shifted by up to `shift` pixels. */
export function trainingTransformOf(
  { mean, std }: Normalization,
  shape: ImageShape,
  shift: number,
): Preparation {
  const { size, augment } = shape, last = [new ToTensor(), normalize(mean, std)] as const;
  if (augment) {
    const part = new RandomResizedCrop(size), mirror = new RandomHorizontalFlip();
    return new Compose([new Fit(shape, { margin: true }), part, mirror, ...last]);
  }
  if (shift === 0) return new Compose([new Fit(shape), ...last]);
  return new Compose([new Fit(shape), new RandomCrop(size, { padding: shift }), ...last]);
}

const normalize = (mean: ByChannel, std: ByChannel): Normalize => {
  const [means, stds] = [listOf(mean), listOf(std)];
  const length = Math.max(means.length, stds.length);
  const full = (numbers: readonly number[]): readonly number[] =>
    numbers.length === length ? numbers : Array.from({ length }, () => numbers[0]!);
  return new Normalize(full(means), full(stds));
};
