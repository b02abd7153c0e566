/** Bytes from the GPU to the host. */
import type { CommandStream } from "./stream.ts";
import type { GpuBuffer } from "./pool.ts";

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

/** Options of {@linkcode Readback}. */
export interface ReadbackOptions {
  /** Largest staging buffer that is made larger than needed, in bytes; what the device allows by default. */
  readonly limit?: number;
}

/**
 * Reads through staging buffers that are kept. In Deno `mapAsync()` returns
 * when the GPU is done, with the buffer mapped: reading it at once saves the
 * 10 ms that the promise takes to resolve.
 */
export class Readback {
  readonly #device: GPUDevice;
  readonly #stream: CommandStream;
  readonly #limit: number;
  readonly #idle: GPUBuffer[] = [];
  /** Whether {@linkcode Readback.readSync} works. */
  readonly sync: boolean;

  /** Tries whether reading at once works here. */
  constructor(device: GPUDevice, stream: CommandStream, options: ReadbackOptions = {}) {
    this.#limit = options.limit ?? device.limits.maxBufferSize;
    this.#device = device;
    this.#stream = stream;
    this.sync = "Deno" in globalThis && this.#probe();
  }

  /** All pieces as they are when all that was recorded before has run. */
  readSync(pieces: readonly Piece[]): Uint8Array[] {
    const { staging, placed, bytes } = this.#copy(pieces);
    // Mapped when the call returns; its promise is of no use.
    staging.mapAsync(GPUMapMode.READ, 0, bytes).catch(() => {});
    return this.#take(staging, placed, bytes);
  }

  /** Waits until all that was handed over has run, by reading a word of `buffer`; what fails is heard of by whoever reads next. */
  wait(buffer: GpuBuffer): void {
    try {
      this.readSync([{ buffer, start: 0, end: 4 }]);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /** The same, where the host has to wait for it. */
  async read(pieces: readonly Piece[]): Promise<Uint8Array[]> {
    const { staging, placed, bytes } = this.#copy(pieces);
    await staging.mapAsync(GPUMapMode.READ, 0, bytes);
    return this.#take(staging, placed, bytes);
  }

  /** Destroys the staging buffers. */
  close(): void {
    for (const staging of this.#idle.splice(0)) staging.destroy();
  }

  #copy(pieces: readonly Piece[]): { staging: GPUBuffer; placed: Placed[]; bytes: number } {
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

  #take(staging: GPUBuffer, placed: readonly Placed[], bytes: number): Uint8Array[] {
    const data = new Uint8Array(staging.getMappedRange(0, bytes));
    const results = placed.map(({ at, length }) => data.slice(at, at + length));
    staging.unmap();
    this.#idle.push(staging);
    this.#stream.caughtUp();
    return results;
  }

  #staging(bytes: number): GPUBuffer {
    const known = this.#idle.pop();
    if (known && known.size >= bytes) return known;
    known?.destroy();
    const size = Math.max(4096, 2 ** Math.ceil(Math.log2(Math.max(bytes, 1))));
    const { MAP_READ, COPY_DST } = GPUBufferUsage;
    const staging = this.#device.createBuffer({
      label: "staging",
      size: size <= this.#limit ? size : bytes,
      usage: MAP_READ | COPY_DST,
      // Deno ends the process where a range is asked of a buffer that was never mapped.
      mappedAtCreation: true,
    });
    staging.unmap();
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
      staging.destroy();
      return false;
    }
  }
}
