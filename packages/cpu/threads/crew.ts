/** Workers that share the memory, and how the main thread works with them. */
import type { CpuBuffer, CpuMemory } from "../memory.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";
import type { LibrarySource } from "../blas/products.ts";
import { LAYOUT, MACHINE_CODE } from "./serve.ts";
import { startWorker } from "./start.ts";
import { perform, type Task, type TaskList } from "./task.ts";

/** Source from which other threads get a function: a module, the native library, or an address. */
export type FunctionSource = ModuleFunction | MachineFunction;

/** An export of a WebAssembly module, or a function of the native library. */
export interface ModuleFunction {
  /** The bytes of its module; null for a function of the native library. */
  readonly bytes: Uint8Array | null;
  /** Which of the module's exports it is, or of the library's products. */
  readonly index: number;
}

/** A function in machine code. */
export interface MachineFunction {
  /** The address of its entry. */
  readonly address: bigint;
  /** True if it returns a result. */
  readonly returns: boolean;
}

/** What workers need to know. */
export interface Sources {
  /** Where a function comes from; undefined where they cannot call it. */
  source(fn: WasmFunction): FunctionSource | undefined;
  /** A native library, if there is one. */
  library(): LibrarySource | null;
  /** Name of the C library that machine code is called through; null without machine code. */
  cLibrary(): string | null;
}

/** Milliseconds that a worker looks out for work: the pauses in a step of training are shorter. */
const PATIENCE = 0.2;
/** Milliseconds that the main thread looks out for the end of others' work. */
const MAIN_PATIENCE = 0.2;
/** Milliseconds after which it looks again in any case. */
const NAP = 1;

/** In place of the bytes of a module. */
const NATIVE: CpuBuffer = { pointer: 0, bytes: 0 };

const { pause = () => {} } = Atomics as { pause?: () => void };

/**
 * Some workers and the main thread, who all take one task after the other from
 * a list in memory, so that a thread that gets no processor delays nothing but
 * the task it holds.
 */
export class Crew {
  readonly #memory: CpuMemory;
  readonly #control: number;
  readonly #sources: Sources;
  readonly #modules = new Map<Uint8Array, CpuBuffer>();
  readonly #workers: number;
  #list: CpuBuffer;
  #estimate = Infinity;
  #done = 0;

