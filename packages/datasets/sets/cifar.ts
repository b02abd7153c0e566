/** CIFAR-10 and CIFAR-100 in their binary form. */
import {
  download,
  fileErrors,
  inflateGzip,
  isNotFound,
  md5 as digestOf,
  readTar,
  requireFile,
  runtimeFiles,
  writeAtomically,
} from "@troodon/io";
import { type OptionKeys, pickOptions, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import {
  LabeledImages,
  type LabeledImagesData,
  TRANSFORM_OPTIONS,
  type TransformOptions,
} from "./labeled_images.ts";

/** Where {@linkcode Cifar10} and {@linkcode Cifar100} find their files. */
export interface CifarOptions<T = Image> extends TransformOptions<T> {
  /** The folder of the `.bin` files, or the one that holds theirs (`cifar-10-batches-bin`, `cifar-100-binary`). */
  readonly root: string;
  /** The 50,000 training samples (default), or the 10,000 test samples. */
  readonly train?: boolean;
  /** Whether to fetch the archive (about 170 MB) and unpack it to `root` (default false). */
  readonly download?: boolean;
  /** Forbids the network, whatever `download` says (default false). */
  readonly offline?: boolean;
  /** Folders to download from instead of the known one; they end with a slash. */
  readonly mirrors?: readonly string[];
}
const CIFAR_OPTIONS: OptionKeys<CifarOptions<unknown>> = {
  root: true,
  train: true,
  download: true,
  offline: true,
  mirrors: true,
  transform: true,
  targetTransform: true,
};

/** Options of {@linkcode Cifar100.open}. */
export interface Cifar100Options<T = Image> extends CifarOptions<T> {
  /** Whether labels are the 20 superclasses (default false: the 100 classes). */
  readonly coarse?: boolean;
}
const CIFAR100_OPTIONS: OptionKeys<Cifar100Options<unknown>> = {
  coarse: true,
  root: true,
  train: true,
  download: true,
  offline: true,
  mirrors: true,
  transform: true,
  targetTransform: true,
};

interface Source {
  readonly title: string;
  readonly archive: string;
  readonly md5: string;
  readonly folder: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
}

const CIFAR10: Source = {
  title: "CIFAR-10",
  archive: "cifar-10-binary.tar.gz",
  md5: "c32a1d4ab5d03f1284b67883e8d87530",
  folder: "cifar-10-batches-bin",
  train: [1, 2, 3, 4, 5].map((n) => `data_batch_${n}.bin`),
  test: ["test_batch.bin"],
};

const CIFAR100: Source = {
  title: "CIFAR-100",
  archive: "cifar-100-binary.tar.gz",
  md5: "03b5dce01913d631647c71ecec9e9cb8",
  folder: "cifar-100-binary",
  train: ["train.bin"],
  test: ["test.bin"],
};

const SIDE = 32;
const PLANE = SIDE * SIDE;

async function fetchArchive(source: Source, options: CifarOptions<unknown>): Promise<void> {
  const { root, mirrors = ["https://www.cs.toronto.edu/~kriz/"] } = options;
  const { archive, md5, folder } = source;
  const path = `${root}/${archive}`;
  await download({
    urls: mirrors.map((mirror) => `${mirror}${archive}`),
    path,
    // Both archives have at most 170 MB.
    limit: 172_000_000,
    check: (bytes) => {
      const digest = digestOf(bytes);
      return Promise.resolve(digest === md5 ? null : `its MD5 must be ${md5} but is ${digest}`);
    },
  });
  await runtimeFiles().makeFolder(`${root}/${folder}`);
  for (const [name, bytes] of readTar(await inflateGzip(await runtimeFiles().read(path), path), path)) {
    // Names of the archive's own folder alone: nothing is written elsewhere.
    const file = name.slice(name.lastIndexOf("/") + 1);
    if (name === `${folder}/${file}` && file) await writeAtomically(`${root}/${name}`, bytes);
  }
  await runtimeFiles().remove(path);
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    await requireFile(path);
    return await runtimeFiles().read(path);
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

/** Bytes of a file and its path. */
interface FoundFile {
  readonly bytes: Uint8Array;
  readonly path: string;
}

async function read(source: Source, file: string, options: CifarOptions<unknown>): Promise<FoundFile> {
  const { root, download = false, offline = false } = options;
  const places = [`${root}/${file}`, `${root}/${source.folder}/${file}`];
  for (const place of places) {
    const bytes = await readIfThere(place);
    if (bytes) return { bytes, path: place };
  }
  if (offline || !download) {
    throw new (fileErrors().NotFound)(
      `Cannot open ${source.title} as neither ${places.join(" nor ")} is there` +
        (offline ? ", and { offline: true } forbids downloading it" : ": { download: true } fetches it"),
    );
  }
  await fetchArchive(source, options);
  return { bytes: await runtimeFiles().read(places[1]!), path: places[1]! };
}

/** Records of labels and three planes to images whose pixels lie together, and one of the labels. */
async function open(
  source: Source,
  options: CifarOptions<unknown>,
  { labels: count, use, classes }: {
    readonly labels: number;
    readonly use: number;
    readonly classes: number;
  },
): Promise<LabeledImagesData> {
  const names = options.train ?? true ? source.train : source.test;
  const record = count + 3 * PLANE;
  const files: FoundFile[] = [];
  for (const name of names) {
    const found = await read(source, name, options), { length } = found.bytes;
    if (length === 0 || length % record !== 0) {
      throw new TypeError(
        `Cannot read ${found.path}: it must hold records of ${record} bytes but has ${length}`,
      );
    }
    files.push(found);
  }
  const length = files.reduce((sum, { bytes }) => sum + bytes.length / record, 0);
  const images = new Uint8Array(length * 3 * PLANE), labels = new Uint8Array(length);
  let sample = 0;
  for (const { bytes, path } of files) {
    for (let at = 0; at < bytes.length; at += record, sample++) {
      const label = bytes[at + use]!;
      if (label >= classes) {
        throw new RangeError(
          `Cannot read ${path}: labels must be below ${classes} but that of record ${
            at / record
          } is ${label}`,
        );
      }
      labels[sample] = label;
      const to = sample * 3 * PLANE;
      for (let c = 0; c < 3; c++) {
        const plane = at + count + c * PLANE;
        for (let p = 0; p < PLANE; p++) images[to + 3 * p + c] = bytes[plane + p]!;
      }
    }
  }
  return { images, labels, height: SIDE, width: SIDE, channels: 3 };
}

/**
 * CIFAR-10: 60,000 photographs of 32 x 32 RGB pixels in 10 classes, by A. Krizhevsky (2009). Reads the binary version;
 * a download is checked by the MD5 that its author publishes.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Cifar10, ToTensor } from "@troodon/datasets";
 *
 * const open = () => Cifar10.open({ root: "/nowhere", offline: true, transform: new ToTensor() });
 * await assertRejects(open, Deno.errors.NotFound, "/nowhere/cifar-10-batches-bin/data_batch_1.bin");
 * ```
 */
export class Cifar10<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
  ];

  /**
   * Reads one split, from the disk or, if asked to, from the network.
   *
   * @throws {Deno.errors.NotFound} If a file is not there and may not, or cannot, be downloaded.
   * @throws {TypeError} If a file is damaged.
   * @throws {RangeError} If a label is above 9.
   */
  static async open<T = Image>(options: CifarOptions<T>): Promise<Cifar10<T>> {
    options = readOptions("Cifar10.open()", options, CIFAR_OPTIONS);
    return new Cifar10(
      await open(CIFAR10, options, { labels: 1, use: 0, classes: 10 }),
      pickOptions(options, TRANSFORM_OPTIONS),
    );
  }
}

