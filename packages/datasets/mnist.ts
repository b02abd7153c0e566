/** MNIST and the datasets that share its files' form. */
import { createHash } from "node:crypto";
import { download, sha256 } from "./download.ts";
import { inflateGzip, isGzip } from "./gzip.ts";
import { readIdx } from "./idx.ts";
import { LabelledImages, type LabelledImagesData, type TransformOptions } from "./labelled_images.ts";
import type { Image } from "./image.ts";

/** Where {@linkcode Mnist} and {@linkcode FashionMnist} find their files. */
export interface MnistOptions<T = Image> extends TransformOptions<T> {
  /** The folder of the files, plain or `.gz`; `ROOT/MNIST/raw`, where torchvision keeps them, is looked in too. */
  readonly root: string;
  /** The 60,000 training samples (default), or the 10,000 test samples. */
  readonly train?: boolean;
  /** Whether to fetch what is missing to `root` (default false). */
  readonly download?: boolean;
  /** Forbids the network, whatever `download` says (default false). */
  readonly offline?: boolean;
  /** Folders to download from instead of the known ones; they end with a slash. */
  readonly mirrors?: readonly string[];
}

interface MnistFile {
  readonly name: string;
  readonly shape: readonly number[];
  /** A digest of what every copy has in common: `sha256` of the unpacked bytes, `md5` of the one `.gz` there is. */
  readonly digest: { readonly kind: "sha256" | "md5"; readonly hex: string };
}

/** What sets the datasets of this form apart. */
interface Source {
  readonly title: string;
  readonly folder: string;
  readonly mirrors: readonly string[];
  readonly files: readonly [
    trainImages: MnistFile,
    trainLabels: MnistFile,
    testImages: MnistFile,
    testLabels: MnistFile,
  ];
}

const NAMES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

function files(kind: "sha256" | "md5", digests: readonly [string, string, string, string]): Source["files"] {
  const file = (i: 0 | 1 | 2 | 3, shape: readonly number[]): MnistFile => ({
    name: NAMES[i],
    shape,
    digest: { kind, hex: digests[i] },
  });
  return [file(0, [60000, 28, 28]), file(1, [60000]), file(2, [10000, 28, 28]), file(3, [10000])];
}

const MNIST: Source = {
  title: "MNIST",
  folder: "MNIST",
  mirrors: [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
    "http://yann.lecun.com/exdb/mnist/",
  ],
  files: files("sha256", [
    "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  ]),
};

const FASHION_MNIST: Source = {
  title: "Fashion-MNIST",
  folder: "FashionMNIST",
  mirrors: [
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
  ],
  files: files("md5", [
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "25c81989df183df01b3e8a0aad5dffbe",
    "bef4ecab320f06d8554ea6380940ec79",
    "bb300cfdad3c16e7a12a480ee83cd310",
  ]),
};

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function find(
  root: string,
  folder: string,
  name: string,
): Promise<{ bytes: Uint8Array; path: string } | null> {
  for (const place of [root, `${root}/${folder}/raw`]) {
    for (const path of [`${place}/${name}`, `${place}/${name}.gz`]) {
      const bytes = await readIfThere(path);
      if (bytes) return { bytes, path };
    }
  }
  return null;
}

async function whyWrong(packed: Uint8Array<ArrayBuffer>, file: MnistFile): Promise<string | null> {
  const { kind, hex } = file.digest;
  if (kind === "md5") {
    const md5 = createHash("md5").update(packed).digest("hex");
    return md5 === hex ? null : `its MD5 must be ${hex} but is ${md5}`;
  }
  if (!isGzip(packed)) return "it is no gzip file";
  try {
    const digest = await sha256(new Uint8Array(inflateGzip(packed, file.name)));
    return digest === hex ? null : `the SHA-256 of its unpacked bytes must be ${hex} but is ${digest}`;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

async function load(
  source: Source,
  file: MnistFile,
  options: MnistOptions<unknown>,
): Promise<{ data: Uint8Array; shape: readonly number[]; path: string }> {
  const { root, offline = false, mirrors = source.mirrors } = options;
  const wanted = `${root}/${file.name}.gz`;
  let found = await find(root, source.folder, file.name);
  if (!found) {
    if (offline || !options.download) {
      throw new Deno.errors.NotFound(
        `Cannot open ${source.title} as ${root} has neither ${file.name} nor ${file.name}.gz` +
          (offline ? ", and { offline: true } forbids downloading it" : ": { download: true } fetches it"),
      );
    }
    await Deno.mkdir(root, { recursive: true });
    const urls = mirrors.map((mirror) => `${mirror}${file.name}.gz`);
    await download({ urls, path: wanted, check: (bytes) => whyWrong(bytes, file) });
    found = { bytes: await Deno.readFile(wanted), path: wanted };
  }
  const { data, shape } = readIdx(found.bytes, found.path);
  if (!(data instanceof Uint8Array) || shape.length !== file.shape.length) {
    throw new TypeError(
      `Cannot read ${found.path}: it must hold uint8 of ${file.shape.length} dimensions but holds ` +
        `${data.constructor.name} of shape ${shape.join("x")}`,
    );
  }
  return { data, shape, path: found.path };
}

async function openSource(source: Source, options: MnistOptions<unknown>): Promise<LabelledImagesData> {
  const [trainImages, trainLabels, testImages, testLabels] = source.files;
  const train = options.train ?? true;
  const images = await load(source, train ? trainImages : testImages, options);
  const labels = await load(source, train ? trainLabels : testLabels, options);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (count !== labels.data.length) {
    throw new RangeError(
      `Cannot open ${source.title} as images and labels must be as many: ${images.path} has ${count} images and ` +
        `${labels.path} has ${labels.data.length} labels`,
    );
  }
  const wrong = labels.data.findIndex((label) => label > 9);
  if (wrong !== -1) {
    throw new RangeError(
      `Cannot read ${labels.path}: labels must be in 0 to 9 but number ${wrong} is ${labels.data[wrong]}`,
    );
  }
  return { images: images.data, labels: labels.data, height, width };
}

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
export class Mnist<T = Image> extends LabelledImages<T> {
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
    return new Mnist(await openSource(MNIST, options), options);
  }
}

/**
 * Fashion-MNIST: 70,000 pictures of clothes in the form of MNIST, by H. Xiao, K. Rasul and R. Vollgraf (2017).
 * Downloads are checked by the MD5 of the `.gz` files that its authors publish.
 */
export class FashionMnist<T = Image> extends LabelledImages<T> {
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
    return new FashionMnist(await openSource(FASHION_MNIST, options), options);
  }
}
