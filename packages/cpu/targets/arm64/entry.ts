/** Types of instruction selections. */
import type { Register } from "./general.ts";
import type { Selector } from "./selector.ts";

/** Appends the instructions of one operation. */
export type Emit = (s: Selector) => void;

/** Selections by the names of WebAssembly's instructions. */
export type Entries = Readonly<Record<string, Emit>>;

/** Prefixes the names of selections with a type. */
export function named(type: string, entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).map(([name, emit]) => [`${type}.${name}`, emit]));
}

/** Makes a selection of two operands and a result, all in registers. */
export function binary(emit: (s: Selector, to: Register, a: Register, b: Register) => void): Emit {
  return (s) => {
    const { a, b } = s;
    emit(s, s.to, a, b);
  };
}

/** Makes a selection of one operand and a result, both in registers. */
export function unary(emit: (s: Selector, to: Register, a: Register) => void): Emit {
  return (s) => {
    const { a } = s;
    emit(s, s.to, a);
  };
}
