import { checkOpened } from "./opened.ts";
import type { Generator } from "@troodon/core";
import { type OptionKeys, readOptions, showAsText } from "@troodon/core/kernel";
import { type FileLike, requireFileSync, runtimeFiles } from "@troodon/io";
import { checkIndex, type Dataset } from "../dataset.ts";
import type { Image } from "../image.ts";
import type { ImageSample, TransformOptions } from "./labeled_images.ts";
import {
  DECODE_IMAGE_OPTIONS,
  type DecodeImageOptions,
  loadGrayImage,
  loadImage,
  readImage,
} from "../codec/load_image.ts";
import { isWorker } from "../loader/workers/worker_module.ts";
import { FolderFiles, type SkippedFile } from "./folder_files.ts";
import { GivenFiles, givenFiles, type ImageFiles } from "./given_files.ts";
import { showDataset } from "../show_dataset.ts";

/**
 * Function that reads an image file, such as {@linkcode loadImage} or `loadGrayImage`: from its path, or from the
 * object passed to {@linkcode ImageFolder.open}.
 */
export type ImageLoader<F extends FileLike = string> = (
  file: F,
  options: DecodeImageOptions,
) => Image | Promise<Image>;

/** Options of {@linkcode ImageFolder.open}. */
export interface ImageFolderOptions<T = Image, F extends FileLike = string>
  extends TransformOptions<T>, DecodeImageOptions {
  /**
   * Function that reads a file (default {@linkcode loadImage}: RGB); receives `maxPixels` and `onWarning`.
   */
  readonly loader?: ImageLoader<F>;
  /**
   * Handling of files that cannot be read, including broken links: `"throw"` (default) throws when they are
   * accessed, `"skip"` reads every file once when the folder is opened and leaves those out.
   */
  readonly onError?: "throw" | "skip";
  /**
   * If true, classes may have no images; otherwise an empty class is an error that names it (default false).
   */
  readonly allowEmpty?: boolean;
  /**
   * Called with each warning about a damaged file, once per file, and with one warning about files that
   * operating systems and programs created in the folder (default `console.warn`).
   */
  readonly onWarning?: (message: string) => void;
  /** Endings of the files that count as images, in small letters (default: those of {@linkcode loadImage}'s kinds). */
  readonly extensions?: readonly string[];
}
const IMAGE_FOLDER_OPTIONS: OptionKeys<ImageFolderOptions<unknown>> = {
  loader: true,
  ...DECODE_IMAGE_OPTIONS,
  onError: true,
  allowEmpty: true,
  extensions: true,
  transform: true,
  targetTransform: true,
};

