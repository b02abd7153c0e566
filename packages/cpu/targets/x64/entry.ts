/** Types of instruction selections. */
import type { Selector } from "./selector.ts";

/** Selection of one operation. */
export interface Entry {
  /** Flags of the operands that may be in memory; see `native/rules.ts`. */
  readonly flags: number;
  /** Number of vector registers for intermediate values. */
  readonly vectors: number;
  /** Number of integer registers for intermediate values. */
  readonly integers: number;
  /** Appends the instructions. */
  readonly emit: (s: Selector) => void;
}

/** Entries by the names of WebAssembly's instructions. */
export type Entries = Readonly<Record<string, Entry>>;

/** Options of {@linkcode entry}. */
export interface EntryOptions {
  readonly flags?: number;
  readonly vectors?: number;
  readonly integers?: number;
}

/** Makes an entry; without options, its operands are in registers and it needs no other registers. */
export function entry(emit: (s: Selector) => void, options: EntryOptions = {}): Entry {
  const { flags = 0, vectors = 0, integers = 0 } = options;
  return { flags, vectors, integers, emit };
}

/** Packs the parts of a VEX instruction: opcode map, prefix (none, 66, F3, F2 as 0 to 3), opcode and W. */
export function vex(map: 1 | 2 | 3, prefix: 0 | 1 | 2 | 3, opcode: number, w: 0 | 1 = 0): number {
  return map << 16 | prefix << 12 | w << 11 | opcode;
}
