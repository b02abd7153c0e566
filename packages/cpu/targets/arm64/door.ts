/** Entries and exits of compiled functions. */
import type { Assembler } from "./assembler.ts";
import { STACK } from "./general.ts";
import { BASE, FRAME, T0, T1 } from "./selector.ts";
import type { Label } from "./words.ts";

/** Options of {@linkcode emitEntry}. */
export interface EntryOptions {
  readonly base: bigint;
  readonly parameters: number;
  readonly returns: boolean;
  /** Label of the entry's end. */
  readonly exit: Label;
}

/** Bytes in which an entry saves registers, and the offset of the block's address after them. */
const SAVED = 48, BLOCK = 32;

/** Appends code that calls a function with the words of a block as its arguments; returns its offset in bytes. */
export function emitEntry(
  asm: Assembler,
  fn: Label,
  { base, parameters, returns, exit }: EntryOptions,
): number {
  const start = 4 * asm.length, area = Math.ceil(8 * parameters / 16) * 16;
  asm.addConstant("sub", 64, STACK, STACK, SAVED);
  asm.pair("stp", "general", 19, 20, STACK, 0);
  asm.pair("stp", "general", 29, 30, STACK, 16);
  asm.accessAt("strx", 0, STACK, BLOCK);
  asm.addConstant("add", 64, FRAME, STACK, 0);
  asm.constant64(BASE, base);
  if (area > 0) asm.addConstant("sub", 64, STACK, STACK, area);
  asm.addExtended(T0, BASE, 0);
  for (let k = 0; k < parameters; k++) {
    asm.accessAt("ldrw", T1, T0, 4 * k);
    asm.accessAt("strx", T1, STACK, 8 * k);
  }
  asm.callLabel(fn);
  if (returns) {
    asm.accessAt("ldrw", 1, FRAME, BLOCK);
    asm.access("strw", 0, BASE, 1);
  }
  asm.constant32(0, 0);
  asm.branch(exit);
  return start;
}

/** Appends the ends of entries: `trap`, which makes the result 1, and `exit`. */
export function emitExits(asm: Assembler, trap: Label, exit: Label): void {
  asm.bind(trap);
  asm.constant32(0, 1);
  asm.bind(exit);
  asm.addConstant("add", 64, STACK, FRAME, 0);
  asm.pair("ldp", "general", 29, 30, STACK, 16);
  asm.pair("ldp", "general", 19, 20, STACK, 0);
  asm.addConstant("add", 64, STACK, STACK, SAVED);
  asm.ret();
}
