/** Files below a folder of classes, except those that operating systems and programs create there. */
import { runtimeFiles } from "@troodon/io";

/** File or folder that was skipped, with the reason. */
export interface SkippedFile {
  /** Path of the file. */
  readonly path: string;
  /** Message of the error that reading it caused. */
  readonly reason: string;
}

/** Entry of a folder. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isDirectory: boolean;
  /** Error message if it is a link that is broken or leads back to a folder that contains it. */
  readonly broken: string | null;
}

/**
 * Names of files and folders that operating systems and programs create beside images, in addition to
 * dotfiles.
 */
const LEFT_BEHIND: readonly string[] = [
  "__MACOSX",
  "__pycache__",
  "@eaDir",
  "#recycle",
  "$RECYCLE.BIN",
  "System Volume Information",
  "lost+found",
  "Thumbs.db",
  "ehthumbs.db",
  "desktop.ini",
];

/** Returns true for names of files and folders that operating systems and programs create. */
export const isLeftBehind = (name: string): boolean =>
  name.startsWith(".") || LEFT_BEHIND.some((other) => other.toLowerCase() === name.toLowerCase());

/** Orders names by their code units, as Python does. */
export const byCodeUnits = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** Image files of classes, and skipped files. */
export interface ClassFiles {
  /** Files and folders created by operating systems and programs. */
  readonly leftBehind: string[];
  /** Broken or circular links, and folders that cannot be read. */
  readonly skipped: SkippedFile[];
  /** Returns the names of the classes, sorted. */
  classes(): string[];
  /** Returns the paths of the images of a class: those of a folder precede those of its subfolders. */
  filesOf(name: string): string[];
}

/** Lists the files of classes, and records the ones that are skipped. */
export class FolderFiles implements ClassFiles {
  /** Files and folders created by operating systems and programs. */
  readonly leftBehind: string[] = [];
  /** Broken or circular links, and folders that cannot be read. */
  readonly skipped: SkippedFile[] = [];
  readonly #root: string;
  readonly #extensions: readonly string[];
  readonly #skip: boolean;

  /**
   * Creates a lister that has found no files yet.
   *
   * @param skip If true, broken and circular links are skipped instead of causing errors.
   */
  constructor(root: string, extensions: readonly string[], skip: boolean) {
    this.#root = root;
    this.#extensions = extensions;
    this.#skip = skip;
  }

  /** Returns the names of the folders in the root, sorted: each is a class. */
  classes(): string[] {
    const entries = this.#list(this.#root, runtimeFiles().realPathSync(this.#root));
    for (const { path, broken } of entries) {
      if (broken !== null && !this.#isImage(path)) this.#refuse(path, broken);
    }
    return entries.filter((entry) => entry.isDirectory).map(({ name }) => name);
  }

  /**
   * Returns the files below a class with one of the extensions: those of a folder precede those of its
   * subfolders.
   */
  filesOf(name: string): string[] {
    const path = `${this.#root}/${name}`, files: string[] = [];
    try {
      this.#collect(path, runtimeFiles().realPathSync(path), files);
    } catch (error) {
      if (!this.#skip) throw error;
      this.skipped.push({ path, reason: messageOf(error) });
    }
    return files;
  }

  #isImage(name: string): boolean {
    return this.#extensions.some((end) => name.toLowerCase().endsWith(end));
  }

  #refuse(path: string, reason: string): void {
    if (this.#skip) this.skipped.push({ path, reason });
    else {throw new TypeError(
        `Cannot open ${this.#root} as an image folder as ${path} cannot be followed: ${reason}`,
      );}
  }

  /** Lists the entries of `folder`, sorted, following links; `real` is its path with links resolved. */
  #list(folder: string, real: string): Entry[] {
    const entries: Entry[] = [];
    for (const { name, isDirectory, isSymlink } of runtimeFiles().listSync(folder)) {
      const path = `${folder}/${name}`;
      if (isLeftBehind(name)) this.leftBehind.push(path);
      else if (!isSymlink) entries.push({ name, path, isDirectory, broken: null });
      else entries.push({ name, path, ...followed(path, real) });
    }
    return entries.sort((a, b) => byCodeUnits(a.name, b.name));
  }

  #collect(folder: string, real: string, into: string[]): void {
    const entries = this.#list(folder, real);
    for (const { name, path, isDirectory, broken } of entries) {
      if (isDirectory) continue;
      // An unreadable image is an error only when it is loaded, whether it is a file or a link.
      if (this.#isImage(name)) into.push(path);
      else if (broken !== null) this.#refuse(path, broken);
    }
    for (const { path, isDirectory } of entries) {
      if (!isDirectory) continue;
      try {
        this.#collect(path, runtimeFiles().realPathSync(path), into);
      } catch (error) {
        if (!this.#skip) throw error;
        this.skipped.push({ path, reason: messageOf(error) });
      }
    }
  }
}

/** Follows a link, unless it leads to a folder that contains it, which would recurse forever. */
function followed(path: string, real: string): Pick<Entry, "isDirectory" | "broken"> {
  try {
    const isDirectory = runtimeFiles().statusSync(path).kind === "a folder";
    if (!isDirectory) return { isDirectory, broken: null };
    const target = runtimeFiles().realPathSync(path);
    const around = `${real}/`.startsWith(`${target}/`);
    return around
      ? { isDirectory: false, broken: `it leads back to ${target}` }
      : { isDirectory, broken: null };
  } catch (error) {
    return { isDirectory: false, broken: messageOf(error) };
  }
}
