/** GPU memory that is used again. */
import type { GpuMemory } from "./gpu_memory.ts";

/** Memory that tensors of this backend hold. */
export class GpuBuffer {
  /** Never used twice. */
  readonly id: number;
  /** What the GPU knows it by. */
  readonly handle: GPUBuffer;
  /** Bytes that there are: a multiple of 16. */
  readonly capacity: number;
  /** Bytes that were asked for. */
  bytes: number = 0;
  /** The submission of the stream that last used it. */
  epoch: number = -1;
  /** The submission of the stream in which a kernel last wrote to it. */
  wrote: number = -1;
  /** Whether there turned out to be no memory behind it. */
  lost: boolean = false;

  /** Made by {@linkcode BufferPool} alone. */
  constructor(id: number, handle: GPUBuffer, capacity: number) {
    this.id = id;
    this.handle = handle;
    this.capacity = capacity;
  }
}

const MIB = 2 ** 20;

/** Options of {@linkcode BufferPool}. */
export interface PoolOptions {
  /** Largest buffer, in bytes. */
  readonly limit: number;
  /** Bytes of free memory that are kept whatever else is in use; 256 MiB by default. */
  readonly kept?: number;
  /** Called before buffers are destroyed: nothing may refer to them after it. */
  readonly retire: (buffers: readonly GpuBuffer[]) => void;
}

/** Bytes rounded down to vectors of four words, which shaders may see a buffer as. */
export function wholeFours(bytes: number): number {
  return Math.floor(bytes / 16) * 16;
}

/** Bytes rounded up to a size class: powers of two up to a MiB, then eighths of them. */
export function sizeClass(bytes: number): number {
  if (bytes <= 16) return 16;
  const power = 2 ** Math.floor(Math.log2(bytes - 1));
  const step = bytes <= MIB ? 2 * power : power / 8;
  return Math.ceil(bytes / step) * step;
}

/**
 * Buffers by size class, the oldest free one first: a step that repeats itself
 * gets the same buffers each time, whatever the order in which it gave them
 * back, and so finds its bind groups again.
 */
export class BufferPool {
  readonly #memory: GpuMemory;
  /** Bytes of the largest buffer: a multiple of 16. */
  readonly limit: number;
  readonly #kept: number;
  readonly #retire: (buffers: readonly GpuBuffer[]) => void;
  readonly #free = new Map<number, GpuBuffer[]>();
  #count = 0;
  #live = 0;
  #spare = 0;

  /** An empty pool of buffers of `memory`. */
  constructor(memory: GpuMemory, { limit, kept = 256 * MIB, retire }: PoolOptions) {
    this.#memory = memory;
    this.limit = wholeFours(limit);
    this.#kept = kept;
    this.#retire = retire;
  }

  /** How many buffers were ever made. */
  get made(): number {
    return this.#count;
  }

  /** Bytes that are in use. */
  get live(): number {
    return this.#live;
  }

  /** Bytes that wait to be used again. */
  get spare(): number {
    return this.#spare;
  }

  /** A buffer of at least `bytes`, contents undefined. */
  allocate(bytes: number): GpuBuffer {
    if (bytes > this.limit) {
      throw new RangeError(
        `Cannot allocate ${bytes} bytes as this GPU allows ${this.limit} in one buffer: use smaller batches; ` +
          `currently in use are ${this.#live}`,
      );
    }
    const capacity = Math.min(sizeClass(bytes), this.limit);
    let buffer = this.#free.get(capacity)?.pop();
    if (buffer) {
      this.#spare -= capacity;
      buffer.wrote = -1;
    } else {
      if (this.#spare > Math.max(this.#kept, this.#live / 2)) this.trim();
      buffer = this.#make(capacity);
    }
    buffer.bytes = bytes;
    this.#live += capacity;
    return buffer;
  }

  /** Gives a buffer back: what was recorded before still runs before what is recorded after. */
  release(buffer: GpuBuffer): void {
    const { capacity } = buffer;
    this.#live -= capacity;
    if (buffer.lost) {
      this.#destroy([buffer]);
      return;
    }
    this.#spare += capacity;
    const free = this.#free.get(capacity);
    if (!free) {
      this.#free.set(capacity, [buffer]);
      return;
    }
    // From the newest to the oldest, which is taken off the end.
    let low = 0, high = free.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (free[middle]!.id > buffer.id) low = middle + 1;
      else high = middle;
    }
    free.splice(low, 0, buffer);
  }

  /** Destroys all buffers that are not in use. */
  trim(): void {
    const buffers = [...this.#free.values()].flat();
    this.#free.clear();
    this.#spare = 0;
    this.#destroy(buffers);
  }

  #destroy(buffers: readonly GpuBuffer[]): void {
    this.#retire(buffers);
    for (const { handle } of buffers) this.#memory.give(handle);
  }

  #make(capacity: number): GpuBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const handle = this.#memory.take({
      size: capacity,
      usage: STORAGE | COPY_SRC | COPY_DST,
      onLost: () => this.#lose(buffer),
    });
    const buffer = new GpuBuffer(this.#count++, handle, capacity);
    return buffer;
  }

  /** Has nobody use a buffer again that has no memory. */
  #lose(buffer: GpuBuffer): void {
    const free = this.#free.get(buffer.capacity), at = free?.indexOf(buffer) ?? -1;
    buffer.lost = true;
    if (at < 0) return;
    free!.splice(at, 1);
    this.#spare -= buffer.capacity;
    this.#destroy([buffer]);
  }
}
