/** STL-10 in its binary form. */
import { fileErrors, isNotFound, requireFile, runtimeFiles } from "@troodon/io";
import { type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import {
  LabeledImages,
  type LabeledImagesData,
  TRANSFORM_OPTIONS,
  type TransformOptions,
} from "./labeled_images.ts";

/** Options of {@linkcode Stl10.open}. */
export interface Stl10Options<T = Image> extends TransformOptions<T> {
  /** The folder of the `.bin` files, or the one that holds `stl10_binary`. */
  readonly root: string;
  /** The 5,000 training samples (default), or the 8,000 test samples. */
  readonly train?: boolean;
  /** The number of a fold from 0 to 9: 1,000 of the training samples (default: all). */
  readonly fold?: number;
}
const STL10_OPTIONS: OptionKeys<Stl10Options<unknown>> = {
  ...TRANSFORM_OPTIONS,
  root: true,
  train: true,
  fold: true,
};

const SIDE = 96, PLANE = SIDE * SIDE, FOLDS = 10;

async function read(root: string, file: string): Promise<readonly [path: string, bytes: Uint8Array]> {
  const places = [`${root}/${file}`, `${root}/stl10_binary/${file}`];
  for (const path of places) {
    try {
      await requireFile(path);
      return [path, await runtimeFiles().read(path)];
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  throw new (fileErrors().NotFound)(
    `Cannot open STL-10 as neither ${places.join(" nor ")} is there: unpack ` +
      "http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz (2.6 GB) there",
  );
}

async function openAll(root: string, train: boolean): Promise<LabeledImagesData> {
  const part = train ? "train" : "test";
  const [path, planes] = await read(root, `${part}_X.bin`),
    [labelPath, stored] = await read(root, `${part}_y.bin`);
  if (planes.length !== stored.length * 3 * PLANE || stored.length === 0) {
    throw new TypeError(
      `Cannot read ${path}: the ${stored.length} labels of ${labelPath} need ${
        stored.length * 3 * PLANE
      } bytes but it ` +
        `has ${planes.length}`,
    );
  }
  const wrong = stored.findIndex((label) => label < 1 || label > 10);
  if (wrong >= 0) {
    throw new RangeError(
      `Cannot read ${labelPath}: labels must be in 1 to 10 but that of sample ${wrong} is ${stored[wrong]}`,
    );
  }
  const images = new Uint8Array(planes.length);
  // Planes are stored column by column.
  for (let sample = 0, from = 0; sample < stored.length; sample++) {
    for (let c = 0; c < 3; c++) {
      for (let x = 0; x < SIDE; x++) {
        for (let y = 0; y < SIDE; y++, from++) {
          images[3 * (sample * PLANE + y * SIDE + x) + c] = planes[from]!;
        }
      }
    }
  }
  return { images, labels: stored.map((label) => label - 1), height: SIDE, width: SIDE, channels: 3 };
}

async function foldOf(data: LabeledImagesData, root: string, fold: number): Promise<LabeledImagesData> {
  const [path, bytes] = await read(root, "fold_indices.txt");
  const places =
    new TextDecoder().decode(bytes).trim().split(/\r?\n/)[fold]?.trim().split(/\s+/).map(Number) ?? [];
  const count = data.labels.length;
  if (
    places.length === 0 || !places.every((place) => Number.isInteger(place) && place >= 0 && place < count)
  ) {
    throw new TypeError(`Cannot read ${path}: line ${fold + 1} must have numbers of samples, below ${count}`);
  }
  const images = new Uint8Array(places.length * 3 * PLANE);
  places.forEach((place, i) =>
    images.set(data.images.subarray(place * 3 * PLANE, (place + 1) * 3 * PLANE), i * 3 * PLANE)
  );
  return { ...data, images, labels: Uint8Array.from(places, (place) => data.labels[place]!) };
}

/**
 * STL-10: 13,000 photographs of 96 x 96 RGB pixels in 10 classes, by A. Coates, H. Lee and A. Ng (2011). Reads the
 * labeled samples of the binary version from the disk; the archive of 2.6 GB is to be fetched and unpacked by hand.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Stl10 } from "@troodon/datasets";
 *
 * await assertRejects(() => Stl10.open({ root: "/nowhere" }), Deno.errors.NotFound, "stl10_binary.tar.gz");
 * ```
 */
export class Stl10<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = [
    ...["airplane", "bird", "car", "cat", "deer"],
    ...["dog", "horse", "monkey", "ship", "truck"],
  ];

  /**
   * Reads one split, or one fold of the training samples.
   *
   * @throws {Deno.errors.NotFound} If a file is not there.
   * @throws {TypeError} If a file is damaged.
   * @throws {RangeError} If a label is out of range, or there is no such fold.
   */
  static async open<T = Image>(options: Stl10Options<T>): Promise<Stl10<T>> {
    options = readOptions("Stl10.open()", options, STL10_OPTIONS);
    const { root, train = true, fold } = options;
    if (fold !== undefined && !(train && Number.isInteger(fold) && fold >= 0 && fold < FOLDS)) {
      throw new RangeError(
        `Cannot open STL-10 as fold must be an integer from 0 to 9, of training samples: current fold is ${fold}`,
      );
    }
    const all = await openAll(root, train);
    const data = fold === undefined ? all : await foldOf(all, root, fold);
    return new Stl10(data, pickOptions(options, TRANSFORM_OPTIONS));
  }
}
