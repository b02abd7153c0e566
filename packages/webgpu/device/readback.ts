/** Bytes from the GPU to the host. */
import type { GpuMemory } from "./gpu_memory.ts";
import type { GpuBuffer } from "./pool.ts";
import type { CommandStream } from "./stream.ts";

/** Bytes `start` to `end` of a buffer. */
export interface Piece {
  readonly buffer: GpuBuffer;
  readonly start: number;
  readonly end: number;
}

interface Placed {
  /** Where the piece begins in the staging buffer. */
  readonly at: number;
  readonly length: number;
}

/** Pieces on their way to the host. */
interface Copied {
  readonly staging: GPUBuffer;
  readonly placed: readonly Placed[];
  /** Bytes of the staging buffer that are in use. */
  readonly bytes: number;
}

/** Options of {@linkcode Readback}. */
export interface ReadbackOptions {
  /** Largest staging buffer, in bytes: what is larger is read in parts. 256 MiB by default, which every device has. */
  readonly limit?: number;
  /**
   * Number of unsettled promises of synchronous reads from which on {@linkcode Readback.settle} waits; 256 by
   * default.
   */
  readonly promises?: number;
}

/**
 * Reads through reusable staging buffers. In Deno `mapAsync()` returns when the GPU is done, with the buffer
 * mapped: reading it immediately saves the 10 ms that the promise takes to resolve. The promise is unused,
 * but holds 2 KB and the flow that created it until the next task of the event loop.
 */
export class Readback {
  readonly #memory: GpuMemory;
  readonly #stream: CommandStream;
  readonly #limit: number;
  readonly #promises: number;
  readonly #idle: GPUBuffer[] = [];
  #promised = 0;
  readonly #kept = (): void => void this.#promised--;
  /** Whether {@linkcode Readback.readSync} works. */
  readonly sync: boolean;

  /** Tries whether reading at once works here. */
  constructor(
    memory: GpuMemory,
    stream: CommandStream,
    { limit = 2 ** 28, promises = 256 }: ReadbackOptions = {},
  ) {
    this.#promises = promises;
    // Room for a word on either side of what is read.
    this.#limit = Math.max(32, limit - limit % 8);
    this.#memory = memory;
    this.#stream = stream;
    this.sync = "Deno" in globalThis && this.#probe();
  }

