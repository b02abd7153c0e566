/** Private files of a page's origin (OPFS). */
import { wordDiskFull } from "../full_disk.ts";
import { asFileError } from "./file_errors.ts";
import type { Files, FileStatus, FolderEntry, ReadableFile, WritableFile } from "./files.ts";

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
  createWritable(options?: { readonly keepExistingData: boolean }): Promise<PageWritable>;
}

/** Copy of a file that replaces it when closed. */
interface PageWritable {
  write(bytes: Uint8Array): Promise<void>;
  seek(position: number): Promise<void>;
  close(): Promise<void>;
}

/** Part of `navigator.locks` used here: named locks of an origin, which end with the page. */
export interface PageLocks {
  /** Calls `hold` with a lock, or with null if the lock is taken; holds the lock until the promise resolves. */
  request(
    name: string,
    options: { readonly ifAvailable: true },
    hold: (lock: object | null) => Promise<void> | void,
  ): Promise<void>;
  /** Returns the locks that are held. */
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
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

/** Appends data to a file in order; callers need not wait. */
class PageAppender implements WritableFile {
  readonly #file: PageFile;
  readonly #pending: Set<Promise<void>>;
  /** Chunks that are not written yet. */
  #rest: Uint8Array[] = [];
  #writing: Promise<void> | null = null;

  /** Appends to `file`, and adds unfinished writes to `pending`. */
  constructor(file: PageFile, pending: Set<Promise<void>>) {
    this.#file = file;
    this.#pending = pending;
  }

  writeSync(bytes: Uint8Array): void {
    this.#rest.push(bytes.slice());
    // Failed writes are retried and reported by sync().
    this.#write().catch(() => {});
  }

  async sync(): Promise<void> {
    while (this.#rest.length > 0) await this.#write();
  }

  #write(): Promise<void> {
    if (this.#writing !== null) return this.#writing;
    const writing = this.#writeRest().finally(() => {
      this.#writing = null;
      this.#pending.delete(writing);
    });
    this.#pending.add(writing);
    return this.#writing = writing;
  }

  async #writeRest(): Promise<void> {
    while (this.#rest.length > 0) {
      const rest = this.#rest.slice(), { size } = await this.#file.getFile();
      const writable = await this.#file.createWritable({ keepExistingData: true });
      await writable.seek(size);
      for (const bytes of rest) await writable.write(bytes);
      await writable.close();
      this.#rest = this.#rest.slice(rest.length);
    }
  }

  [Symbol.dispose](): void {}
}

const partsOf = (path: string): string[] => path.split("/").filter((part) => part !== "" && part !== ".");

function refuseSync(path: string): never {
  throw new TypeError(
    `Cannot use ${path} at once as a page must read and write files asynchronously: give bytes, a Blob or a URL instead of a path`,
  );
}

const nameOf = (path: string): string => `troodon:${partsOf(path).join("/")}`;

/** Returns the private files of a page's origin; `storage` is `navigator.storage`, `locks` is `navigator.locks`. */
export function pageFiles(storage: PageStorage, locks?: PageLocks): Files {
  /** Unfinished appends. */
  const pending = new Set<Promise<void>>();

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
    try {
      await writable.write(bytes);
      await writable.close();
    } catch (error) {
      throw wordDiskFull(error, path, bytes.length, 0);
    }
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

  async function lock(path: string): Promise<Disposable | null> {
    if (locks === undefined) {
      throw new TypeError(`Cannot lock ${path} as the page must have locks: it must be served by https`);
    }
    const taken = Promise.withResolvers<boolean>(), released = Promise.withResolvers<void>();
    locks.request(nameOf(path), { ifAvailable: true }, (lock) => {
      taken.resolve(lock !== null);
      if (lock !== null) return released.promise;
    }).catch(taken.reject);
    if (!await taken.promise) return null;
    return {
      [Symbol.dispose]: () => void Promise.allSettled(pending).then(() => released.resolve()),
    };
  }

  async function isLocked(path: string): Promise<boolean> {
    const { held = [] } = await locks?.query() ?? {};
    return held.some(({ name }) => name === nameOf(path));
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
    canReadSync: false,
    status: (path) => named(path, () => status(path)),
    statusSync: refuseSync,
    read: (path) => named(path, async () => new Uint8Array(await (await blobAt(path)).arrayBuffer())),
    readSync: refuseSync,
    open: (path) => named(path, async () => new PageReadable(await blobAt(path))),
    replace: (path, bytes) => named(path, () => replace(path, bytes)),
    append: (path) => named(path, async () => new PageAppender(await fileAt(path, true), pending)),
    link: async (path, name) => await replace(name, new Uint8Array(await (await blobAt(path)).arrayBuffer())),
    list: (path) => named(path, () => list(path)),
    listSync: refuseSync,
    // The files of an origin have no links.
    realPathSync: (path) => path,
    makeFolder: (path) => named(path, async () => void await folderAt(partsOf(path), true)),
    remove: (path) => named(path, () => remove(path)),
    lock: (path) => named(path, () => lock(path)),
    createNewSync: refuseSync,
    makeFolderSync: refuseSync,
    isLocked,
  };
}
