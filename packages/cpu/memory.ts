/** One WebAssembly memory, and who owns which bytes of it. */

/** A range of the memory: what tensors of this backend hold. */
export interface CpuBuffer {
  /** Address of the first byte, a multiple of 64; may exceed 2^31. */
  readonly pointer: number;
  /** How many bytes were asked for. */
  readonly bytes: number;
  /** Which calls made at once have used it last: see `Maps`. */
  user?: number;
}

/** What of the memory is in use. */
export interface CpuMemoryReport {
  /** Bytes handed out, rounded up to size classes. */
  readonly live: number;
  /** The most that were at once. */
  readonly peak: number;
  /** Bytes taken from the system. */
  readonly reserved: number;
}

const PAGE = 65536;
const ALIGNMENT = 64;
/** Kernels may read, never use, this many bytes on either side of a buffer. */
const MARGIN = 64;
/** One page less than 4 GiB, so that the end of a buffer is a number of 32 bits too. */
const LIMIT = PAGE * PAGE - PAGE;
/** Grow by at least this, and by an eighth of what there is. */
const GROWTH = 16 * 1024 * 1024;

/** Bytes rounded up to a size class: powers of two up to 64 KiB, then eighths of them. */
export function sizeClass(bytes: number): number {
  if (bytes <= ALIGNMENT) return ALIGNMENT;
  const power = 31 - Math.clz32(bytes - 1);
  if (bytes <= PAGE) return 2 << power;
  const step = 1 << (power - 3);
  return Math.ceil(bytes / step) * step;
}

/**
 * A shared WebAssembly memory that grows as needed up to 4 GiB, with an
 * allocator: freed blocks are reused by their size class, the last one first, and joined only when space is short.
 */
export class CpuMemory {
  /** What kernels import as "env.memory". */
  readonly memory: WebAssembly.Memory;
  /** Largest buffer. */
  readonly limit: number;
  readonly #free = new Map<number, number[]>();
  /** Sizes of blocks that are smaller than their class, by where they are. */
  readonly #exact = new Map<number, number>();
  #top = MARGIN;
  #end: number;
  #live = 0;
  #peak = 0;
  #buffer!: ArrayBufferLike;
  #u8!: Uint8Array;
  #i32!: Int32Array;
  #f32!: Float32Array;
  #f64!: Float64Array;
  #i64!: BigInt64Array;

  /** An empty memory; `maximum` bounds its bytes. */
  constructor(maximum: number = LIMIT + PAGE) {
    const { memory, pages } = reserve(Math.ceil(maximum / PAGE));
    this.memory = memory;
    this.limit = Math.min(pages * PAGE, LIMIT) - MARGIN;
    this.#end = this.memory.buffer.byteLength;
    this.#look();
  }

