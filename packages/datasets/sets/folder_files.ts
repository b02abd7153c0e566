/** The files below a folder of classes, without those that systems and programs leave there. */

/** A file or folder that was left out, and why. */
export interface SkippedFile {
  /** The file. */
  readonly path: string;
  /** The error of reading it. */
  readonly reason: string;
}

/** What is in a folder. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly isDirectory: boolean;
  /** The error of following it, if it is a link that leads nowhere or back to where it is. */
  readonly broken: string | null;
}

/** Names of files and folders that systems and programs leave beside images; those that begin with a dot are among them. */
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

const isLeftBehind = (name: string): boolean =>
  name.startsWith(".") || LEFT_BEHIND.some((other) => other.toLowerCase() === name.toLowerCase());

const byCodeUnits = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error);

/** Lists the files of classes, and takes note of what is left out. */
export class FolderFiles {
  /** Files and folders that systems and programs left there. */
  readonly leftBehind: string[] = [];
  /** Links that lead nowhere or in circles, and folders that cannot be read. */
  readonly skipped: SkippedFile[] = [];
  readonly #root: string;
  readonly #extensions: readonly string[];
  readonly #skip: boolean;

  /**
   * Begins without any file.
   *
   * @param skip Whether links and folders that lead nowhere are skipped rather than errors.
   */
  constructor(root: string, extensions: readonly string[], skip: boolean) {
    this.#root = root;
    this.#extensions = extensions;
    this.#skip = skip;
  }

  /** The names of the folders in the root, sorted: each is a class. */
  classes(): string[] {
    const entries = this.#list(this.#root, Deno.realPathSync(this.#root));
    for (const { path, broken } of entries) {
      if (broken !== null && !this.#isImage(path)) this.#refuse(path, broken);
    }
    return entries.filter((entry) => entry.isDirectory).map(({ name }) => name);
  }

  /** The files below a class that have one of the endings: those of a folder come before those of its subfolders. */
  filesOf(name: string): string[] {
    const path = `${this.#root}/${name}`, files: string[] = [];
    try {
      this.#collect(path, Deno.realPathSync(path), files);
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

  /** What is in `folder`, sorted, with links followed; `real` is its path without links. */
  #list(folder: string, real: string): Entry[] {
    const entries: Entry[] = [];
    for (const { name, isDirectory, isSymlink } of Deno.readDirSync(folder)) {
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
      // What cannot be read is an error when it is asked for, as for files that are there.
      if (this.#isImage(name)) into.push(path);
      else if (broken !== null) this.#refuse(path, broken);
    }
    for (const { path, isDirectory } of entries) {
      if (!isDirectory) continue;
      try {
        this.#collect(path, Deno.realPathSync(path), into);
      } catch (error) {
        if (!this.#skip) throw error;
        this.skipped.push({ path, reason: messageOf(error) });
      }
    }
  }
}

/** Where a link leads; not to a folder that it is in itself, which would have no end. */
function followed(path: string, real: string): Pick<Entry, "isDirectory" | "broken"> {
  try {
    const { isDirectory } = Deno.statSync(path);
    if (!isDirectory) return { isDirectory, broken: null };
    const target = Deno.realPathSync(path);
    const around = `${real}/`.startsWith(`${target}/`);
    return around
      ? { isDirectory: false, broken: `it leads back to ${target}` }
      : { isDirectory, broken: null };
  } catch (error) {
    return { isDirectory: false, broken: messageOf(error) };
  }
}
