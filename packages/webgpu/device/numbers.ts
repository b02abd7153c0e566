/** Numbers that dispatches read: sizes, offsets, run-time scalars, random state. */
import { SLOT_BYTES } from "./bindings.ts";

const WORDS = SLOT_BYTES / 4;

/** Slots of one submission, and what a shader may see beyond the last. */
const SLOTS = 1024;
const SPARE = 16;

/** One uniform buffer that is filled from the start again for every submission, by one write. */
export class Numbers {
  readonly handle: GPUBuffer;
  readonly #queue: GPUQueue;
  readonly #words = new Uint32Array((SLOTS + SPARE) * WORDS);
  #used = 0;
  #last = 0;
  #length = -1;

  /** An empty buffer on `device`. */
  constructor(device: GPUDevice) {
    const { UNIFORM, COPY_DST } = GPUBufferUsage;
    this.#queue = device.queue;
    this.handle = device.createBuffer({
      label: "numbers",
      size: this.#words.byteLength,
      usage: UNIFORM | COPY_DST,
    });
  }

  /** How many slots `words` words take. */
  static slots(words: number): number {
    const slots = Math.max(1, Math.ceil(words / WORDS));
    if (slots > SPARE) {
      throw new RangeError(
        `Cannot pass ${words} numbers to a kernel as there is room for ${SPARE * WORDS}`,
      );
    }
    return slots;
  }

  /** Whether no further dispatch fits into this submission. */
  get full(): boolean {
    return this.#used >= SLOTS;
  }

  /** The byte offset of `words`; the same as last time if they are the same. */
  put(words: Uint32Array): number {
    const { length } = words;
    if (length === this.#length) {
      let i = 0;
      while (i < length && words[i] === this.#words[this.#last + i]) i++;
      if (i === length) return this.#last * 4;
    }
    const at = this.#used * WORDS;
    this.#words.set(words, at);
    this.#used += Math.max(1, Math.ceil(length / WORDS));
    this.#last = at;
    this.#length = length;
    return at * 4;
  }

  /** Sends what was put, and begins again. */
  send(): void {
    if (this.#used > 0) this.#queue.writeBuffer(this.handle, 0, this.#words, 0, this.#used * WORDS);
    this.#used = 0;
    this.#length = -1;
  }
}