  /** What is in use. */
  get report(): CpuMemoryReport {
    return { live: this.#live, peak: this.#peak, reserved: this.#end };
  }

  /** Bytes of the memory as they are now; stale after the next allocation that grows it. */
  get u8(): Uint8Array {
    if (this.#buffer !== this.memory.buffer) this.#look();
    return this.#u8;
  }

  /** The same as int32. */
  get i32(): Int32Array {
    if (this.#buffer !== this.memory.buffer) this.#look();
    return this.#i32;
  }

  /** The same as float32. */
  get f32(): Float32Array {
    if (this.#buffer !== this.memory.buffer) this.#look();
    return this.#f32;
  }

  /** The same as float64. */
  get f64(): Float64Array {
    if (this.#buffer !== this.memory.buffer) this.#look();
    return this.#f64;
  }

  /** The memory viewed as int64. */
  get i64(): BigInt64Array {
    if (this.#buffer !== this.memory.buffer) this.#look();
    return this.#i64;
  }

  /** New bytes, aligned to 64, contents undefined. */
  allocate(bytes: number): CpuBuffer {
    let size = sizeClass(bytes);
    let pointer = this.#free.get(size)?.pop() ?? this.#extend(size) ?? this.#reclaim(size);
    if (pointer === undefined) {
      // There may be room for what is needed, though not for all of its class.
      size = Math.max(1, Math.ceil(bytes / ALIGNMENT)) * ALIGNMENT;
      pointer = this.#reclaim(size);
      if (pointer === undefined) {
        throw new RangeError(
          `Cannot allocate ${bytes} bytes as the CPU backend has ${this.limit} bytes in all, ` +
            `of which ${this.#largest()} are free at a stretch: currently in use are ${this.#live}`,
        );
      }
      this.#exact.set(pointer, size);
    }
    this.#live += size;
    if (this.#live > this.#peak) this.#peak = this.#live;
    return { pointer, bytes, user: 0 };
  }

  /** Gives bytes back. */
  release({ pointer, bytes }: CpuBuffer): void {
    const exact = this.#exact.size > 0 ? this.#exact.get(pointer) : undefined;
    if (exact !== undefined) this.#exact.delete(pointer);
    const size = exact ?? sizeClass(bytes);
    this.#live -= size;
    this.#keep(pointer, size);
  }

  /** Bytes of the largest free block, or of what was never handed out. */
  #largest(): number {
    const sizes = [...this.#free].flatMap(([size, pointers]) => pointers.length > 0 ? [size] : []);
    return Math.max(this.limit - this.#top, ...sizes);
  }

  #keep(pointer: number, size: number): void {
    const blocks = this.#free.get(size);
    if (blocks) blocks.push(pointer);
    else this.#free.set(size, [pointer]);
  }

  /** Space behind all that was ever handed out. */
  #extend(size: number): number | undefined {
    const pointer = this.#top, top = pointer + size;
    if (top > this.limit) return undefined;
    if (top + MARGIN > this.#end && !this.#grow(top + MARGIN)) return undefined;
    this.#top = top;
    return pointer;
  }

  #grow(top: number): boolean {
    const wanted = Math.max(top, Math.min(this.limit, this.#end + Math.max(GROWTH, this.#end / 8)));
    for (const end of [wanted, top]) {
      try {
        this.memory.grow(Math.ceil((end - this.#end) / PAGE));
        this.#look();
        this.#end = this.memory.buffer.byteLength;
        return true;
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
    }
    return false;
  }

  /** For want of space: joins free blocks of all classes to larger ones, and cuts one of them. */
  #reclaim(size: number): number | undefined {
    const blocks = [...this.#free].flatMap(([bytes, pointers]) =>
      pointers.map((pointer) => ({ pointer, bytes }))
    );
    blocks.sort((a, b) => a.pointer - b.pointer);
    this.#free.clear();
    const joined: { readonly pointer: number; bytes: number }[] = [];
    for (const block of blocks) {
      const last = joined.at(-1);
      if (last && last.pointer + last.bytes === block.pointer) last.bytes += block.bytes;
      else joined.push(block);
    }
    const last = joined.at(-1);
    if (last && last.pointer + last.bytes === this.#top) {
      this.#top = last.pointer;
      joined.pop();
    }
    const best = joined.filter(({ bytes }) => bytes >= size).sort((a, b) => a.bytes - b.bytes)[0];
    for (const block of joined) if (block !== best) this.#keep(block.pointer, block.bytes);
    if (best === undefined) return this.#extend(size);
    if (best.bytes > size) this.#keep(best.pointer + size, best.bytes - size);
    return best.pointer;
  }

  #look(): void {
    const buffer = this.memory.buffer;
    this.#buffer = buffer;
    this.#u8 = new Uint8Array(buffer);
    this.#i32 = new Int32Array(buffer);
    this.#f32 = new Float32Array(buffer);
    this.#f64 = new Float64Array(buffer);
    this.#i64 = new BigInt64Array(buffer);
  }
}

/** A shared memory of at most `pages`, or of half as many where address space is short. */
function reserve(pages: number): { memory: WebAssembly.Memory; pages: number } {
  for (;; pages >>>= 1) {
    try {
      return { memory: new WebAssembly.Memory({ initial: 1, maximum: pages, shared: true }), pages };
    } catch (error) {
      if (!(error instanceof RangeError) || pages <= 1024) throw error;
    }
  }
}
