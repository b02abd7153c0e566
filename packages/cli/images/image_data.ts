/** Classification data in memory: what the programs train on and evaluate with. */
import { join } from "@std/path";
import { fileErrors, runtimeFiles } from "@troodon/io";
import {
  type DigitDifficulty,
  FashionMnist,
  GeneratedDigits,
  type Image,
  ImageFolder,
  LabeledImages,
  loadImage,
  Mnist,
} from "@troodon/troodon";
import { Fit, type ImageShape, marginSize, MNIST_SHAPE } from "./image_shape.ts";

/** Names of the datasets. */
export type DatasetName = "mnist" | "fashion-mnist" | "image-folder" | "generated";

/** Names of the datasets. */
export const DATASET_NAMES: readonly DatasetName[] = ["mnist", "fashion-mnist", "image-folder", "generated"];

/** Number of generated digits for training and for tests. */
export const GENERATED_COUNTS: Readonly<Record<Split, number>> = { train: 20000, test: 5000 };

/** Default difficulty of generated digits, at which networks still improve after the first epoch. */
export const DIFFICULTY: DigitDifficulty = "hard";

/** The fewest digits that a test says something with. */
const LEAST_TESTED = 500;

/** Number of generated digits of a split if `limit` training samples are wanted. */
export function generatedCount(split: Split, limit: number = Infinity): number {
  return Math.min(GENERATED_COUNTS[split], split === "train" ? limit : Math.max(limit, LEAST_TESTED));
}

/** Samples to learn from, or to be tested with. */
export type Split = "train" | "test";

/** Images with labels. */
export interface ImageData {
  /** Bytes, not transformed. */
  readonly images: LabeledImages;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** The file of each image, where it has one of its own. */
  readonly paths: readonly string[] | null;
}

/** Options of {@linkcode openImages}. */
export interface OpenOptions {
  /** The folder of the data; needed for all but generated digits. */
  readonly root?: string | undefined;
  /** Forbids downloads; false by default. */
  readonly offline?: boolean;
  /** Digits that are wanted to learn from, where they are drawn; {@linkcode GENERATED_COUNTS} by default. */
  readonly limit?: number | undefined;
  /** Difficulty of generated digits; {@linkcode DIFFICULTY} by default. */
  readonly difficulty?: DigitDifficulty;
  /** Shape to which the images of a folder are fitted, margin included; that of MNIST by default. */
  readonly shape?: WantedShape | undefined;
}

/** Shape of images whose channels may be those of the data: 3 if an image of the folder has colors. */
export type WantedShape = Omit<ImageShape, "channels"> & {
  readonly channels: ImageShape["channels"] | undefined;
};

/** The most bytes that the images of a folder may take. */
const MOST_BYTES = 2 ** 32;

/**
 * Opens a split of a dataset. Downloads MNIST and Fashion-MNIST to `root` if they
 * are not there. Image folders have a folder `train` (or `training`) and a folder `test` (or `testing`).
 *
 * @throws {Deno.errors.NotFound} If the data are not there and may not, or cannot, be downloaded.
 * @throws {TypeError} If there is no `root` though it is needed.
 */
export async function openImages(
  name: DatasetName,
  split: Split,
  options: OpenOptions = {},
): Promise<ImageData> {
  const { root, offline = false, limit, difficulty = DIFFICULTY, shape = MNIST_SHAPE } = options;
  const train = split === "train";
  if (name === "generated") {
    const images = await GeneratedDigits.open({
      train,
      count: generatedCount(split, limit),
      difficulty,
      ...(root && { root }),
    });
    return { images, classes: images.classes, paths: null };
  }
  if (root === undefined) throw new TypeError(`Cannot open ${name} as its folder must be given`);
  if (name === "image-folder") return await readFolder(await splitFolder(root, split), shape);
  const images = await (name === "mnist" ? Mnist : FashionMnist).open({
    root,
    train,
    offline,
    download: !offline,
  });
  return { images, classes: images.classes, paths: null };
}

async function splitFolder(root: string, split: Split): Promise<string> {
  const names = [split, `${split}ing`];
  for (const name of names) {
    const path = join(root, name);
    const found = await runtimeFiles().status(path).catch(() => null);
    if (found?.kind === "a folder") return path;
  }
  throw new (fileErrors().NotFound)(
    `Cannot open ${root} as an image folder as it has no folder ${names.join(" or ")}`,
  );
}

/** Reads all images once: epochs need not decode them again. */
async function readFolder(root: string, wanted: WantedShape): Promise<ImageData> {
  const { samples, classes, targets } = await ImageFolder.open(root);
  if (classes.length > 256) {
    throw new RangeError(
      `Cannot open ${root} as it must have at most 256 classes: current number is ${classes.length}`,
    );
  }
  const paths = samples.map(([path]) => path);
  const channels = wanted.channels ?? await channelsOf(paths.filter((_, i) => targets[i] !== targets[i - 1]));
  const shape = { ...wanted, channels },
    [height, width] = marginSize(shape),
    size = height * width * channels;
  if (size * paths.length > MOST_BYTES) {
    throw new RangeError(
      `Cannot open ${root} as its images must take at most ${
        MOST_BYTES / 2 ** 30
      } GiB: ${paths.length} images of ` +
        `${height} x ${width} with ${channels} channels take ${
          (size * paths.length / 2 ** 30).toFixed(1)
        } GiB; ` +
        "a smaller --size takes less",
    );
  }
  const fit = new Fit(shape, { margin: true }), images = new Uint8Array(paths.length * size);
  for (const [i, path] of paths.entries()) images.set(fit.apply(await loadImage(path)).data, i * size);
  return {
    images: new LabeledImages({ images, labels: Uint8Array.from(targets), height, width, channels }),
    classes,
    paths,
  };
}

/** Returns 3 if an image in one of the files has colors, and 1 if all are gray. */
async function channelsOf(paths: readonly string[]): Promise<1 | 3> {
  for (const path of paths) if (hasColors(await loadImage(path))) return 3;
  return 1;
}

function hasColors({ data }: Image): boolean {
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return true;
  }
  return false;
}
