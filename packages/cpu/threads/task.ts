/** Work as data, so that any thread can do it. */
import type { WasmFunction } from "../kernel.ts";

/** A call of a function that a WebAssembly module exports. */
export interface Call {
  readonly fn: WasmFunction;
  readonly args: readonly number[];
}

/** Calls to be made one after the other. Tasks of one list run in any order, or at once: none writes what another uses. */
export type Task = readonly Call[];

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

/** Makes the calls of a task here; the results by bitwise or. */
export function perform(task: Task): number {
  let status = 0;
  for (const { fn, args } of task) status |= fn(...args);
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
