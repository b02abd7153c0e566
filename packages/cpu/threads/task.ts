/** Work as data, so that any thread can do it. */
import { type Argument, growth } from "../plan/address.ts";
import type { WasmFunction } from "../targets/wasm/wasm_function.ts";

/** A call of a function that a WebAssembly module exports. */
export interface Call<A = number> {
  readonly fn: WasmFunction;
  readonly args: readonly A[];
}

/** Calls that are made in turn, again and again; each time their arguments grow. */
export interface Repeat<A = number> {
  readonly times: number;
  readonly calls: readonly Call<A>[];
  /** For each call, what its arguments grow by. */
  readonly steps: readonly (readonly number[])[];
}

/** Calls to be made one after the other. Tasks of one list run in any order, or at once: none writes what another uses. */
export type Task<A = number> = readonly (Call<A> | Repeat<A>)[];

/** Tasks as numbers that other threads read. */
export interface WrittenTasks {
  /** The owner of the parameters, which alone can read them. */
  readonly by: object;
  readonly words: Int32Array;
}

/** Tasks that run together. */
export class TaskList {
  /** The tasks. */
  readonly tasks: readonly Task[];
  /** The tasks as written for other threads; to be forgotten when an argument changes. */
  written: WrittenTasks | undefined;

  /** A list of which nothing is written yet. */
  constructor(tasks: readonly Task[]) {
    this.tasks = tasks;
  }
}

/** The call `fn(...args)`; all arguments and the result are int32. */
export function call(fn: WasmFunction, ...args: number[]): Call;
/** The planned call `fn(...args)`. */
export function call(fn: WasmFunction, ...args: Argument[]): Call<Argument>;
export function call(fn: WasmFunction, ...args: Argument[]): Call<Argument> {
  return { fn, args };
}

/** The planned calls of `body` for each number of a range of at least one; their arguments must grow evenly. */
export function repeated(
  { start, size }: Piece,
  body: (i: number) => readonly Call<Argument>[],
): Repeat<Argument> {
  const calls = body(start), next = size > 1 ? body(start + 1) : calls;
  return {
    times: size,
    calls,
    steps: calls.map(({ args }, i) => args.map((value, a) => growth(value, next[i]!.args[a]!))),
  };
}

/** The last call of a task that has one. */
export function lastCall(task: Task): Call {
  const item = task.at(-1)!;
  return "fn" in item ? item : item.calls.at(-1)!;
}

/** Makes a call here. */
export function invoke({ fn, args: a }: Call): number {
  // To take a list apart costs more than most short calls. Those of 11 are products of a native library.
  switch (a.length) {
    case 1:
      return fn(a[0]!);
    case 2:
      return fn(a[0]!, a[1]!);
    case 3:
      return fn(a[0]!, a[1]!, a[2]!);
    case 4:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!);
    case 5:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!);
    case 6:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!);
    case 7:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!);
    case 8:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!);
    case 9:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!);
    case 10:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!);
    case 11:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!);
    case 12:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!);
    case 13:
      return fn(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!, a[6]!, a[7]!, a[8]!, a[9]!, a[10]!, a[11]!, a[12]!);
    case 14:
      return fn(
        a[0]!,
        a[1]!,
        a[2]!,
        a[3]!,
        a[4]!,
        a[5]!,
        a[6]!,
        a[7]!,
        a[8]!,
        a[9]!,
        a[10]!,
        a[11]!,
        a[12]!,
        a[13]!,
      );
    default:
      return fn(...a);
  }
}

/** Makes the calls of a task here; the results by bitwise or. */
export function perform(task: Task): number {
  let status = 0;
  for (const item of task) status |= "fn" in item ? invoke(item) : repeat(item);
  return status;
}

function repeat({ times, calls, steps }: Repeat): number {
  const own = calls.map(({ fn, args }, i) => ({ fn, args: [...args], steps: steps[i]! }));
  let status = 0;
  for (let n = 0; n < times; n++) {
    for (const { fn, args, steps } of own) {
      status |= fn(...args);
      for (let a = 0; a < args.length; a++) args[a]! += steps[a]!;
    }
  }
  return status;
}

/** A piece of a range. */
export interface Piece {
  readonly start: number;
  readonly size: number;
}

/** Cuts `count` into at most `parts` pieces of about the same size; all but the last are multiples of `unit`. */
export function pieces(count: number, parts: number, unit = 1): Piece[] {
  const size = Math.ceil(count / parts / unit) * unit, found: Piece[] = [];
  for (let start = 0; start < count; start += size) {
    found.push({ start, size: Math.min(size, count - start) });
  }
  return found;
}
