/** The images of a training run, as batches. */
import { type Batches, DataLoader, Generator, LabeledImages, Subset } from "@troodon/troodon";
import { defaultSize } from "../network/create_model.ts";
import { type DataOptions, findImages } from "./find_images.ts";
import type { DatasetName } from "./image_data.ts";
import { borderMean, inverted, mustInvert } from "./ground.ts";
import type { ThreeWay } from "../flags/options.ts";
import type { ImageShape, ImageSize } from "./image_shape.ts";
import {
  givenNormalization,
  IMAGENET,
  type Normalization,
  normalizationOf,
  type NormalizationOptions,
  trainingTransformOf,
  transformOf,
} from "./normalization.ts";
import { checkSameClasses } from "./same_classes.ts";
import { UsageError } from "../flags/options.ts";

/** Channels of images: of gray ones, and of colored ones. */
export const CHANNELS = ["1", "3"] as const;

/** Command-line flags of the data of a training run. */
export interface TrainingDataOptions extends DataOptions, NormalizationOptions {
  /** Name of the network, which decides the size of the images without `size`. */
  readonly model: string;
  /** File of weights to begin with, whose images were those of ImageNet without `channels`, `mean` and `std`. */
  readonly weights: string | undefined;
  /** Rows and columns of the images that the network takes. */
  readonly size: ImageSize | undefined;
  readonly channels: typeof CHANNELS[number] | undefined;
  /** Learns from random parts of images, mirrored at random. */
  readonly augment: boolean;
  /** The seed of the order, of the shifts and of the samples that `limit` draws. */
  readonly seed: number;
  /** Images to train on; all by default. */
  readonly limit: number | undefined;
  /** Number of digits to generate; all by default. */
  readonly drawn?: number | undefined;
  /** Inverts black and white; `auto` inverts gray images with a light background. */
  readonly invert: ThreeWay;
  /** Pixels by which images are shifted at most; 1 by default, and 0 with `augment`. */
  readonly shift: number | undefined;
  readonly "batch-size": number;
}

/** Batches to train on and to test with, and where they come from. */
export interface TrainingData {
  readonly dataset: DatasetName;
  /** The folder; null for generated digits. */
  readonly root: string | null;
  readonly classes: readonly string[];
  /** Shape of the images of the batches. */
  readonly shape: ImageShape;
  readonly normalization: Normalization;
  /** True if black and white are inverted. */
  readonly inverted: boolean;
  /** Mean value of the border pixels of the images, from 0 to 1. */
  readonly ground: number;
  /** Pixels by which images are shifted at most. */
  readonly shift: number;
  /** Images to train on. */
  readonly samples: number;
  readonly batches: Batches;
  /** Images to test with. */
  readonly testSamples: number;
  /** The images to test with, before transforms. */
  readonly testImages: LabeledImages;
  readonly testBatches: Batches;
}

/** Most images in a batch of an evaluation, which needs no gradients, and most pixels. */
const TEST_BATCH = 128, TEST_PIXELS = 2 ** 20;

/** Returns the number of images in a batch of an evaluation: fewer where they are large. */
export function testBatchSize({ size: [rows, columns] }: ImageShape): number {
  return Math.max(1, Math.min(TEST_BATCH, Math.floor(TEST_PIXELS / (rows * columns))));
}

/** Returns by how much images are shifted at random. */
function shiftOf({ shift, augment }: TrainingDataOptions): number {
  if (augment && shift) throw new UsageError("--shift does not go with --augment, which takes random parts");
  return shift ?? (augment ? 0 : 1);
}

/**
 * Opens the images that the command line asks for, those to train on shifted at random and in random order.
 *
 * @throws {TypeError} If those to test with are of other classes.
 * @throws {UsageError} If flags do not go with each other.
 */
export async function openTrainingData(options: TrainingDataOptions): Promise<TrainingData> {
  const { seed, limit, augment, weights, "batch-size": batchSize } = options, shift = shiftOf(options);
  // Files of weights are of networks for colors.
  const channels = options.channels === undefined
    ? (weights === undefined ? undefined : 3)
    : options.channels === "3"
    ? 3
    : 1;
  const wanted = {
    size: options.size ?? defaultSize(options.model, options.dataset),
    channels,
    augment,
  } as const;
  const { dataset, root, splits } = await findImages(
    { ...options, limit: options.drawn, shape: wanted },
    ["train", "test"],
  );
  const { classes } = splits.train, isInverted = mustInvert(splits.train.images, options.invert);
  const [images, testImages] = [splits.train, splits.test].map((split) =>
    isInverted ? inverted(split.images) : split.images
  ) as [LabeledImages, LabeledImages];
  checkSameClasses(
    `train on ${root ?? dataset}`,
    { of: "the training images", classes },
    { of: "the test images", classes: splits.test.classes },
  );
  const shape: ImageShape = { ...wanted, channels: channels ?? (images.channels === 3 ? 3 : 1) };
  const normalization = givenNormalization(options, shape.channels) ??
    (weights !== undefined && shape.channels === 3 ? IMAGENET : normalizationOf(images));
  const all = new LabeledImages(images, { transform: trainingTransformOf(normalization, shape, shift) });
  const testSet = new LabeledImages(testImages, { transform: transformOf(normalization, shape) });
  // Each use of chance has a stream of its own: another model sees the same order.
  const streams = new Generator(seed);
  const chosen = limit === undefined || limit >= all.length
    ? all
    : new Subset(all, streams.fork(2).permutation(all.length).subarray(0, limit));
  return {
    dataset,
    root,
    classes,
    shape,
    normalization,
    inverted: isInverted,
    ground: borderMean(images),
    shift,
    samples: chosen.length,
    batches: new DataLoader(chosen, { batchSize, shuffle: true, generator: streams.fork(1) }),
    testSamples: testSet.length,
    testImages,
    testBatches: new DataLoader(testSet, { batchSize: testBatchSize(shape) }),
  };
}