/** Endings of the files that {@linkcode loadImage} reads. */
export const IMAGE_EXTENSIONS: readonly string[] = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

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
  /** Files that were skipped because they cannot be read. */
  readonly skipped: readonly SkippedFile[];
  /** Files and folders that were skipped because they are not images, such as `.DS_Store` and `__MACOSX`. */
  readonly leftBehind: readonly string[];
  readonly #root: string;
  readonly #options: ImageFolderOptions<T>;
  readonly #read: (path: string) => Image | Promise<Image>;

  private constructor(root: string, options: ImageFolderOptions<T>, found: Found) {
    checkOpened("ImageFolder", typeof found === "object" && found !== null && Array.isArray(found.classes));
    const { classes, samples, skipped, leftBehind, read } = found;
    this.classes = classes;
    this.classToIdx = Object.fromEntries(classes.map((name, i) => [name, i]));
    this.samples = samples;
    this.skipped = skipped;
    this.leftBehind = leftBehind;
    this.#root = root;
    this.#options = options;
    this.#read = read;
  }

  /**
   * Lists the images below `root`, or of the passed files: in a page the folder that the user chose, or files by name.
   * A path in a page is one of its private files.
   *
   * @throws {RangeError} If there are no classes, or a class has no images and `allowEmpty` is not true.
   * @throws {TypeError} If a link is broken or circular, unless `onError` is `"skip"`; a link with the
   * extension of an image causes an error only when it is accessed.
   * @throws {Deno.errors.NotFound} If there is no such folder.
   */
  static open<T = Image>(
    files: ImageFiles,
    options?: ImageFolderOptions<T, FileLike>,
  ): Promise<ImageFolder<T>>;
  /** Lists the images below `root`. */
  static open<T = Image>(root: string, options?: ImageFolderOptions<T>): Promise<ImageFolder<T>>;
  static async open<T>(
    given: string | ImageFiles,
    options: ImageFolderOptions<T> = {},
  ): Promise<ImageFolder<T>> {
    options = readOptions("ImageFolder.open()", options, IMAGE_FOLDER_OPTIONS);
    const { extensions = IMAGE_EXTENSIONS, onError = "throw", allowEmpty = false, onWarning = console.warn } =
      options;
    const files = typeof given === "string" && runtimeFiles().canReadSync
      ? new FolderFiles(given, extensions, onError === "skip")
      : await givenFiles(given, extensions);
    const root = typeof given === "string" ? given : "root" in files && files.root || "the files";
    const read = reader(options, files instanceof GivenFiles ? files : null, onWarning);
    const classes = files.classes();
    if (classes.length === 0) {
      throw new RangeError(`Cannot open ${root} as an image folder as it has no subfolders: each is a class`);
    }
    const samples: (readonly [string, number])[] = [];
    for (const [index, name] of classes.entries()) {
      const paths = files.filesOf(name);
      const before = samples.length;
      for (const path of paths) {
        const reason = onError === "skip" ? await whyUnreadable(read, path) : null;
        if (reason === null) samples.push([path, index]);
        else files.skipped.push({ path, reason });
      }
      if (samples.length === before && !allowEmpty) {
        throw new RangeError(
          `Cannot open ${root} as an image folder as its class ${JSON.stringify(name)} has no ` +
            `${paths.length ? "readable " : ""}files that end with ${extensions.join(", ")}: ` +
            "{ allowEmpty: true } takes it",
        );
      }
    }
    const { leftBehind, skipped } = files;
    // Workers open the same folder again.
    if (leftBehind.length > 0 && !isWorker()) onWarning(aboutLeftBehind(root, leftBehind));
    return new ImageFolder(root, options, { classes, samples, skipped, leftBehind, read });
  }

  /** The number of images. */
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
    const image = this.#read(path);
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

/** Contents of a folder, with the function that reads its files. */
interface Found {
  readonly classes: readonly string[];
  readonly samples: readonly (readonly [path: string, classIndex: number])[];
  readonly skipped: readonly SkippedFile[];
  readonly leftBehind: readonly string[];
  readonly read: (path: string) => Image | Promise<Image>;
}

/** Binds the loader to its options; each distinct warning is reported once, over all epochs. */
function reader(
  { loader = loadImage, maxPixels }: Pick<ImageFolderOptions, "loader" | "maxPixels">,
  given: GivenFiles | null,
  onWarning: (message: string) => void,
): Found["read"] {
  const said = new Set<string>();
  const options: DecodeImageOptions = {
    ...(maxPixels !== undefined && { maxPixels }),
    onWarning: (message) => {
      if (said.has(message)) return;
      said.add(message);
      onWarning(message);
    },
  };
  if (given !== null) {
    const channels = loader === loadImage ? 3 : loader === loadGrayImage ? 1 : null;
    // Files that were passed require a loader for such objects.
    const load = loader as ImageLoader<FileLike>;
    return (path) =>
      channels === null
        ? load(given.file(path), options)
        : readImage(given.file(path), path, channels, options);
  }
  return (path) => {
    requireFileSync(path);
    return loader(path, options);
  };
}

/** Maximum number of paths that a message lists. */
const NAMED = 3;

function aboutLeftBehind(root: string, paths: readonly string[]): string {
  const named = paths.slice(0, NAMED).map((path) => path.slice(root.length + 1)).join(", ");
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
  return `Left out of ${root} as systems and programs leave them there: ${named}${more}`;
}

async function whyUnreadable(read: Found["read"], path: string): Promise<string | null> {
  try {
    await read(path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
