/** QMNIST: MNIST rebuilt from the digits of NIST. */
import { type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import {
  IDX_SIZES,
  type IdxFile,
  type IdxSource,
  loadIdx,
  MNIST_OPTIONS,
  type MnistOptions,
} from "./idx_source.ts";
import {
  LabeledImages,
  type LabeledImagesData,
  TRANSFORM_OPTIONS,
  type TransformOptions,
} from "./labeled_images.ts";

/**
 * Parts of QMNIST: the training samples, all test samples, those of MNIST (`"test10k"`), and the others (`"test50k"`).
 */
export type QmnistPart = "train" | "test" | "test10k" | "test50k";

/** Options of {@linkcode Qmnist.open}. */
export interface QmnistOptions<T = Image> extends Omit<MnistOptions<T>, "train"> {
  /** The part to read (default: `"train"`). */
  readonly what?: QmnistPart;
}
const { train: _, ...IDX_OPTIONS } = MNIST_OPTIONS;
const QMNIST_OPTIONS: OptionKeys<QmnistOptions<unknown>> = { ...IDX_OPTIONS, what: true };

/** First and last sample of each part in its files. */
const PARTS: Readonly<Record<QmnistPart, readonly [first: number, end: number]>> = {
  train: [0, Infinity],
  test: [0, Infinity],
  test10k: [0, 10_000],
  test50k: [10_000, Infinity],
};
/** Numbers that describe a digit: its class, and where it comes from in the database of NIST. */
const FIELDS = 8;

const [IMAGES] = IDX_SIZES, LABELS = 12 + 60_000 * FIELDS * 4;
const file = (
  part: "train" | "test",
  kind: "images-idx3-ubyte" | "labels-idx2-int",
  hex: string,
): IdxFile => ({
  name: `qmnist-${part}-${kind}`,
  dimensions: kind === "images-idx3-ubyte" ? 3 : 2,
  size: kind === "images-idx3-ubyte" ? IMAGES : LABELS,
  digest: { kind: "md5", hex },
});
const SOURCE: IdxSource = {
  title: "QMNIST",
  folder: "QMNIST",
  mirrors: ["https://raw.githubusercontent.com/facebookresearch/qmnist/master/"],
  largestLabel: 9,
  files: [
    file("train", "images-idx3-ubyte", "ed72d4157d28c017586c42bc6afe6370"),
    file("train", "labels-idx2-int", "0058f8dd561b90ffdd0f734c6a30e5e4"),
    file("test", "images-idx3-ubyte", "1394631089c404de565df7b7aeaf9412"),
    file("test", "labels-idx2-int", "5b5b05890a5e13444e108efe57b788aa"),
  ],
};

/**
 * QMNIST: 120,000 handwritten digits of 28 x 28 bytes, by C. Yadav and L. Bottou (2019), among them the 60,000 that
 * MNIST chose its test samples from. Downloads are checked by the MD5 that torchvision has. The part `"nist"` of
 * torchvision, which is compressed by xz, is not read.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Qmnist } from "@troodon/datasets";
 *
 * const open = () => Qmnist.open({ root: "/nowhere", what: "test50k", offline: true });
 * await assertRejects(open, Deno.errors.NotFound, "neither qmnist-test-images-idx3-ubyte nor");
 * ```
 */
export class Qmnist<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
  /**
   * Eight numbers for each sample: class, series of NIST, writer, number among the digits of the writer, class in NIST,
   * index in NIST, a mark of duplicates, and one that is not used.
   */
  readonly info: Int32Array;

  private constructor(data: LabeledImagesData, info: Int32Array, options: TransformOptions<T>) {
    // Without options the caller was not open(), and super() throws.
    super(data, options ?? {});
    this.info = info;
  }

  /**
   * Reads the images and labels of one part, from the disk or, if asked to, from the network.
   *
   * @throws {Deno.errors.NotFound} If a file is missing and is not, or cannot be, downloaded.
   * @throws {TypeError} If there is no such part, or a file is damaged.
   * @throws {RangeError} If the numbers of images and labels differ, or a label is above 9.
   */
  static async open<T = Image>(options: QmnistOptions<T>): Promise<Qmnist<T>> {
    options = readOptions("Qmnist.open()", options, QMNIST_OPTIONS);
    const { what = "train", ...more } = options;
    if (!Object.hasOwn(PARTS, what)) {
      throw new TypeError(
        `Cannot open QMNIST as what must be one of ${Object.keys(PARTS).join(", ")}: current part is ${what}`,
      );
    }
    const [first, end] = PARTS[what], at = what === "train" ? 0 : 2;
    const images = await loadIdx(SOURCE, SOURCE.files[at], more);
    const labels = await loadIdx(SOURCE, SOURCE.files[at + 1]!, more);
    const [count = 0, height = 0, width = 0] = images.shape, [rows, fields] = labels.shape;
    if (count !== rows || fields !== FIELDS) {
      throw new RangeError(
        `Cannot open QMNIST as each image must have ${FIELDS} numbers: ${images.path} has ${count} images and ` +
          `${labels.path} has ${rows} rows of ${fields}`,
      );
    }
    const info = Int32Array.from(labels.data).slice(first * FIELDS, end * FIELDS);
    const classes = Int32Array.from({ length: info.length / FIELDS }, (_, i) => info[i * FIELDS]!);
    const wrong = classes.findIndex((label) => label < 0 || label > 9);
    if (wrong >= 0) {
      throw new RangeError(
        `Cannot read ${labels.path}: labels must be in 0 to 9 but number ${first + wrong} is ${
          classes[wrong]
        }`,
      );
    }
    const size = height * width, pixels = images.data as Uint8Array;
    const data = {
      images: pixels.subarray(first * size, Math.min(end, count) * size),
      labels: Uint8Array.from(classes),
      height,
      width,
    };
    return new Qmnist(data, info, pickOptions(options, TRANSFORM_OPTIONS));
  }
}
