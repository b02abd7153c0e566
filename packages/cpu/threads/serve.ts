/** What a worker does. */
import type { LibrarySource, openProducts } from "../blas/products.ts";

/** Where the numbers lie through which threads talk, in words from the control block's start. */
export const LAYOUT = {
  /** Tasks that nobody has taken yet, or -1 when workers are to end. Workers wait here. */
  unclaimed: 0,
  /** How many workers have started. */
  started: 1,
  /** Tasks that are not done. The main thread waits here. */
  unfinished: 16,
  /** How many tasks there are, and the address of the list of them. */
  length: 32,
  list: 33,
  /** Results of all calls, by bitwise or. */
  status: 34,
  /** Whether a call has thrown, and the message: its length, then UTF-16. */
  failed: 35,
  message: 36,
  /** Most words of a message. */
  messageWords: 220,
  /** Counters of the tasks that workers have done, and the words from one counter to the next. */
  done: 256,
  doneWords: 32,
  /** Words from a counter to the worker's argument block for machine code. */
  block: 16,
  /** Words of the block, but for these numbers. */
  words: 256,
} as const;

/** What a worker gets when it starts. */
export interface Post {
  readonly memory: WebAssembly.Memory;
  /** Index of the first word of the control block. */
  readonly control: number;
  /** Which of the workers it is. */
  readonly worker: number;
  readonly layout: typeof LAYOUT;
  /** Milliseconds to look out for work before sleeping: to be woken takes 20 times as long as to see it come. */
  readonly patience: number;
  /** A native library, if there is one. */
  readonly library: LibrarySource | null;
  /** Name of the C library that machine code is called through, if there is any. */
  readonly cLibrary: string | null;
}

/** Values that replace the length of a module for machine code, with and without a result. */
export const MACHINE_CODE = { returning: -1, plain: -2 } as const;

/**
 * Takes tasks until told to end. It is sent to workers as text, since to load a
 * file takes a permission: all that it uses is in it.
 *
 * A list of tasks is: for each where it begins, and where the last one ends, in
 * words from the list's start; then for calls made in turn how often, and where
 * the last of them ends; then for each call the address and the length of its
 * module's bytes (0 for the native library), which of the exports is called, how
 * many arguments, they, and if there is more than one time, what they grow by.
 * For machine code the three are the low word of its address, a negative number
 * (-1 if it returns a result), and the high word.
 */
export function serve(
  { memory, control, worker, layout, patience, library, cLibrary }: Post,
  open: typeof openProducts,
): void {
  type Exports = Record<string, (...numbers: number[]) => number>;
  let words = new Int32Array(memory.buffer);
  const modules = new Map<number, ((...numbers: number[]) => number)[]>();
  if (library !== null) modules.set(0, open(library));
  const env: Record<string, WebAssembly.ImportValue> = { memory };
  for (const name of Object.getOwnPropertyNames(Math)) {
    const value = Math[name as keyof Math];
    if (typeof value === "function") env[name] = value;
  }
  const [unclaimed, unfinished] = [control + layout.unclaimed, control + layout.unfinished];
  const { pause = () => {} } = Atomics as { pause?: () => void };

  /** Sees memory up to the word `end`, even if the main thread has made it grow. */
  const reach = (end: number): void => {
    if (end <= words.length) return;
    memory.grow(0);
    words = new Int32Array(memory.buffer);
  };
  const exportsOf = (pointer: number, bytes: number) => {
    const known = modules.get(pointer);
    if (known) return known;
    reach(Math.ceil((pointer + bytes) / 4));
    const module = new WebAssembly.Module(new Uint8Array(words.buffer, pointer, bytes).slice());
    const functions = Object.values(new WebAssembly.Instance(module, { env }).exports as Exports);
    modules.set(pointer, functions);
    return functions;
  };
  const code = new Map<number, (...numbers: number[]) => number>();
  const bsearch = cLibrary === null ? null : Deno.dlopen(cLibrary, {
    bsearch: { parameters: ["u32", "u32", "u32", "u32", "pointer"], result: "u32" },
  }).symbols.bsearch;
  const codeAt = (low: number, kind: number, high: number) => {
    const address = high * 2 ** 32 + low, known = code.get(address);
    if (known) return known;
    const pointer = Deno.UnsafePointer.create(BigInt(address));
    const block = control + layout.done + worker * layout.doneWords + layout.block;
    const run = (...numbers: number[]): number => {
      for (let i = 0; i < numbers.length; i++) words[block + i] = numbers[i]!;
      if (bsearch!(4 * block, 1, 1, 1, pointer) === 0) {
        throw new RangeError("Cannot run machine code as divisors must not be zero");
      }
      return kind === -1 ? words[block]! : 0;
    };
    code.set(address, run);
    return run;
  };
  const perform = (task: number): void => {
    const list = (words[control + layout.list]! >>> 0) / 4;
    reach(list + words[control + layout.length]! + 1);
    const end = list + words[list + task + 1]!;
    reach(end);
    let status = 0;
    for (let at = list + words[list + task]!; at < end;) {
      const times = words[at]!, last = list + words[at + 1]!, calls = [];
      for (at += 2; at < last;) {
        const pointer = words[at]! >>> 0,
          bytes = words[at + 1]!,
          index = words[at + 2]!,
          count = words[at + 3]!;
        const fn = bytes < 0 ? codeAt(pointer, bytes, index) : exportsOf(pointer, bytes)[index]!;
        at += 4;
        const args: number[] = [];
        for (let a = 0; a < count; a++) args.push(words[at++]!);
        if (times === 1) status |= fn(...args);
        else calls.push({ fn, args, steps: words.slice(at, at += count) });
      }
      for (let n = 0; times > 1 && n < times; n++) {
        for (const { fn, args, steps } of calls) {
          status |= fn(...args);
          for (let a = 0; a < args.length; a++) args[a]! += steps[a]!;
        }
      }
    }
    if (status !== 0) Atomics.or(words, control + layout.status, status);
  };
  const report = (error: unknown): void => {
    if (Atomics.compareExchange(words, control + layout.failed, 0, 1) !== 0) return;
    const text = String(error instanceof Error ? error.message : error).slice(0, layout.messageWords - 1);
    words[control + layout.message] = text.length;
    for (let i = 0; i < text.length; i++) words[control + layout.message + 1 + i] = text.charCodeAt(i);
  };
  const lookOut = (): void => {
    const end = performance.now() + patience;
    do {
      for (let i = 0; i < 64; i++) {
        if (Atomics.load(words, unclaimed) !== 0) return;
        pause();
      }
    } while (performance.now() < end);
    Atomics.wait(words, unclaimed, 0);
  };

  Atomics.add(words, control + layout.started, 1);
  for (;;) {
    const left = Atomics.load(words, unclaimed);
    if (left < 0) return;
    if (left === 0) {
      lookOut();
      continue;
    }
    // Whoever takes a task holds its list up: nothing of it changes until the task is done.
    if (Atomics.compareExchange(words, unclaimed, left, left - 1) !== left) continue;
    try {
      perform(words[control + layout.length]! - left);
    } catch (error) {
      report(error);
    }
    words[control + layout.done + worker * layout.doneWords]!++;
    if (Atomics.sub(words, unfinished, 1) === 1) Atomics.notify(words, unfinished);
  }
}
