/** Work as data, so that any thread can do it. */
import type { WasmFunction } from "../kernel.ts";

/** A call of a function that a WebAssembly module exports. */
export interface Call {
  readonly fn: WasmFunction;
  readonly args: readonly number[];
}

/** Calls that are made in turn, again and again; each time their arguments grow. */
export interface Repeat {
  readonly times: number;
  readonly calls: readonly Call[];
  /** For each call, what its arguments grow by. */
  readonly steps: readonly (readonly number[])[];
}

/** Calls to be made one after the other. Tasks of one list run in any order, or at once: none writes what another uses. */
export type Task = readonly (Call | Repeat)[];

/** Tasks that stay as they are and are done again and again: what is written of them for other threads is kept. */
export class LastingTasks extends Array<Task> {}

/** The call `fn(...args)`; all arguments and the result are int32. */
export function call(fn: WasmFunction, ...args: number[]): Call {
  return { fn, args };
}

/** A function that adds its calls to `calls` rather than make them, and returns 0. */
export function recorded(calls: Call[], fn: WasmFunction): WasmFunction {
  return (...args) => {
    calls.push({ fn, args });
    return 0;
  };
}

/** The calls of `body` for each number of a range of at least one; their arguments must grow evenly. */
export function repeated({ start, size }: Piece, body: (i: number) => readonly Call[]): Repeat {
  const calls = body(start), next = size > 1 ? body(start + 1) : calls;
  return { times: size, calls, steps: calls.map(({ args }, i) => args.map((n, a) => next[i]!.args[a]! - n)) };
}

/** The last call of a task that has one. */
export function lastCall(task: Task): Call {
  const item = task.at(-1)!;
  return "fn" in item ? item : item.calls.at(-1)!;
}

/** Makes the calls of a task here; the results by bitwise or. */
export function perform(task: Task): number {
  let status = 0;
  for (const item of task) status |= "fn" in item ? item.fn(...item.args) : repeat(item);
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
