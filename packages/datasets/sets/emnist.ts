import { type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import { type IdxSource, MNIST_OPTIONS, type MnistOptions, openIdx } from "./idx_source.ts";
import type { Image } from "../image.ts";
import { fetchEmnist } from "./emnist_archive.ts";
import { LabeledImages, type LabeledImagesData, TRANSFORM_OPTIONS } from "./labeled_images.ts";

/** The parts that EMNIST is published in. */
export type EmnistSplit = "byclass" | "bymerge" | "balanced" | "letters" | "digits" | "mnist";

/** Options of {@linkcode Emnist.open}. */
export interface EmnistOptions<T = Image> extends MnistOptions<T> {
  /** The part to read. */
  readonly split: EmnistSplit;
  /** Turns characters upright, as they are stored with rows and columns exchanged (default false). */
  readonly upright?: boolean;
}
const EMNIST_OPTIONS: OptionKeys<EmnistOptions<unknown>> = {
  split: true,
  upright: true,
  ...MNIST_OPTIONS,
};

const DIGITS = [..."0123456789"];
const CAPITALS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const SMALL = CAPITALS.map((letter) => letter.toLowerCase());
const ALL = [...DIGITS, ...CAPITALS, ...SMALL];
/** Small letters that look like their capitals count as these. */
const MERGED = ALL.filter((name) => !"cijklmopsuvwxyz".includes(name));

const CLASSES: Readonly<Record<EmnistSplit, readonly string[]>> = {
  byclass: ALL,
  bymerge: MERGED,
  balanced: MERGED,
  letters: ["N/A", ...SMALL],
  digits: DIGITS,
  mnist: DIGITS,
};

function sourceOf(split: EmnistSplit): IdxSource {
  const file = (part: "train" | "test", kind: "images-idx3" | "labels-idx1") => ({
    name: `emnist-${split}-${part}-${kind}-ubyte`,
    dimensions: kind === "images-idx3" ? 3 as const : 1 as const,
    size: Infinity,
    digest: null,
  });
  return {
    title: "EMNIST",
    folder: "EMNIST",
    mirrors: [],
    largestLabel: CLASSES[split].length - 1,
    fetch: fetchEmnist,
    files: [
      file("train", "images-idx3"),
      file("train", "labels-idx1"),
      file("test", "images-idx3"),
      file("test", "labels-idx1"),
    ],
  };
}

/** Exchanges the rows and columns of every image. */
function transposed({ images, labels, height, width }: LabeledImagesData): LabeledImagesData {
  const out = new Uint8Array(images.length);
  const size = height * width;
  for (let start = 0, to = 0; start < images.length; start += size) {
    for (let x = 0; x < width; x++) {
      for (let y = 0; y < height; y++) out[to++] = images[start + y * width + x]!;
    }
  }
  return { images: out, labels, height: width, width: height };
}

/**
 * EMNIST: handwritten digits and letters of 28 x 28 bytes, by G. Cohen et al. (2017). The idx files, plain or gzip, are
 * read from `root`; `download` fetches the archive of all parts, 536 MB, which is checked by its MD5. Images are as
 * stored, as in torchvision, unless `upright` is set. Labels of `"letters"` begin at 1.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Emnist } from "@troodon/datasets";
 *
 * await assertRejects(() => Emnist.open({ root: "/nowhere", split: "letters" }), Deno.errors.NotFound, "download");
 * ```
 */
export class Emnist<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[];

  private constructor(data: LabeledImagesData, options: EmnistOptions<T>) {
    // Without options, it was not open() that called: super() says so.
    super(data, pickOptions(options ?? {}, TRANSFORM_OPTIONS));
    this.classes = CLASSES[options.split];
  }

  /**
   * Reads the images and labels.
   *
   * @throws {TypeError} If there is no such split, or a file is damaged.
   * @throws {Deno.errors.NotFound} If a file is missing and is not, or cannot be, downloaded.
   * @throws {RangeError} If images and labels are not as many, or a label is too large.
   */
  static async open<T = Image>(options: EmnistOptions<T>): Promise<Emnist<T>> {
    options = readOptions("Emnist.open()", options, EMNIST_OPTIONS);
    const { split, upright = false } = options;
    if (!Object.hasOwn(CLASSES, split)) {
      throw new TypeError(
        `Cannot open EMNIST as split must be one of ${
          Object.keys(CLASSES).join(", ")
        }: current split is ${split}`,
      );
    }
    const data = await openIdx(sourceOf(split), options);
    return new Emnist(upright ? transposed(data) : data, options);
  }
}
