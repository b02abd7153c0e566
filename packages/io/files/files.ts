/** Files by their paths, of whatever runtime there is. */

/** Kinds of what a path can name, as errors call them. */
export type FileKind = "a file" | "a folder" | "a FIFO" | "a socket" | "a device" | "no regular file";

/** State of what a path names; links are followed. */
export interface FileStatus {
  /** The kind of the file. */
  readonly kind: FileKind;
  /** Number of bytes. */
  readonly size: number;
  /** Time of the last change; null if unknown. */
  readonly modified: Date | null;
}

/** Entry of a folder. */
export interface FolderEntry {
  /** Name of the entry, without the folder. */
  readonly name: string;
  /** True for folders, but not for links to them. */
  readonly isDirectory: boolean;
  /** True for symbolic links. */
  readonly isSymlink: boolean;
}

/** File that is open for reading. Whoever opened it disposes of it. */
export interface ReadableFile extends Disposable {
  /** Number of bytes when the file was opened. */
  readonly size: number;
  /** Reads into `target` from the place `start` on; resolves to the number of bytes read, 0 at the end. */
  read(target: Uint8Array<ArrayBuffer>, start: number): Promise<number>;
}

/** File that is open for writing at its end. Whoever opened it disposes of it. */
export interface WritableFile extends Disposable {
  /**
   * Writes all bytes, or none of them where the disk has no room for all.
   *
   * @throws {RangeError} If the disk is full; {@linkcode isDiskFull} is true of the error.
   */
  writeSync(bytes: Uint8Array): void;
  /** Resolves when what was written has reached the disk. */
  sync(): Promise<void>;
}

/**
 * Files of a runtime: those of Deno, of Node and Bun, or the private files of a page's origin. Errors are of the classes of
 * {@linkcode fileErrors}. Methods ending in `Sync` throw a TypeError in a page.
 */
export interface Files {
  /** False if methods ending in `Sync` throw, as in a page. */
  readonly canReadSync: boolean;
  /** Returns the state of a file. */
  status(path: string): Promise<FileStatus>;
  /** Synchronous version of {@linkcode Files.status}. */
  statusSync(path: string): FileStatus;
  /** Reads a whole file. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Synchronous version of {@linkcode Files.read}. */
  readSync(path: string): Uint8Array<ArrayBuffer>;
  /** Opens a file for reading parts of it. */
  open(path: string): Promise<ReadableFile>;
  /**
   * Writes a file, whole or not at all: whoever reads it meanwhile sees the old file or the new one.
   *
   * @throws {RangeError} If the disk is full; {@linkcode isDiskFull} is true of the error.
   */
  replace(path: string, bytes: Uint8Array): Promise<void>;
  /** Opens a file for writing at its end. */
  append(path: string): Promise<WritableFile>;
  /** Creates a file that does not exist, for writing. */
  createNewSync(path: string): WritableFile;
  /** Gives a file a second name. */
  link(path: string, name: string): Promise<void>;
  /** Lists a folder, in no order. */
  list(path: string): Promise<FolderEntry[]>;
  /** Synchronous version of {@linkcode Files.list}. */
  listSync(path: string): FolderEntry[];
  /** Returns the path with all links resolved. */
  realPathSync(path: string): string;
  /** Makes a folder, and those above it, where they are missing. */
  makeFolder(path: string): Promise<void>;
  /** Synchronous version of {@linkcode Files.makeFolder}. */
  makeFolderSync(path: string): void;
  /** Removes a file. */
  remove(path: string): Promise<void>;
  /**
   * Locks a file, which is created and removed again with the lock; null if another process, or this one, holds it. The lock
   * ends with the process, however that ends. A page has locks of its origin, without a file.
   */
  lock(path: string): Promise<Disposable | null>;
  /** Returns true while a lock is held, by this process or another one. */
  isLocked(path: string): Promise<boolean>;
}
