/** Labeled images in pairs of idx files: what MNIST and its relatives have in common. */
import {
  download,
  fileErrors,
  inflateGzip,
  isGzip,
  isNotFound,
  md5,
  requireFile,
  runtimeFiles,
  sha256,
} from "@troodon/io";
import type { OptionKeys } from "@troodon/core/kernel";
import { readIdx } from "../files/idx.ts";
import type { Image } from "../image.ts";
import type { LabeledImagesData, TransformOptions } from "./labeled_images.ts";

/** Options of {@linkcode Mnist.open} and its relatives. */
export interface MnistOptions<T = Image> extends TransformOptions<T> {
  /** The folder of the files, plain or `.gz`; `ROOT/MNIST/raw` (`ROOT/KMNIST/raw` ...), where torchvision keeps them, is looked in too. */
  readonly root: string;
  /** The training samples (default), or the test samples. */
  readonly train?: boolean;
  /** Downloads missing files to `root` (default false). */
  readonly download?: boolean;
  /** Forbids the network, whatever `download` says (default false). */
  readonly offline?: boolean;
  /** Folders to download from instead of the known ones; they end with a slash. */
  readonly mirrors?: readonly string[];
}

/** The keys of {@linkcode MnistOptions}. */
export const MNIST_OPTIONS: OptionKeys<MnistOptions<unknown>> = {
  root: true,
  train: true,
  download: true,
  offline: true,
  mirrors: true,
  transform: true,
  targetTransform: true,
};

/** One of its files. */
export interface IdxFile {
  /** The name of the file, without `.gz`. */
  readonly name: string;
  /** The number of its dimensions: images have 3, labels of bytes 1, and rows of numbers of 32 bits 2. */
  readonly dimensions: 1 | 2 | 3;
  /** Size in bytes of the decompressed file; Infinity if it is not downloaded. */
  readonly size: number;
  /** A digest of what every copy has in common: `sha256` of the unpacked bytes, `md5` of the one `.gz` there is. */
  readonly digest: { readonly kind: "sha256" | "md5"; readonly hex: string } | null;
}

/** Description of a dataset of idx files. */
export interface IdxSource {
  /** The largest label. */
  readonly largestLabel: number;
  /** Downloads and unpacks all files, where they come in one archive. */
  readonly fetch?: (root: string, mirrors: readonly string[] | undefined) => Promise<void>;
  readonly title: string;
  readonly folder: string;
  readonly mirrors: readonly string[];
  readonly files: readonly [
    trainImages: IdxFile,
    trainLabels: IdxFile,
    testImages: IdxFile,
    testLabels: IdxFile,
  ];
}

const NAMES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

/** Sizes in bytes of headers and elements: 60,000 and 10,000 images of 28 x 28, and labels. */
export const IDX_SIZES: readonly [number, number, number, number] = [
  16 + 60_000 * 784,
  8 + 60_000,
  16 + 10_000 * 784,
  8 + 10_000,
];

/**
 * Maximum size in bytes of a gzip file: incompressible data grows by less than a thousandth, plus a name and
 * a comment.
 */
const packedSize = (size: number): number => size + Math.ceil(size / 1000) + 1024;

/** The files that MNIST and most of its relatives have, with their digests. */
export function mnistFiles(
  kind: "sha256" | "md5",
  digests: readonly [string, string, string, string],
): IdxSource["files"] {
  const file = (i: 0 | 1 | 2 | 3, dimensions: 1 | 3): IdxFile => ({
    name: NAMES[i],
    dimensions,
    size: IDX_SIZES[i],
    digest: { kind, hex: digests[i] },
  });
  return [file(0, 3), file(1, 1), file(2, 3), file(3, 1)];
}