  /** All pieces as they are when all that was recorded before has run. */
  readSync(pieces: readonly Piece[]): Uint8Array[] {
    if (this.#fits(pieces)) return this.#readSync(pieces);
    return pieces.map((piece) => joined(piece, this.#parts(piece), (part) => this.#readSync([part])[0]!));
  }

  #readSync(pieces: readonly Piece[]): Uint8Array[] {
    const copied = this.#copy(pieces);
    // The buffer is mapped when the call returns.
    this.#promised++;
    copied.staging.mapAsync(GPUMapMode.READ, 0, copied.bytes).then(this.#kept, this.#kept);
    return this.#take(copied);
  }

  /** Waits for a task of the event loop if too many promises are unsettled; returns null otherwise. */
  settle(): Promise<void> | null {
    return this.#promised < this.#promises ? null : new Promise((resolve) => setTimeout(resolve, 0));
  }

  /**
   * Waits until all that was handed over has run, by reading a word of `buffer`, if there is memory to read it by;
   * what fails is heard of by whoever reads next.
   */
  wait(buffer: GpuBuffer): void {
    try {
      this.readSync([{ buffer, start: 0, end: 4 }]);
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof RangeError)) throw error;
    }
  }

  /** The same, where the host has to wait for it. */
  async read(pieces: readonly Piece[]): Promise<Uint8Array[]> {
    if (this.#fits(pieces)) return await this.#mapped(this.#copy(pieces));
    // All are copied before anything is waited for: what is recorded meanwhile changes nothing.
    const copies = pieces.map((piece) =>
      this.#parts(piece).map((part) => ({ part, copied: this.#copy([part]) }))
    );
    const results: Uint8Array[] = [];
    for (const [i, piece] of pieces.entries()) {
      const found = new Map<Piece, Uint8Array>();
      for (const { part, copied } of copies[i]!) found.set(part, (await this.#mapped(copied))[0]!);
      results.push(joined(piece, [...found.keys()], (part) => found.get(part)!));
    }
    return results;
  }

  async #mapped(copied: Copied): Promise<Uint8Array[]> {
    const { staging, bytes } = copied;
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    } catch (error) {
      this.#memory.give(staging);
      throw error;
    }
    return this.#take(copied);
  }

  /** Destroys the staging buffers that are not in use. */
  close(): void {
    for (const staging of this.#idle.splice(0)) this.#memory.give(staging);
  }

  #fits(pieces: readonly Piece[]): boolean {
    return pieces.reduce((bytes, { start, end }) => bytes + end - start + 16, 0) <= this.#limit;
  }

  /** A piece in parts that a staging buffer holds, each but the first beginning where a copy may. */
  #parts({ buffer, start, end }: Piece): Piece[] {
    const parts: Piece[] = [];
    for (let from = start, to: number; from < end; from = to) {
      to = Math.min(end, from - from % 8 + this.#limit - 8);
      parts.push({ buffer, start: from, end: to });
    }
    return parts;
  }

  #copy(pieces: readonly Piece[]): Copied {
    let bytes = 0;
    const aligned = pieces.map(({ buffer, start, end }) => {
      const from = start - start % 4, length = Math.ceil((end - from) / 4) * 4;
      const at = bytes;
      bytes += Math.ceil(length / 8) * 8;
      return { buffer, from, length, at, placed: { at: at + start - from, length: end - start } };
    });
    const staging = this.#staging(bytes);
    for (const { buffer, from, length, at } of aligned) {
      if (length > 0) this.#stream.copyOut(buffer.handle, from, staging, at, length);
    }
    this.#stream.flush();
    return { staging, placed: aligned.map(({ placed }) => placed), bytes };
  }

  #take({ staging, placed, bytes }: Copied): Uint8Array[] {
    try {
      const data = new Uint8Array(staging.getMappedRange(0, bytes));
      const results = placed.map(({ at, length }) => data.slice(at, at + length));
      staging.unmap();
      this.#idle.push(staging);
      this.#stream.caughtUp();
      return results;
    } catch (error) {
      this.#memory.give(staging);
      throw error;
    }
  }

  #staging(bytes: number): GPUBuffer {
    const known = this.#idle.pop();
    if (known && known.size >= bytes) return known;
    if (known) this.#memory.give(known);
    const size = Math.max(4096, 2 ** Math.ceil(Math.log2(Math.max(bytes, 1))));
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.#memory.take({
      label: "staging",
      size: Math.max(bytes, Math.min(size, this.#limit)),
      usage: MAP_READ | COPY_DST,
      // Deno ends the process where a range is asked of a buffer that was never mapped.
      mappedAtCreation: true,
    });
    staging.unmap();
    // Where there turns out to be no memory for it, this is no reason to refuse what is to be read.
    if (!this.sync) this.#stream.flush();
    return staging;
  }

  #probe(): boolean {
    const staging = this.#staging(8);
    try {
      staging.mapAsync(GPUMapMode.READ, 0, 8).catch(() => {});
      staging.getMappedRange(0, 8);
      staging.unmap();
      this.#idle.push(staging);
      return true;
    } catch {
      this.#memory.give(staging);
      return false;
    }
  }
}

/** The bytes of a piece from those of its parts. */
function joined(piece: Piece, parts: readonly Piece[], bytesOf: (part: Piece) => Uint8Array): Uint8Array {
  const all = new Uint8Array(piece.end - piece.start);
  for (const part of parts) all.set(bytesOf(part), part.start - piece.start);
  return all;
}
