/** Numbers that dispatches read: sizes, offsets, run-time scalars, random state. */
import { toInt32, toInt64 } from "@troodon/core/kernel";
import type { LiveWord, Values, Words } from "../plan/plan.ts";
import { wordsOfLong } from "../wgsl/types.ts";
import { SLOT_BYTES } from "./bindings.ts";
import type { GpuMemory } from "./gpu_memory.ts";

const WORDS = SLOT_BYTES / 4;

/** What a shader may see beyond the last slot. */
const SPARE = 16;

/** Options of {@linkcode Numbers}. */
export interface NumbersOptions {
  /** Slots of 64 words in one submission; 1024 by default. */
  readonly slots?: number;
}

/** One uniform buffer that is filled from the start again for every submission, by one write. */
export class Numbers {
  readonly handle: GPUBuffer;
  readonly #queue: GPUQueue;
  readonly #slots: number;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #floats: Float32Array;
  #used = 0;
  #last = 0;
  #length = -1;

  /** An empty buffer of `memory`, which `queue` writes to. */
  constructor(queue: GPUQueue, memory: GpuMemory, { slots = 1024 }: NumbersOptions = {}) {
    const { UNIFORM, COPY_DST } = GPUBufferUsage;
    this.#slots = slots;
    this.#words = new Uint32Array((slots + SPARE) * WORDS);
    this.#floats = new Float32Array(this.#words.buffer);
    this.#queue = queue;
    this.handle = memory.take({ label: "numbers", size: this.#words.byteLength, usage: UNIFORM | COPY_DST });
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
    return this.#used >= this.#slots;
  }

  /** The byte offset of `words` with their live ones taken from `values`; the same as last time if they are the same. */
  put({ fixed, live }: Words, values: Values): number {
    const words = this.#words, { length } = fixed, at = this.#used * WORDS;
    for (let i = 0; i < length; i++) words[at + i] = fixed[i]!;
    for (let i = 0; i < live.length; i++) replace(live[i]!, { words, floats: this.#floats }, at, values);
    if (length === this.#length) {
      let i = 0;
      while (i < length && words[at + i] === words[this.#last + i]) i++;
      if (i === length) return this.#last * 4;
    }
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

/** Memory of words, also viewed as float32. */
interface WordMemory {
  readonly words: Uint32Array;
  readonly floats: Float32Array;
}

/** Sets a live word of a dispatch whose words begin at `start`. */
function replace(
  word: LiveWord,
  { words, floats }: WordMemory,
  start: number,
  { inputs, outputs, scalars, random }: Values,
): void {
  const at = start + word.at;
  if (word.kind === "offset") {
    const { operand } = word, count = inputs.length;
    words[at] = (operand < count ? inputs[operand]! : outputs[operand - count]!).offset;
  } else if (word.kind === "scalars") {
    const { body, number } = word, numbers = body.hostScalars(scalars);
    for (let i = 0; i < body.hostScalarCount; i++) {
      if (number === "l") words.set(wordsOfLong(toInt64(numbers[i]!)), at + 2 * i);
      else if (number === "i") words[at + i] = toInt32(numbers[i]!);
      else floats[at + i] = numbers[i]!;
    }
  } else if (random) {
    words.set(random.seed, at);
    words.set(random.offset, at + 2);
  }
}

/** Words of a dispatch, with live words taken from `values`. */
export function wordsWith({ fixed, live }: Words, values: Values): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(fixed), memory = { words, floats: new Float32Array(words.buffer) };
  for (const word of live) replace(word, memory, 0, values);
  return words;
}
