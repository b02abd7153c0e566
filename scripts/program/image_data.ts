/** Classification data in memory: what the programs train on and evaluate with. */
import { join } from "@std/path";
import {
  FashionMnist,
  GeneratedDigits,
  type Image,
  ImageFolder,
  LabelledImages,
  loadGreyImage,
  Mnist,
  Resize,
} from "@troodon/troodon";

/** Names of the datasets. */
export type DatasetName = "mnist" | "fashion-mnist" | "image-folder" | "generated";

/** Names of the datasets. */
export const DATASET_NAMES: readonly DatasetName[] = ["mnist", "fashion-mnist", "image-folder", "generated"];

/** Rows and columns of all images: those of other folders are resized. */
export const IMAGE_SIZE = 28;

/** Digits drawn for training, and for tests, where there are no real ones. */
export const GENERATED_COUNTS: Readonly<Record<Split, number>> = { train: 20000, test: 5000 };

/** The fewest digits that a test says something with. */
const LEAST_TESTED = 500;

/** Number of digits drawn for a split where `limit` are wanted to learn from. */
export function generatedCount(split: Split, limit: number = Infinity): number {
  return Math.min(GENERATED_COUNTS[split], split === "train" ? limit : Math.max(limit, LEAST_TESTED));
}

/** Samples to learn from, or to be tested with. */
export type Split = "train" | "test";

/** Images with labels. */
export interface ImageData {
  /** Bytes, not transformed. */
  readonly images: LabelledImages;
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
}

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
  const { root, offline = false, limit } = options;
  const train = split === "train";
  if (name === "generated") {
    const images = await GeneratedDigits.open({
      train,
      count: generatedCount(split, limit),
      ...(root && { root }),
    });
    return { images, classes: images.classes, paths: null };
  }
  if (root === undefined) throw new TypeError(`Cannot open ${name} as its folder must be given`);
  if (name === "image-folder") return await readFolder(await splitFolder(root, split));
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
    const found = await Deno.stat(path).catch(() => null);
    if (found?.isDirectory) return path;
  }
  throw new Deno.errors.NotFound(
    `Cannot open ${root} as an image folder as it has no folder ${names.join(" or ")}`,
  );
}

/** Reads all images once: as bytes they are small, and epochs need not decode them again. */
async function readFolder(root: string): Promise<ImageData> {
  const folder = await ImageFolder.open(root, { loader: loadGreyImage });
  if (folder.classes.length > 256) {
    throw new RangeError(
      `Cannot open ${root} as it must have at most 256 classes: current number is ${folder.classes.length}`,
    );
  }
  const size = IMAGE_SIZE * IMAGE_SIZE;
  const images = new Uint8Array(folder.length * size);
  for (const [i, [path]] of folder.samples.entries()) {
    images.set(fitted(await loadGreyImage(path)).data, i * size);
  }
  const labels = Uint8Array.from(folder.targets);
  return {
    images: new LabelledImages({ images, labels, height: IMAGE_SIZE, width: IMAGE_SIZE }),
    classes: folder.classes,
    paths: folder.samples.map(([path]) => path),
  };
}

/** A grey image as large as the networks take it. */
export function fitted(image: Image): Image {
  const grey = image.convert(1);
  if (grey.width === IMAGE_SIZE && grey.height === IMAGE_SIZE) return grey;
  return new Resize([IMAGE_SIZE, IMAGE_SIZE]).apply(grey);
}

/** What bytes are normalised by: mean and standard deviation of a dataset, bytes being 0 to 1. */
export interface Normalization {
  /** The mean of all pixels. */
  readonly mean: number;
  /** Their standard deviation. */
  readonly std: number;
}

/** The normalization of a dataset, to four digits. */
export function normalizationOf({ images }: LabelledImages): Normalization {
  const histogram = new Float64Array(256);
  for (let i = 0; i < images.length; i++) histogram[images[i]!]!++;
  let sum = 0, squares = 0;
  histogram.forEach((count, byte) => {
    sum += count * byte / 255;
    squares += count * (byte / 255) ** 2;
  });
  const mean = sum / images.length;
  const std = Math.sqrt(Math.max(squares / images.length - mean * mean, 0));
  const rounded = (x: number) => Math.round(x * 1e4) / 1e4;
  return { mean: rounded(mean), std: rounded(std) || 1 };
}
