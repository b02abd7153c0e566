/** Files of Node and Bun. */
import { asFileError, fileErrors } from "./file_errors.ts";
import { wordDiskFull } from "../full_disk.ts";
import { draftOf } from "./draft.ts";
import type { FileKind, Files, FileStatus, FolderEntry, ReadableFile, WritableFile } from "./files.ts";
import type { NodeEntry, NodeFs, NodeHandle, NodeProcess, NodeStats } from "./node_fs.ts";
import { folderOf } from "./path.ts";

function kindOf(stats: NodeStats): FileKind {
  if (stats.isFile()) return "a file";
  if (stats.isDirectory()) return "a folder";
  if (stats.isFIFO()) return "a FIFO";
  if (stats.isSocket()) return "a socket";
  return stats.isCharacterDevice() || stats.isBlockDevice() ? "a device" : "no regular file";
}

const statusOf = (stats: NodeStats): FileStatus => ({
  kind: kindOf(stats),
  size: stats.size,
  modified: stats.mtime,
});

const entryOf = (entry: NodeEntry): FolderEntry => ({
  name: entry.name,
  isDirectory: entry.isDirectory(),
  isSymlink: entry.isSymbolicLink(),
});

/** The bytes of a Buffer, which may lie in memory that it shares with others. */
const plain = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);

class NodeReadable implements ReadableFile {
  readonly #file: NodeHandle;

  constructor(file: NodeHandle, readonly size: number) {
    this.#file = file;
  }

  async read(target: Uint8Array<ArrayBuffer>, start: number): Promise<number> {
    return (await this.#file.read(target, 0, target.length, start)).bytesRead;
  }

  [Symbol.dispose](): void {
    void this.#file.close();
  }
}

/** Returns the files of Node or Bun, with errors as {@linkcode fileErrors} has them. */
export function nodeFiles(fs: NodeFs, process: NodeProcess): Files {
  const { promises } = fs;

  async function open(path: string): Promise<ReadableFile> {
    const file = await promises.open(path, "r");
    try {
      return new NodeReadable(file, (await file.stat()).size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async function replace(path: string, bytes: Uint8Array): Promise<void> {
    const draft = draftOf(path);
    let written = 0;
    try {
      const file = await promises.open(draft, "wx");
      try {
        while (written < bytes.length) {
          written += (await file.write(bytes, written, bytes.length - written)).bytesWritten;
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await promises.rename(draft, path);
    } catch (error) {
      await promises.unlink(draft).catch(() => {});
      throw wordDiskFull(error, path, bytes.length, written);
    }
    await syncFolder(folderOf(path));
  }

  async function syncFolder(path: string): Promise<void> {
    try {
      const folder = await promises.open(path, "r");
      await folder.sync().finally(() => folder.close());
    } catch {
      // Windows does not open folders.
    }
  }

  function writable(path: string, flags: "a" | "wx"): WritableFile {
    const file = fs.openSync(path, flags);
    return {
      writeSync: (bytes) => {
        const { size } = fs.statSync(path);
        let written = 0;
        try {
          while (written < bytes.length) written += fs.writeSync(file, bytes, written);
        } catch (error) {
          if (written > 0) fs.truncateSync(path, size);
          throw wordDiskFull(error, path, bytes.length, written);
        }
      },
      sync: () => Promise.resolve(fs.fsyncSync(file)),
      [Symbol.dispose]: () => fs.closeSync(file),
    };
  }

  /** Locks by a file that holds the number of its process, as Node has no locks of the system. */
  function lock(path: string): Disposable | null {
    for (;;) {
      try {
        fs.writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
        return { [Symbol.dispose]: () => fs.rmSync(path, { force: true }) };
      } catch (error) {
        if (!(asFileError(error, path) instanceof fileErrors().AlreadyExists)) throw error;
      }
      if (isLocked(path)) return null;
      fs.rmSync(path, { force: true });
    }
  }

  function isLocked(path: string): boolean {
    try {
      return isAlive(Number(fs.readFileSync(path, "utf8")));
    } catch {
      return false;
    }
  }

  function isAlive(pid: number): boolean {
    if (!Number.isInteger(pid) || pid <= 0) return false;
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      // Another user's process may not be signaled.
      return (error as { readonly code?: string }).code === "EPERM";
    }
  }

  async function named<T>(path: string, work: () => Promise<T> | T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asFileError(error, path);
    }
  }

  function namedSync<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asFileError(error, path);
    }
  }

  return {
    canReadSync: true,
    status: (path) => named(path, async () => statusOf(await promises.stat(path))),
    statusSync: (path) => namedSync(path, () => statusOf(fs.statSync(path))),
    read: (path) => named(path, async () => plain(await promises.readFile(path))),
    readSync: (path) => namedSync(path, () => plain(fs.readFileSync(path))),
    open: (path) => named(path, () => open(path)),
    replace: (path, bytes) => named(path, () => replace(path, bytes)),
    append: (path) => named(path, () => writable(path, "a")),
    createNewSync: (path) => namedSync(path, () => writable(path, "wx")),
    link: (path, name) => named(path, () => promises.link(path, name)),
    list: (path) =>
      named(path, async () => (await promises.readdir(path, { withFileTypes: true })).map(entryOf)),
    listSync: (path) => namedSync(path, () => fs.readdirSync(path, { withFileTypes: true }).map(entryOf)),
    realPathSync: (path) => namedSync(path, () => fs.realpathSync(path)),
    makeFolder: (path) => named(path, async () => void await promises.mkdir(path, { recursive: true })),
    makeFolderSync: (path) => namedSync(path, () => void fs.mkdirSync(path, { recursive: true })),
    remove: (path) => named(path, () => promises.unlink(path)),
    lock: (path) => named(path, () => lock(path)),
    isLocked: (path) => named(path, () => isLocked(path)),
  };
}