/** CIFAR-100: as {@linkcode Cifar10}, in 100 classes, or in their 20 superclasses. */
export class Cifar100<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[];

  private constructor(data: LabeledImagesData, classes: readonly string[], options: TransformOptions<T>) {
    super(data, options);
    this.classes = classes;
  }

  /**
   * See {@linkcode Cifar10.open}. The names of the classes are read from the file that comes with the images.
   *
   * @throws {Deno.errors.NotFound} If a file is not there and may not, or cannot, be downloaded.
   * @throws {TypeError} If a file is damaged.
   * @throws {RangeError} If a label is too large.
   */
  static async open<T = Image>(options: Cifar100Options<T>): Promise<Cifar100<T>> {
    options = readOptions("Cifar100.open()", options, CIFAR100_OPTIONS);
    const { coarse = false } = options;
    const classes = coarse ? 20 : 100;
    const data = await open(CIFAR100, options, { labels: 2, use: coarse ? 0 : 1, classes });
    const file = `${coarse ? "coarse" : "fine"}_label_names.txt`;
    const { bytes, path } = await read(CIFAR100, file, options);
    const names = new TextDecoder().decode(bytes).trim().split(/\r?\n/);
    if (names.length !== classes) {
      throw new TypeError(`Cannot read ${path}: it must have ${classes} lines but has ${names.length}`);
    }
    return new Cifar100(data, names, pickOptions(options, TRANSFORM_OPTIONS));
  }
}
