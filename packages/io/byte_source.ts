/** Bytes of files that are read in parts. */
import type { ReadableFile } from "./files/files.ts";
import { folderOf, joinPath, pathOf } from "./files/path.ts";
import { runtimeFiles } from "./files/runtime_files.ts";
import { requireFile } from "./regular_file.ts";
import { bodyWithin, statedSize } from "./response_body.ts";
import { type TimeLimits, withinTime } from "./within_time.ts";

/** A file, by its path or its URL (`file:`, `https:`), or its contents. */
export type FileLike = string | URL | Blob | Uint8Array | ArrayBuffer;

/** Bytes of which any part can be read. Whoever opened it disposes of it. */
export interface ByteSource extends Disposable {
  /** The name of the file, for errors. */
  readonly name: string;
  /** Number of bytes. */
  readonly size: number;
  /**
   * The bytes from `start` up to but without `end`; they may share memory with what the source was made of.
   *
   * @throws {RangeError} If the file has become shorter than it was.
   */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Opens another file of the same folder.
   *
   * @throws {TypeError} If these are bytes without a folder.
   */
  beside(name: string): Promise<ByteSource>;
}

function nothingBeside({ name }: ByteSource, other: string): Promise<never> {
  return Promise.reject(
    new TypeError(
      `Cannot read ${other} as ${name} must be a file for that, by its path or URL: it has no folder`,
    ),
  );
}

/** Bytes in memory. */
class MemorySource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array, readonly name: string) {
    this.#bytes = bytes.buffer instanceof ArrayBuffer
      ? bytes as Uint8Array<ArrayBuffer>
      : new Uint8Array(bytes);
    this.size = bytes.length;
  }

  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return Promise.resolve(this.#bytes.subarray(start, end));
  }

  beside(name: string): Promise<ByteSource> {
    return nothingBeside(this, name);
  }

  [Symbol.dispose](): void {}
}

/** A Blob, which may be a file that a user chose in a page. */
class BlobSource implements ByteSource {
  readonly size: number;

  constructor(
    readonly blob: Blob,
    readonly name: string,
    readonly url: URL | null = null,
    readonly limits: TimeLimits = {},
  ) {
    this.size = blob.size;
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.blob.slice(start, end).arrayBuffer());
  }

  beside(name: string): Promise<ByteSource> {
    return this.url === null
      ? nothingBeside(this, name)
      : openBytes(new URL(encodeURIComponent(name), this.url), undefined, this.limits);
  }

  [Symbol.dispose](): void {}
}

/** An open file. */
class OpenFile implements ByteSource {
  // Reads move the place in the file, so that they come one after the other.
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly file: ReadableFile,
    readonly path: string,
    readonly name: string,
  ) {}

  get size(): number {
    return this.file.size;
  }

  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const reading = this.#last.then(() => this.#read(start, end));
    this.#last = reading.catch(() => {});
    return reading;
  }

  async #read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(end - start);
    for (let at = 0; at < bytes.length;) {
      const count = await this.file.read(bytes.subarray(at), start + at);
      if (count === 0) {
        throw new RangeError(
          `Cannot read ${this.name} as it must have ${this.size} bytes: it has become shorter`,
        );
      }
      at += count;
    }
    return bytes;
  }

  beside(name: string): Promise<ByteSource> {
    return openBytes(joinPath(folderOf(this.path), name));
  }

  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}

/** Maximum size in bytes of a response whose server states no size. */
const LARGEST_UNSTATED = 2 ** 31;

/**
 * Opens a file for reading parts of it. A file from the network is fetched as a whole, up to the size that
 * the server states, or else up to 2 GiB, and within the time `limits`, as servers may stop sending.
 *
 * @param name The name of the file for errors; by default its path, URL or the name of the File.
 * @param limits Time limits of a server: by default 10 seconds to answer and 10 minutes for the whole file.
 * @throws {Deno.errors.NotFound} If there is no such file; see {@linkcode fileErrors}.
 * @throws {TypeError} If it is a folder, FIFO, socket or device, or the server does not have it or is too
 * slow.
 *
 * @example The end of a file
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { openBytes } from "@troodon/io";
 *
 * using source = await openBytes(new TextEncoder().encode("weights"));
 * assertEquals(new TextDecoder().decode(await source.read(4, source.size)), "hts");
 * ```
 */
export async function openBytes(file: FileLike, name?: string, limits: TimeLimits = {}): Promise<ByteSource> {
  if (file instanceof ArrayBuffer) return new MemorySource(new Uint8Array(file), name ?? "the bytes");
  if (ArrayBuffer.isView(file)) return new MemorySource(file, name ?? "the bytes");
  if (file instanceof Blob) {
    return new BlobSource(file, name ?? (file instanceof File && file.name ? file.name : "the Blob"));
  }
  const url = file instanceof URL ? file : /^(https?|data|blob):/i.test(file) ? new URL(file) : null;
  if (url !== null && url.protocol !== "file:") {
    return await fetched(url, name ?? url.href.slice(0, 200), limits);
  }
  const path = url === null ? file as string : pathOf(url);
  await requireFile(path, name ?? path);
  return new OpenFile(await runtimeFiles().open(path), path, name ?? path);
}

/**
 * Returns the body of a response; at most {@linkcode LARGEST_UNSTATED} bytes if the server states no size.
 */
async function bodyOf(response: Response, name: string): Promise<Blob> {
  try {
    return await bodyWithin(response, statedSize(response) ?? LARGEST_UNSTATED);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError(`Cannot read ${name} as ${error.message}, and the server does not say how many`, {
      cause: error,
    });
  }
}

async function fetched(url: URL, name: string, limits: TimeLimits): Promise<ByteSource> {
  try {
    return await withinTime(url, limits, async (response) => {
      if (response.ok) return new BlobSource(await bodyOf(response, name), name, url, limits);
      await response.body?.cancel();
      throw new TypeError(`Cannot read ${name} as the server must have it: HTTP status ${response.status}`);
    });
  } catch (error) {
    // Errors of fetch() and of time limits get the name of the file.
    if (!(error instanceof TypeError) || error.message.startsWith("Cannot")) throw error;
    throw new TypeError(`Cannot read ${name} as the server must send it: ${error.message}`, { cause: error });
  }
}
