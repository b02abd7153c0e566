/** Numbers of dispatches that are the same in every run of a program. */
import { SLOT_BYTES } from "../device/bindings.ts";
import type { GpuMemory } from "../device/gpu_memory.ts";
import { GpuBuffer } from "../device/pool.ts";

const WORDS = SLOT_BYTES / 4;

/** Ids of the buffers of numbers of programs: below -1, as those of the pool are from 0 on. */
let ids = -1;

/** Numbers that are gathered as a program is prepared, and written once. */
export class StaticNumbers {
  readonly #words: number[] = [];
  readonly #known = new Map<string, number>();

  /** The byte offset of `words`, from which on a shader sees `slots` slots; equal words are kept once. */
  add(words: Uint32Array, slots: number): number {
    const key = `${slots}:${words.join()}`, known = this.#known.get(key);
    if (known !== undefined) return known;
    const first = this.#words.length;
    for (let i = 0; i < slots * WORDS; i++) this.#words.push(words[i] ?? 0);
    this.#known.set(key, 4 * first);
    return 4 * first;
  }

  /** A buffer of all numbers; null if there are none. */
  write(queue: GPUQueue, memory: GpuMemory): GpuBuffer | null {
    if (this.#words.length === 0) return null;
    const { UNIFORM, COPY_DST } = GPUBufferUsage, size = 4 * this.#words.length;
    const handle = memory.take({ label: "numbers of a program", size, usage: UNIFORM | COPY_DST });
    queue.writeBuffer(handle, 0, new Uint32Array(this.#words));
    return new GpuBuffer(--ids, handle, size);
  }
}
