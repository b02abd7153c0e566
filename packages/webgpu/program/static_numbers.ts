/** Numbers of dispatches that are equal in every run of a program. */
import { SLOT_BYTES } from "../device/bindings.ts";
import type { GpuMemory } from "../device/gpu_memory.ts";
import { GpuBuffer } from "../device/pool.ts";

const WORDS = SLOT_BYTES / 4;

/** Ids of the number buffers of programs: below -1, while those of the pool start at 0. */
let ids = -1;

/** Collects numbers while a program is prepared, and writes them to a buffer once. */
export class StaticNumbers {
  readonly #words: number[] = [];
  readonly #known = new Map<string, number>();

  /** Byte offset of `words`, at which a shader binds `slots` slots; equal words are stored once. */
  add(words: Uint32Array, slots: number): number {
    const key = `${slots}:${words.join()}`, known = this.#known.get(key);
    if (known !== undefined) return known;
    const first = this.#words.length;
    for (let i = 0; i < slots * WORDS; i++) this.#words.push(words[i] ?? 0);
    this.#known.set(key, 4 * first);
    return 4 * first;
  }

  /** Creates a buffer with all numbers; null if there are none. */
  write(queue: GPUQueue, memory: GpuMemory): GpuBuffer | null {
    if (this.#words.length === 0) return null;
    const { UNIFORM, COPY_DST } = GPUBufferUsage, size = 4 * this.#words.length;
    const handle = memory.take({ label: "numbers of a program", size, usage: UNIFORM | COPY_DST });
    queue.writeBuffer(handle, 0, new Uint32Array(this.#words));
    return new GpuBuffer(--ids, handle, size);
  }
}
