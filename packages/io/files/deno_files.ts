/** Files of Deno. */
import { wordDiskFull } from "../full_disk.ts";
import { draftOf } from "./draft.ts";
import type { FileKind, Files, FileStatus, FolderEntry, ReadableFile, WritableFile } from "./files.ts";
import { folderOf } from "./path.ts";

function kindOf(info: Deno.FileInfo): FileKind {
  if (info.isFile) return "a file";
  if (info.isDirectory) return "a folder";
  if (info.isFifo) return "a FIFO";
  if (info.isSocket) return "a socket";
  return info.isCharDevice || info.isBlockDevice ? "a device" : "no regular file";
}

const statusOf = (info: Deno.FileInfo): FileStatus => ({
  kind: kindOf(info),
  size: info.size,
  modified: info.mtime,
});

class DenoReadable implements ReadableFile {
  readonly #file: Deno.FsFile;

  constructor(file: Deno.FsFile, readonly size: number) {
    this.#file = file;
  }

  async read(target: Uint8Array<ArrayBuffer>, start: number): Promise<number> {
    await this.#file.seek(start, Deno.SeekMode.Start);
    return await this.#file.read(target) ?? 0;
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

class DenoWritable implements WritableFile {
  readonly #file: Deno.FsFile;
  readonly #path: string;

  constructor(file: Deno.FsFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  writeSync(bytes: Uint8Array): void {
    const { length } = bytes, { size } = this.#file.statSync();
    let written = 0;
    try {
      while (written < length) written += this.#file.writeSync(bytes.subarray(written));
    } catch (error) {
      if (written > 0) this.#file.truncateSync(size);
      throw wordDiskFull(error, this.#path, length, written);
    }
  }

  sync(): Promise<void> {
    return this.#file.syncData();
  }

  [Symbol.dispose](): void {
    this.#file.close();
  }
}

async function open(path: string): Promise<ReadableFile> {
  const file = await Deno.open(path);
  try {
    return new DenoReadable(file, (await file.stat()).size);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Writes a file beside `path`, which takes its place when its bytes have reached the disk. */
async function replace(path: string, bytes: Uint8Array): Promise<void> {
  const draft = draftOf(path);
  let written = 0;
  try {
    {
      using file = await Deno.open(draft, { write: true, createNew: true });
      while (written < bytes.length) written += await file.write(bytes.subarray(written));
      await file.sync();
    }
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw wordDiskFull(error, path, bytes.length, written);
  }
  await syncFolder(folderOf(path));
}

async function syncFolder(path: string): Promise<void> {
  // Not by trying: that would ask whoever sits before the terminal.
  if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return;
  try {
    using folder = await Deno.open(path);
    await folder.sync();
  } catch {
    // Windows does not open folders.
  }
}

/** Locks by the operating system. */
async function lock(path: string): Promise<Disposable | null> {
  for (;;) {
    const file = await Deno.open(path, { read: true, write: true, create: true });
    let kept = false;
    try {
      // A file system without locks locks nobody out.
      if (!await lockSoon(file)) return null;
      kept = await isAt(file, path);
      if (!kept) continue;
      // The lock holds on a full disk as well.
      await file.truncate();
      await file.write(new TextEncoder().encode(`${Deno.pid}\n`)).catch(() => {});
      return { [Symbol.dispose]: () => unlock(file, path) };
    } finally {
      if (!kept) file.close();
    }
  }
}

/** Milliseconds between attempts to lock: whoever asks for locks holds one for an instant. */
const PAUSES = [10, 20, 40] as const;

/** Locks a file that nobody else has locked for longer than an instant; returns false otherwise. */
async function lockSoon(file: Deno.FsFile): Promise<boolean> {
  const lock = (): Promise<boolean> => file.tryLock(true).catch(() => true);
  for (const pause of PAUSES) {
    if (await lock()) return true;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return await lock();
}

async function isLocked(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path);
    // A shared one: asking twice at once finds nobody.
    return !await file.tryLock(false);
  } catch {
    return false;
  }
}

function unlock(file: Deno.FsFile, path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Somebody has removed it: the lock ends all the same.
  }
  file.close();
}

/** Returns true if `path` is still `file`: whoever held the lock may have removed it since it was opened. */
async function isAt(file: Deno.FsFile, path: string): Promise<boolean> {
  const named = await Deno.stat(path).catch(() => null);
  return named !== null && named.ino === (await file.stat()).ino;
}

async function list(path: string): Promise<FolderEntry[]> {
  return await Array.fromAsync(Deno.readDir(path));
}

/** Returns the files of Deno. */
export function denoFiles(): Files {
  return {
    canReadSync: true,
    status: async (path) => statusOf(await Deno.stat(path)),
    statusSync: (path) => statusOf(Deno.statSync(path)),
    read: (path) => Deno.readFile(path),
    readSync: (path) => Deno.readFileSync(path),
    open,
    replace,
    append: async (path) => new DenoWritable(await Deno.open(path, { append: true }), path),
    createNewSync: (path) => new DenoWritable(Deno.openSync(path, { write: true, createNew: true }), path),
    link: (path, name) => Deno.link(path, name),
    list,
    listSync: (path) => [...Deno.readDirSync(path)],
    realPathSync: (path) => Deno.realPathSync(path),
    makeFolder: (path) => Deno.mkdir(path, { recursive: true }),
    makeFolderSync: (path) => Deno.mkdirSync(path, { recursive: true }),
    remove: (path) => Deno.remove(path),
    lock,
    isLocked,
  };
}
