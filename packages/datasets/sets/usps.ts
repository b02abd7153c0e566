/** USPS: digits of envelopes. */
import {
  download,
  fileErrors,
  inflateBzip2,
  isNotFound,
  md5 as digestOf,
  requireFile,
  runtimeFiles,
} from "@troodon/io";
import { pickOptions, readOptions } from "@troodon/core/kernel";
import type { Image } from "../image.ts";
import { MNIST_OPTIONS, type MnistOptions } from "./idx_source.ts";
import { LabeledImages, type LabeledImagesData, TRANSFORM_OPTIONS } from "./labeled_images.ts";

const MIRRORS = ["https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/"];
const FILES = {
  train: { name: "usps.bz2", md5: "ec16c51db3855ca6c91edd34d0e9b197" },
  test: { name: "usps.t.bz2", md5: "8ea070ee2aca1ac39742fdd1ef5ed118" },
} as const;
const SIDE = 16, SIZE = SIDE * SIDE;
/** Most bytes of a file, compressed and not: the training samples have 6.6 and 26 MB. */
const LARGEST_PACKED = 2 ** 24, LARGEST = 2 ** 27;

async function fetchOrRead(
  { root, train = true, ...options }: MnistOptions<unknown>,
): Promise<[string, Uint8Array]> {
  const { name, md5 } = FILES[train ? "train" : "test"], path = `${root}/${name}`;
  try {
    await requireFile(path);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const { offline = false, mirrors = MIRRORS } = options;
    if (offline || !options.download) {
      throw new (fileErrors().NotFound)(
        `Cannot open USPS as ${path} is not there` +
          (offline ? ", and { offline: true } forbids downloading it" : ": { download: true } fetches it"),
      );
    }
    await download({
      urls: mirrors.map((mirror) => `${mirror}${name}`),
      path,
      limit: LARGEST_PACKED,
      check: (bytes) => {
        const digest = digestOf(bytes);
        return Promise.resolve(digest === md5 ? null : `its MD5 must be ${md5} but is ${digest}`);
      },
    });
  }
  return [path, inflateBzip2(await runtimeFiles().read(path), path, LARGEST)];
}

/** Reads lines of a label from 1 to 10 and 256 numbers in [-1, 1], each behind its place from 1. */
function parse(text: string, name: string): LabeledImagesData {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const images = new Uint8Array(lines.length * SIZE), labels = new Uint8Array(lines.length);
  if (lines.length === 0) throw new TypeError(`Cannot read ${name}: it has no lines`);
  lines.forEach((line, i) => {
    const [label, ...fields] = line.trim().split(/\s+/);
    if (!/^([1-9]|10)(\.0*)?$/.test(label!) || fields.length !== SIZE) {
      throw new TypeError(
        `Cannot read ${name}: line ${i + 1} must have a label from 1 to 10 and ${SIZE} numbers but has ` +
          `${JSON.stringify(label)} and ${fields.length}`,
      );
    }
    labels[i] = Number(label) - 1;
    fields.forEach((field, at) => {
      const [place, value] = field.split(":");
      if (Number(place) !== at + 1 || !(Number(value) >= -1 && Number(value) <= 1)) {
        throw new TypeError(
          `Cannot read ${name}: line ${i + 1} has ${JSON.stringify(field)} in place ${at + 1}`,
        );
      }
      // In float32, as torchvision calculates them.
      images[i * SIZE + at] = Math.fround(Math.fround(Math.fround(Math.fround(Number(value)) + 1) / 2) * 255);
    });
  });
  return { images, labels, height: SIDE, width: SIDE };
}

/**
 * USPS: 9,298 handwritten digits of 16 x 16 bytes, of envelopes of the US Postal Service (J. Hull, 1994). Downloads are
 * checked by the MD5 that torchvision has.
 *
 * @example
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Usps } from "@troodon/datasets";
 *
 * await assertRejects(() => Usps.open({ root: "/nowhere" }), Deno.errors.NotFound, "/nowhere/usps.bz2 is not there");
 * ```
 */
export class Usps<T = Image> extends LabeledImages<T> {
  /** The names of the classes. */
  readonly classes: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

  /**
   * Reads one split, `usps.bz2` or `usps.t.bz2` in `root`, from the disk or, if asked to, from the network.
   *
   * @throws {Deno.errors.NotFound} If the file is not there and may not, or cannot, be downloaded.
   * @throws {TypeError} If the file is damaged.
   */
  static async open<T = Image>(options: MnistOptions<T>): Promise<Usps<T>> {
    options = readOptions("Usps.open()", options, MNIST_OPTIONS);
    const [path, bytes] = await fetchOrRead(options);
    return new Usps(parse(new TextDecoder().decode(bytes), path), pickOptions(options, TRANSFORM_OPTIONS));
  }
}
