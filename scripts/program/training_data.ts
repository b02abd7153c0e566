/** The images of a training run, as batches. */
import {
  type Batches,
  Compose,
  DataLoader,
  Generator,
  LabelledImages,
  RandomCrop,
  Subset,
} from "@troodon/troodon";
import { type DataOptions, findImages } from "./find_images.ts";
import { type DatasetName, IMAGE_SIZE, type Normalization, normalizationOf } from "./image_data.ts";
import { checkSameClasses } from "./same_classes.ts";
import { transformOf } from "./saved_run.ts";

/** Command-line flags of the data of a training run. */
export interface TrainingDataOptions extends DataOptions {
  /** The seed of the order, of the shifts and of the samples that `limit` draws. */
  readonly seed: number;
  /** Images to train on; all by default. */
  readonly limit: number | undefined;
  /** Digits to draw, where they are generated; all by default. */
  readonly drawn?: number | undefined;
  /** Pixels by which images are shifted at most. */
  readonly shift: number;
  readonly "batch-size": number;
}

/** Batches to train on and to test with, and where they come from. */
export interface TrainingData {
  readonly dataset: DatasetName;
  /** The folder; null for generated digits. */
  readonly root: string | null;
  readonly classes: readonly string[];
  readonly normalization: Normalization;
  /** Images to train on. */
  readonly samples: number;
  readonly batches: Batches;
  /** Images to test with. */
  readonly testSamples: number;
  readonly testBatches: Batches;
}

/** Batches of an evaluation need no gradients, and so may be larger. */
const TEST_BATCH = 128;

/**
 * Opens the images that the command line asks for, those to train on shifted at random and in random order.
 *
 * @throws {TypeError} If those to test with are of other classes.
 */
export async function openTrainingData(options: TrainingDataOptions): Promise<TrainingData> {
  const { seed, limit, shift, "batch-size": batchSize } = options;
  const { dataset, root, splits } = await findImages({ ...options, limit: options.drawn }, ["train", "test"]);
  const { classes } = splits.train;
  checkSameClasses(
    `train on ${root ?? dataset}`,
    { of: "the training images", classes },
    { of: "the test images", classes: splits.test.classes },
  );
  const normalization = normalizationOf(splits.train.images);
  const transform = transformOf(normalization);
  const shifted = new Compose([new RandomCrop(IMAGE_SIZE, { padding: shift }), transform]);
  const all = new LabelledImages(splits.train.images, { transform: shift > 0 ? shifted : transform });
  const testSet = new LabelledImages(splits.test.images, { transform });
  // Each use of chance has a stream of its own: another model sees the same order.
  const streams = new Generator(seed);
  const chosen = limit === undefined || limit >= all.length
    ? all
    : new Subset(all, streams.fork(2).permutation(all.length).subarray(0, limit));
  return {
    dataset,
    root,
    classes,
    normalization,
    samples: chosen.length,
    batches: new DataLoader(chosen, { batchSize, shuffle: true, generator: streams.fork(1) }),
    testSamples: testSet.length,
    testBatches: new DataLoader(testSet, { batchSize: TEST_BATCH }),
  };
}