  /**
   * Starts `workers` workers. `sources` tells what they need to know; lists of tasks that need more than `listBytes`
   * are written elsewhere.
   *
   * @throws If they cannot be started.
   */
  constructor(memory: CpuMemory, workers: number, sources: Sources, listBytes: number) {
    this.#memory = memory;
    this.#sources = sources;
    this.#workers = workers;
    const words = LAYOUT.words + workers * LAYOUT.doneWords, { pointer } = memory.allocate(4 * words);
    this.#control = pointer / 4;
    this.#list = memory.allocate(listBytes);
    memory.i32.fill(0, this.#control, this.#control + words);
    const post = {
      memory: memory.memory,
      control: this.#control,
      layout: LAYOUT,
      patience: PATIENCE,
      library: sources.library(),
      cLibrary: sources.cLibrary(),
    };
    for (let worker = 0; worker < workers; worker++) startWorker({ ...post, worker });
  }

  /** Whether a worker has started: until then tasks are better done without a list. */
  get isReady(): boolean {
    return Atomics.load(this.#memory.i32, this.#control + LAYOUT.started) > 0;
  }

  /** How many tasks each thread has done, the main thread first. */
  get counts(): readonly number[] {
    const words = this.#memory.i32, first = this.#control + LAYOUT.done;
    const done = Array.from({ length: this.#workers }, (_, i) => words[first + i * LAYOUT.doneWords]!);
    return [this.#done, ...done];
  }

  /** Milliseconds of the last run's tasks at the speed of the main thread's own; Infinity if it got none. */
  get estimate(): number {
    return this.#estimate;
  }

  /**
   * Does all tasks, or nothing if one calls a function that other threads cannot.
   * Returns the results of all calls by bitwise or.
   *
   * @throws {WebAssembly.RuntimeError} If a worker fails.
   */
  run(list: TaskList): number | undefined {
    const { tasks } = list, pointer = this.#write(list);
    if (pointer === undefined) return undefined;
    const words = this.#memory.i32, control = this.#control;
    words[control + LAYOUT.length] = tasks.length;
    words[control + LAYOUT.list] = pointer;
    words[control + LAYOUT.status] = words[control + LAYOUT.failed] = 0;
    Atomics.store(words, control + LAYOUT.unfinished, tasks.length);
    Atomics.store(words, control + LAYOUT.unclaimed, tasks.length);
    Atomics.notify(words, control + LAYOUT.unclaimed);
    const begun = performance.now();
    let status = 0, own = 0;
    try {
      for (let left = 0; (left = Atomics.load(words, control + LAYOUT.unclaimed)) > 0;) {
        if (Atomics.compareExchange(words, control + LAYOUT.unclaimed, left, left - 1) !== left) continue;
        try {
          own++;
          status |= perform(tasks[tasks.length - left]!);
        } finally {
          Atomics.sub(words, control + LAYOUT.unfinished, 1);
        }
      }
      this.#done += own;
      this.#estimate = (performance.now() - begun) * (tasks.length / own);
    } finally {
      // After an error here nobody is to begin another task, and those begun still use memory.
      const dropped = Atomics.exchange(words, control + LAYOUT.unclaimed, 0);
      Atomics.sub(words, control + LAYOUT.unfinished, dropped);
      this.#join(words);
    }
    if (words[control + LAYOUT.failed]) throw new WebAssembly.RuntimeError(this.#message(words));
    return status | words[control + LAYOUT.status]!;
  }

  /** Ends the workers, which finish what they do. */
  close(): void {
    const words = this.#memory.i32, at = this.#control + LAYOUT.unclaimed;
    Atomics.store(words, at, -1);
    Atomics.notify(words, at);
  }

  /** Waits until all tasks are done. */
  #join(words: Int32Array): void {
    const at = this.#control + LAYOUT.unfinished, end = performance.now() + MAIN_PATIENCE;
    let left: number;
    do {
      for (let i = 0; i < 64; i++) {
        if (Atomics.load(words, at) === 0) return;
        pause();
      }
    } while (performance.now() < end);
    while ((left = Atomics.load(words, at)) > 0) nap(words, at, left);
  }

  #message(words: Int32Array): string {
    const at = this.#control + LAYOUT.message + 1, length = words[at - 1]!;
    return `Cannot finish what a worker began: ${String.fromCharCode(...words.subarray(at, at + length))}`;
  }

  /** The address of a list of the tasks, as `serve` wants it. */
  #write(list: TaskList): number | undefined {
    if (list.written?.by !== this) {
      const numbers = this.#numbers(list.tasks);
      if (numbers === undefined) return undefined;
      list.written = { by: this, words: new Int32Array(numbers) };
    }
    const { words } = list.written;
    if (words.byteLength > this.#list.bytes) {
      const larger = this.#memory.allocate(2 * words.byteLength);
      this.#memory.release(this.#list);
      this.#list = larger;
    }
    this.#memory.i32.set(words, this.#list.pointer / 4);
    return this.#list.pointer;
  }

  /** The numbers of that list. */
  #numbers(tasks: readonly Task[]): number[] | undefined {
    const numbers: number[] = new Array<number>(tasks.length + 1);
    for (let i = 0; i < tasks.length; i++) {
      numbers[i] = numbers.length;
      for (const item of tasks[i]!) {
        const { times, calls, steps } = "fn" in item ? { times: 1, calls: [item], steps: [] } : item;
        const header = numbers.push(times, 0) - 1;
        for (let c = 0; c < calls.length; c++) {
          const { fn, args } = calls[c]!, source = this.#sources.source(fn);
          if (source === undefined) return undefined;
          numbers.push(...this.#place(source), args.length);
          for (let a = 0; a < args.length; a++) numbers.push(args[a]!);
          for (let a = 0; times > 1 && a < args.length; a++) numbers.push(steps[c]![a]!);
        }
        numbers[header] = numbers.length;
      }
    }
    numbers[tasks.length] = numbers.length;
    return numbers;
  }

  /** Three words by which workers find a function. */
  #place(source: FunctionSource): readonly [number, number, number] {
    if ("address" in source) {
      const { address, returns } = source, kind = returns ? MACHINE_CODE.returning : MACHINE_CODE.plain;
      return [Number(BigInt.asIntN(32, address)), kind, Number(address >> 32n)];
    }
    const { pointer, bytes } = source.bytes === null ? NATIVE : this.#module(source.bytes);
    return [pointer, bytes, source.index];
  }

  /** A module's bytes where workers find them. */
  #module(bytes: Uint8Array): CpuBuffer {
    const known = this.#modules.get(bytes);
    if (known) return known;
    const buffer = this.#memory.allocate(bytes.length);
    this.#memory.u8.set(bytes, buffer.pointer);
    this.#modules.set(bytes, buffer);
    return buffer;
  }
}

/** Sleeps until a number changes, for a while at most; where the main thread may not sleep, goes on at once. */
function nap(words: Int32Array, at: number, value: number): void {
  try {
    Atomics.wait(words, at, value, NAP);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    pause();
  }
}
