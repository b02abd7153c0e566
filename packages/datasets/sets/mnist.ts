/** MNIST and the datasets that share its files' form. */
import { pickOptions, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { type IdxSource, MNIST_OPTIONS, mnistFiles, type MnistOptions, openIdx } from "./idx_source.ts";
import { LabeledImages, TRANSFORM_OPTIONS } from "./labeled_images.ts";

const MNIST: IdxSource = {
  title: "MNIST",
  folder: "MNIST",
  mirrors: [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
    "http://yann.lecun.com/exdb/mnist/",
  ],
  largestLabel: 9,
  files: mnistFiles("sha256", [
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ]),
};

const FASHION_MNIST: IdxSource = {
  title: "Fashion-MNIST",
  folder: "FashionMNIST",
  mirrors: [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ],
  largestLabel: 9,
  files: mnistFiles("md5", [
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "25c81989df183df01b3e8a0aad5dffbe",
    "bef4ecab320f06d8554ea6380940ec79",
    "bb300cfdad3c16e7a12a480ee83cd310",
  ]),
};

const KMNIST: IdxSource = {
  title: "KMNIST",
  folder: "KMNIST",
  mirrors: [
    "https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
    "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
  ],
  largestLabel: 9,
  files: mnistFiles("md5", [
    "bdb82020997e1d708af4cf47b453dcf7",
    "e144d726b3acfaa3e44228e80efcd344",
    "5c965bf0a639b31b8f53240b1b52f4d7",
    "7320c461ea6c1c855c0b718fb2a4b134",
  ]),
};

/**
 * MNIST: 70,000 handwritten digits of 28 x 28 bytes, by Y. LeCun and C. Cortes.
 *
 * Files found in `root` are checked for their form, images and labels for their number; downloads for the SHA-256
 * of their unpacked bytes too, which all mirrors share whichever program packed them.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Mnist, ToTensor } from "@troodon/datasets";
 *
 * const open = () => Mnist.open({ root: "/nowhere", offline: true, transform: new ToTensor() });
 * await assertRejects(open, Deno.errors.NotFound, "neither train-images-idx3-ubyte nor");
 * ```
 */
export class Mnist<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

  /**
   * Reads the images and labels of one split, from the disk or, if asked to, from the network.
   *
   * @throws {Deno.errors.NotFound} If a file is not there and may not, or cannot, be downloaded.
   * @throws {TypeError} If a file is damaged.
   * @throws {RangeError} If images and labels are not as many, or a label is above 9.
   */
  static async open<T = Image>(options: MnistOptions<T>): Promise<Mnist<T>> {
    options = readOptions("Mnist.open()", options, MNIST_OPTIONS);
    return new Mnist(await openIdx(MNIST, options), pickOptions(options, TRANSFORM_OPTIONS));
  }
}

/**
 * Fashion-MNIST: 70,000 pictures of clothes in the form of MNIST, by H. Xiao, K. Rasul and R. Vollgraf (2017).
 * Downloads are checked by the MD5 of the `.gz` files that its authors publish.
 */
export class FashionMnist<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ];

  /** See {@linkcode Mnist.open}. */
  static async open<T = Image>(options: MnistOptions<T>): Promise<FashionMnist<T>> {
    options = readOptions("FashionMnist.open()", options, MNIST_OPTIONS);
    return new FashionMnist(await openIdx(FASHION_MNIST, options), pickOptions(options, TRANSFORM_OPTIONS));
  }
}

/**
 * Kuzushiji-MNIST: 70,000 cursive Japanese characters in the form of MNIST, by T. Clanuwat et al. (2018). Downloads are
 * checked by the MD5 that torchvision has.
 */
export class Kmnist<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"];

  /** See {@linkcode Mnist.open}. */
  static async open<T = Image>(options: MnistOptions<T>): Promise<Kmnist<T>> {
    options = readOptions("Kmnist.open()", options, MNIST_OPTIONS);
    return new Kmnist(await openIdx(KMNIST, options), pickOptions(options, TRANSFORM_OPTIONS));
  }
}
