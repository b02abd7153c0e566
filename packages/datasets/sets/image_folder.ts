import { checkOpened } from "./opened.ts";
import type { Generator } from "@troodon/core";
import { type OptionKeys, readOptions, showAsText } from "@troodon/core/kernel";
import { checkIndex, type Dataset } from "../dataset.ts";
import type { Image } from "../image.ts";
import type { ImageSample, TransformOptions } from "./labelled_images.ts";
import { loadImage } from "../codec/load_image.ts";
import { showDataset } from "../show_dataset.ts";

/** Options of {@linkcode ImageFolder.open}. */
export interface ImageFolderOptions<T = Image> extends TransformOptions<T> {
  /** What reads a file (default {@linkcode loadImage}: RGB). */
  readonly loader?: (path: string) => Image | Promise<Image>;
  /**
   * What becomes of files that cannot be read: `"throw"` (default) when they are asked for, or `"skip"`, which
   * reads every file once at the beginning and leaves those out.
   */
  readonly onError?: "throw" | "skip";
  /** Endings of the files that count as images, in small letters (default: those of {@linkcode loadImage}'s kinds). */
  readonly extensions?: readonly string[];
}
const IMAGE_FOLDER_OPTIONS: OptionKeys<ImageFolderOptions<unknown>> = {
  loader: true,
  onError: true,
  extensions: true,
  transform: true,
  targetTransform: true,
};

/** Endings of the files that {@linkcode loadImage} reads. */
export const IMAGE_EXTENSIONS: readonly string[] = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

/** A file that was left out, and why. */
export interface SkippedFile {
  /** The file. */
  readonly path: string;
  /** What reading it said. */
  readonly reason: string;
}

const byCodeUnits = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

/** Names in a folder, sorted, with links followed. */
function list(folder: string): { name: string; isDirectory: boolean }[] {
  return [...Deno.readDirSync(folder)]
    .map(({ name, isDirectory, isSymlink }) => ({
      name,
      isDirectory: isSymlink ? Deno.statSync(`${folder}/${name}`).isDirectory : isDirectory,
    }))
    .sort((a, b) => byCodeUnits(a.name, b.name));
}

/** Files below `folder` that have one of the endings, the folder's own before those of its subfolders. */
function collect(folder: string, extensions: readonly string[], into: string[]): void {
  const entries = list(folder);
  for (const { name, isDirectory } of entries) {
    if (!isDirectory && extensions.some((end) => name.toLowerCase().endsWith(end))) {
      into.push(`${folder}/${name}`);
    }
  }
  for (const { name, isDirectory } of entries) {
    if (isDirectory) collect(`${folder}/${name}`, extensions, into);
  }
}

/**
 * Images in folders that are named after their classes: `root/cat/1.png`, `root/dog/pug/2.png`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { encodePng, Image, ImageFolder } from "@troodon/datasets";
 *
 * const root = await Deno.makeTempDir();
 * for (const name of ["dog", "cat"]) {
 *   await Deno.mkdir(`${root}/${name}`);
 *   await Deno.writeFile(`${root}/${name}/1.png`, encodePng(new Image(1, 1, 1, new Uint8Array(1))));
 * }
 * const dataset = await ImageFolder.open(root);
 * assertEquals(dataset.classes, ["cat", "dog"]);
 * assertEquals(dataset.samples[1], [`${root}/dog/1.png`, 1]);
 * await Deno.remove(root, { recursive: true });
 * ```
 */
export class ImageFolder<T = Image> implements Dataset<ImageSample<T>> {
  /** The names of the classes, sorted. */
  readonly classes: readonly string[];
  /** The number of each class. */
  readonly classToIdx: Readonly<Record<string, number>>;
  /** The file and class of each sample. */
  readonly samples: readonly (readonly [path: string, classIndex: number])[];
  /** The files that were left out. */
  readonly skipped: readonly SkippedFile[];
  readonly #root: string;
  readonly #options: ImageFolderOptions<T>;
  readonly #loader: (path: string) => Image | Promise<Image>;

  private constructor(
    classes: readonly string[],
    samples: readonly (readonly [string, number])[],
    skipped: readonly SkippedFile[],
    root: string,
    options: ImageFolderOptions<T>,
  ) {
    checkOpened("ImageFolder", Array.isArray(classes));
    options = readOptions(new.target.name, options, IMAGE_FOLDER_OPTIONS);
    this.classes = classes;
    this.classToIdx = Object.fromEntries(classes.map((name, i) => [name, i]));
    this.samples = samples;
    this.skipped = skipped;
    this.#root = root;
    this.#options = options;
    this.#loader = options.loader ?? ((path) => loadImage(path));
  }

  /**
   * Lists the images below `root`.
   *
   * @throws {RangeError} If there are no classes, or one of them has no images.
   * @throws {Deno.errors.NotFound} If there is no such folder.
   */
  static async open<T = Image>(root: string, options: ImageFolderOptions<T> = {}): Promise<ImageFolder<T>> {
    options = readOptions("ImageFolder.open()", options, IMAGE_FOLDER_OPTIONS);
    const { extensions = IMAGE_EXTENSIONS, onError = "throw", loader = (path) => loadImage(path) } = options;
    const classes = list(root).flatMap(({ name, isDirectory }) => isDirectory ? [name] : []);
    if (classes.length === 0) {
      throw new RangeError(`Cannot open ${root} as an image folder as it has no subfolders: each is a class`);
    }
    const samples: (readonly [string, number])[] = [];
    const skipped: SkippedFile[] = [];
    for (const [index, name] of classes.entries()) {
      const paths: string[] = [];
      collect(`${root}/${name}`, extensions, paths);
      const before = samples.length;
      for (const path of paths) {
        const reason = onError === "skip" ? await whyUnreadable(loader, path) : null;
        if (reason === null) samples.push([path, index]);
        else skipped.push({ path, reason });
      }
      if (samples.length === before) {
        throw new RangeError(
          `Cannot open ${root} as an image folder as its class ${JSON.stringify(name)} has no ` +
            `${paths.length ? "readable " : ""}files that end with ${extensions.join(", ")}`,
        );
      }
    }
    return new ImageFolder(classes, samples, skipped, root, options);
  }

  /** How many images there are. */
  get length(): number {
    return this.samples.length;
  }

  /** The class of each sample. */
  get targets(): number[] {
    return this.samples.map(([, index]) => index);
  }

  /** The sample at `index`, at once if the loader is. */
  get(index: number, generator?: Generator): ImageSample<T> | Promise<ImageSample<T>> {
    checkIndex(index, this.length);
    const [path, classIndex] = this.samples[index]!;
    const image = this.#loader(path);
    return image instanceof Promise
      ? image.then((image) => this.#sample(image, classIndex, generator))
      : this.#sample(image, classIndex, generator);
  }

  #sample(image: Image, classIndex: number, generator: Generator | undefined): ImageSample<T> {
    const { transform, targetTransform } = this.#options;
    return {
      // Without a transform, T is Image.
      image: transform ? transform.apply(image, generator) : image as T,
      label: targetTransform ? targetTransform(classIndex) : classIndex,
    };
  }

  /** Describes the dataset: number of images, root folder, classes and transform. */
  toString(): string {
    return showDataset(this, { root: this.#root, classes: this.classes, transform: this.#options.transform });
  }

  static {
    showAsText(this);
  }
}

async function whyUnreadable(
  loader: (path: string) => Image | Promise<Image>,
  path: string,
): Promise<string | null> {
  try {
    await loader(path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
