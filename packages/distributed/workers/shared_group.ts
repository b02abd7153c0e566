/** Memory through which the threads of one process exchange messages. */

/** Words in front of the messages. */
const [ARRIVED, TURN, ABORTED, WORDS] = [0, 1, 2, 16] as const;

/** A shared memory with a place for each thread, and a barrier. */
export class SharedGroup {
  /** Bytes of each thread's place. */
  readonly capacity: number;
  readonly #words: Int32Array;
  readonly #memory: SharedArrayBuffer;
  readonly #size: number;

  /** A group of `size` threads over `memory`, which was made by {@linkcode SharedGroup.memory}. */
  constructor(memory: SharedArrayBuffer, size: number) {
    this.#memory = memory;
    this.#size = size;
    this.#words = new Int32Array(memory, 0, WORDS);
    this.capacity = (memory.byteLength - 4 * WORDS) / size;
  }

  /** New memory for `size` threads with `capacity` bytes for each. */
  static memory(size: number, capacity: number): SharedArrayBuffer {
    return new SharedArrayBuffer(4 * WORDS + size * Math.ceil(capacity / 64) * 64);
  }

  /** The place of a thread. */
  place(rank: number): Uint8Array {
    return new Uint8Array(this.#memory, 4 * WORDS + rank * this.capacity, this.capacity);
  }

  /**
   * Resolves when all threads have called it.
   *
   * @throws {TypeError} If one of them has aborted.
   */
  async barrier(): Promise<void> {
    const words = this.#words, turn = Atomics.load(words, TURN);
    if (Atomics.add(words, ARRIVED, 1) === this.#size - 1) {
      Atomics.store(words, ARRIVED, 0);
      Atomics.add(words, TURN, 1);
      Atomics.notify(words, TURN);
    } else {
      while (Atomics.load(words, TURN) === turn && Atomics.load(words, ABORTED) === 0) {
        await changed(words, turn);
      }
    }
    if (Atomics.load(words, ABORTED) !== 0) {
      throw new TypeError("Cannot go on as another worker has aborted the job");
    }
  }

  /** Makes all waiting threads throw. */
  abort(): void {
    Atomics.store(this.#words, ABORTED, 1);
    Atomics.notify(this.#words, TURN);
  }
}

/** Waits briefly for the next turn; the timer keeps the program alive meanwhile. */
async function changed(words: Int32Array, turn: number): Promise<void> {
  const waiting = Atomics.waitAsync(words, TURN, turn);
  if (!waiting.async) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pause = new Promise<void>((resolve) => timer = setTimeout(resolve, 100));
  await Promise.race([waiting.value, pause]);
  clearTimeout(timer);
}
