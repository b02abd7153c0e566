/** Images of classes passed one by one, or stored in folders that must be read asynchronously, as in a page. */
import { showArgument } from "@troodon/core/kernel";
import { type FileLike, joinPath, runtimeFiles } from "@troodon/io";
import { byCodeUnits, type ClassFiles, isLeftBehind, type SkippedFile } from "./folder_files.ts";

/**
 * Files of classes: files chosen by the user of a page (`input.files` of an `<input type="file" webkitdirectory>`), or
 * files by name, `{ "cat/1.png": blob, "dog/1.png": url }`.
 */
export type ImageFiles = Iterable<Blob> | Readonly<Record<string, FileLike>>;

/** Files by path, each in the folder of its class. */
export class GivenFiles implements ClassFiles {
  readonly leftBehind: string[] = [];
  readonly skipped: SkippedFile[] = [];
  /** Folder of the files; empty if they were passed by name. */
  readonly root: string;
  readonly #files: ReadonlyMap<string, FileLike>;
  readonly #extensions: readonly string[];
  /** Paths of the images of each class, split into parts. */
  readonly #classes = new Map<string, string[][]>();

  /** Creates the classes of files by their paths below `root`; `folders` are classes that may be empty. */
  constructor(
    root: string,
    files: ReadonlyMap<string, FileLike>,
    extensions: readonly string[],
    folders: Iterable<string> = [],
  ) {
    this.root = root;
    this.#files = files;
    this.#extensions = extensions;
    for (const name of folders) if (!isLeftBehind(name)) this.#classes.set(name, []);
    const leftBehind = new Set<string>();
    for (const path of files.keys()) {
      const parts = path.split("/"), left = parts.findIndex(isLeftBehind), [name] = parts;
      if (left >= 0) leftBehind.add(this.#pathOf(parts.slice(0, left + 1)));
      else if (parts.length > 1) this.#add(name!, parts);
    }
    this.leftBehind.push(...[...leftBehind].sort(byCodeUnits));
  }

  #add(name: string, parts: string[]): void {
    const paths = this.#classes.get(name) ?? [], file = parts.at(-1)!.toLowerCase();
    if (this.#extensions.some((end) => file.endsWith(end))) paths.push(parts);
    this.#classes.set(name, paths);
  }

  #pathOf(parts: readonly string[]): string {
    return this.root === "" ? parts.join("/") : joinPath(this.root, parts.join("/"));
  }

  classes(): string[] {
    return [...this.#classes.keys()].sort(byCodeUnits);
  }

  filesOf(name: string): string[] {
    return this.#classes.get(name)!.sort(byFolders).map((parts) => this.#pathOf(parts));
  }

  /** Returns the file for a path from {@linkcode GivenFiles.filesOf}. */
  file(path: string): FileLike {
    return this.#files.get(this.root === "" ? path : path.slice(this.root.length + 1))!;
  }
}

/** Orders paths: the files of a folder precede those of its subfolders. */
function byFolders(a: readonly string[], b: readonly string[]): number {
  for (let i = 0;; i++) {
    const [endsA, endsB] = [a.length === i + 1, b.length === i + 1];
    if (endsA !== endsB) return endsA ? -1 : 1;
    const order = byCodeUnits(a[i]!, b[i]!);
    if (endsA || order !== 0) return order;
  }
}

/** Reads the classes of passed files, or of a folder that must be read asynchronously. */
export async function givenFiles(
  given: string | ImageFiles,
  extensions: readonly string[],
): Promise<GivenFiles> {
  if (typeof given === "string") return await storedFiles(given, extensions);
  if (typeof given !== "object" || given === null) {
    throw new TypeError(
      `Cannot open an image folder as there must be its path or files: current value is ${
        showArgument(given)
      }`,
    );
  }
  if (!isIterable(given)) return new GivenFiles("", new Map(Object.entries(given)), extensions);
  const files = new Map<string, FileLike>();
  let root = "";
  for (const file of given) {
    const { webkitRelativePath: path } = file as Blob & { readonly webkitRelativePath?: string };
    const [folder, ...parts] = path?.split("/") ?? [];
    if (!folder || parts.length === 0) {
      throw new TypeError(
        `Cannot open files as an image folder as each must say in which folder it is: ${
          showArgument(file)
        } does not, choose a folder by <input type="file" webkitdirectory>, or give { "cat/1.png": file }`,
      );
    }
    root = folder;
    files.set(parts.join("/"), file);
  }
  return new GivenFiles(root, files, extensions);
}

const isIterable = (given: ImageFiles): given is Iterable<Blob> => Symbol.iterator in given;

async function storedFiles(root: string, extensions: readonly string[]): Promise<GivenFiles> {
  const files = new Map<string, FileLike>(), folders: string[] = [];
  const walk = async (below: string): Promise<void> => {
    for (const { name, isDirectory } of await runtimeFiles().list(joinPath(root, below))) {
      const path = below === "" ? name : `${below}/${name}`;
      if (!isDirectory) files.set(path, joinPath(root, path));
      else {
        if (below === "") folders.push(name);
        if (!isLeftBehind(name)) await walk(path);
      }
    }
  };
  await walk("");
  return new GivenFiles(root, files, extensions, folders);
}