async function readIfThere(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    await requireFile(path);
    return await runtimeFiles().read(path);
  } catch (error) {
    if (isNotFound(error)) return null;
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

async function whyWrong(packed: Uint8Array<ArrayBuffer>, file: IdxFile): Promise<string | null> {
  if (!file.digest) return "it comes in an archive alone";
  const { kind, hex } = file.digest;
  if (kind === "md5") {
    const digest = md5(packed);
    return digest === hex ? null : `its MD5 must be ${hex} but is ${digest}`;
  }
  if (!isGzip(packed)) return "it is no gzip file";
  try {
    const digest = await sha256(await inflateGzip(packed, file.name, file.size));
    return digest === hex ? null : `the SHA-256 of its unpacked bytes must be ${hex} but is ${digest}`;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

/** A file of a dataset, with its path. */
export interface LoadedIdx {
  readonly data: Uint8Array | Int32Array;
  readonly shape: readonly number[];
  readonly path: string;
}

/**
 * Reads a file of a dataset, from the disk or, if asked to, from the network.
 *
 * @throws {Deno.errors.NotFound} If the file is missing and is not, or cannot be, downloaded.
 * @throws {TypeError} If the file is damaged.
 */
export async function loadIdx(
  source: IdxSource,
  file: IdxFile,
  options: MnistOptions<unknown>,
): Promise<LoadedIdx> {
  const { root, offline = false, mirrors = source.mirrors } = options;
  const wanted = `${root}/${file.name}.gz`;
  let found = await find(root, source.folder, file.name);
  if (!found) {
    if (offline || !options.download) {
      throw new (fileErrors().NotFound)(
        `Cannot open ${source.title} as ${root} has neither ${file.name} nor ${file.name}.gz` +
          (offline ? ", and { offline: true } forbids downloading it" : ": { download: true } fetches it"),
      );
    }
    if (source.fetch) {
      await source.fetch(root, options.mirrors);
      return await loadIdx(source, file, { ...options, offline: true });
    }
    const urls = mirrors.map((mirror) => `${mirror}${file.name}.gz`);
    const limit = packedSize(file.size);
    await download({ urls, path: wanted, limit, check: (bytes) => whyWrong(bytes, file) });
    found = { bytes: await runtimeFiles().read(wanted), path: wanted };
  }
  const { data, shape } = readIdx(found.bytes, found.path);
  const isNumbers = file.dimensions === 2;
  const isKind = isNumbers ? data instanceof Int32Array : data instanceof Uint8Array;
  if (!isKind || shape.length !== file.dimensions) {
    throw new TypeError(
      `Cannot read ${found.path}: it must hold ${
        isNumbers ? "int32" : "uint8"
      } of ${file.dimensions} dimensions but holds ` +
        `${data.constructor.name} of shape ${shape.join("x")}`,
    );
  }
  return { data: data as Uint8Array | Int32Array, shape, path: found.path };
}

/**
 * Reads the images and labels of one split, from the disk or, if asked to, from the network.
 *
 * @throws {Deno.errors.NotFound} If a file is not there and may not, or cannot, be downloaded.
 * @throws {TypeError} If a file is damaged.
 * @throws {RangeError} If images and labels are not as many, or a label is too large.
 */
export async function openIdx(
  source: IdxSource,
  options: MnistOptions<unknown>,
): Promise<LabeledImagesData> {
  const [trainImages, trainLabels, testImages, testLabels] = source.files;
  const train = options.train ?? true;
  const images = await loadIdx(source, train ? trainImages : testImages, options);
  const labels = await loadIdx(source, train ? trainLabels : testLabels, options);
  const [count = 0, height = 0, width = 0] = images.shape;
  if (count !== labels.data.length) {
    throw new RangeError(
      `Cannot open ${source.title} as images and labels must be as many: ${images.path} has ${count} images and ` +
        `${labels.path} has ${labels.data.length} labels`,
    );
  }
  const wrong = labels.data.findIndex((label) => label > source.largestLabel);
  if (wrong !== -1) {
    throw new RangeError(
      `Cannot read ${labels.path}: labels must be in 0 to ${source.largestLabel} but number ${wrong} is ${
        labels.data[wrong]
      }`,
    );
  }
  // Files of one and three dimensions have bytes.
  return { images: images.data as Uint8Array, labels: labels.data as Uint8Array, height, width };
}
