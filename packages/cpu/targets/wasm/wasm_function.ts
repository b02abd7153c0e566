/** The types of functions that WebAssembly modules export. */

/** A function that a WebAssembly module exports; all its parameters and its result are int32. */
export type WasmFunction = (...numbers: number[]) => number;
