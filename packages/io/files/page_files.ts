/** Private files of a page's origin (OPFS). */
import { asFileError } from "./file_errors.ts";
import type { Files, FileStatus, FolderEntry, ReadableFile } from "./files.ts";

/** Folder of the origin private file system. */
interface Folder {
  readonly kind: "directory";
  getDirectoryHandle(name: string, options?: { readonly create: boolean }): Promise<Folder>;
  getFileHandle(name: string, options?: { readonly create: boolean }): Promise<PageFile>;
  removeEntry(name: string): Promise<void>;
  entries(): AsyncIterable<readonly [name: string, handle: Folder | PageFile]>;
}

/** File of the origin private file system. */
interface PageFile {
  readonly kind: "file";
  getFile(): Promise<Blob & { readonly lastModified: number }>;
  createWritable(): Promise<{ write(bytes: Uint8Array): Promise<void>; close(): Promise<void> }>;
}

/** The part of `navigator.storage` that opens the private files. */
export interface PageStorage {
  /** Returns the root folder. */
  getDirectory(): Promise<unknown>;
}

class PageReadable implements ReadableFile {
  readonly #blob: Blob;
  readonly size: number;

  constructor(blob: Blob) {
    this.#blob = blob;
    this.size = blob.size;
  }

  async read(target: Uint8Array<ArrayBuffer>, start: number): Promise<number> {
    const bytes = new Uint8Array(await this.#blob.slice(start, start + target.length).arrayBuffer());
    target.set(bytes);
    return bytes.length;
  }

  [Symbol.dispose](): void {}
}

const partsOf = (path: string): string[] => path.split("/").filter((part) => part !== "" && part !== ".");

function refuseSync(path: string): never {
  throw new TypeError(
    `Cannot use ${path} at once as a page must read and write files asynchronously: give bytes, a Blob or a URL instead of a path`,
  );
}

/** Returns the private files of a page's origin; `storage` is `navigator.storage`. */
export function pageFiles(storage: PageStorage): Files {
  async function folderAt(parts: readonly string[], create = false): Promise<Folder> {
    let folder = await storage.getDirectory() as Folder;
    for (const part of parts) folder = await folder.getDirectoryHandle(part, { create });
    return folder;
  }

  async function fileAt(path: string, create = false): Promise<PageFile> {
    const parts = partsOf(path), name = parts.pop();
    if (name === undefined) throw new TypeError(`Cannot read ${path} as it must be a file: it is a folder`);
    return await (await folderAt(parts)).getFileHandle(name, { create });
  }

  async function status(path: string): Promise<FileStatus> {
    try {
      const { size, lastModified } = await (await fileAt(path)).getFile();
      return { kind: "a file", size, modified: new Date(lastModified) };
    } catch (error) {
      const isFolder = await folderAt(partsOf(path)).then(() => true, () => false);
      if (isFolder) return { kind: "a folder", size: 0, modified: null };
      throw error;
    }
  }

  async function replace(path: string, bytes: Uint8Array): Promise<void> {
    // Writes to a copy, which takes the place of the file when it is closed.
    const writable = await (await fileAt(path, true)).createWritable();
    await writable.write(bytes);
    await writable.close();
  }

  async function list(path: string): Promise<FolderEntry[]> {
    const entries: FolderEntry[] = [];
    for await (const [name, { kind }] of (await folderAt(partsOf(path))).entries()) {
      entries.push({ name, isDirectory: kind === "directory", isSymlink: false });
    }
    return entries;
  }

  async function remove(path: string): Promise<void> {
    const parts = partsOf(path), name = parts.pop();
    if (name !== undefined) await (await folderAt(parts)).removeEntry(name);
  }

  async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asFileError(error, path);
    }
  }

  const blobAt = async (path: string): Promise<Blob> => await (await fileAt(path)).getFile();
  return {
    status: (path) => named(path, () => status(path)),
    statusSync: refuseSync,
    read: (path) => named(path, async () => new Uint8Array(await (await blobAt(path)).arrayBuffer())),
    readSync: refuseSync,
    open: (path) => named(path, async () => new PageReadable(await blobAt(path))),
    replace: (path, bytes) => named(path, () => replace(path, bytes)),
    append: (path) =>
      Promise.reject(
        new TypeError(`Cannot write ${path} as a page must write files as a whole: use save() instead`),
      ),
    link: async (path, name) => await replace(name, new Uint8Array(await (await blobAt(path)).arrayBuffer())),
    list: (path) => named(path, () => list(path)),
    listSync: refuseSync,
    // The files of an origin have no links.
    realPathSync: (path) => path,
    makeFolder: (path) => named(path, async () => void await folderAt(partsOf(path), true)),
    remove: (path) => named(path, () => remove(path)),
    lock: (path) =>
      Promise.reject(
        new TypeError(`Cannot lock ${path} as a page must have locks of files: runs need Deno, Node or Bun`),
      ),
    createNewSync: refuseSync,
    makeFolderSync: refuseSync,
    isLocked: () => Promise.resolve(false),
  };
}
