/** Table of the operations that can be selected. */
import { ADDRESS, B } from "../native/flow.ts";
import {
  ARGUMENT,
  BRANCH,
  COPY,
  FILL,
  MOVE,
  OPERATIONS,
  RETURN,
  SHUFFLE,
  signaturesOf,
} from "../native/operation.ts";
import { FIRST_IN_MEMORY, type Rules } from "../native/rules.ts";
import type { Emit } from "./entry.ts";
import { FLOATS } from "./floats.ts";
import { INTEGERS } from "./integers.ts";
import { LANES } from "./lanes.ts";
import { MEMORIES } from "./memories.ts";
import { VECTORS } from "./vectors.ts";

/** Selections by operation number. */
export type Table = readonly (Emit | undefined)[];

let table: Table | undefined;

/** Returns the table of selections, made on first use. */
export function entries(): Table {
  if (table) return table;
  const made: (Emit | undefined)[] = new Array(OPERATIONS).fill(undefined), { names } = signaturesOf();
  const all = { ...INTEGERS, ...FLOATS, ...VECTORS, ...LANES, ...MEMORIES };
  for (let op = 0; op < OPERATIONS; op++) {
    const name = names[op];
    if (name !== undefined) made[op] = all[name];
  }
  made[SHUFFLE] = LANES["shuffle"];
  return table = made;
}

const I32_ADD = 0x6a, I32_SUB = 0x6b, I64_ADD = 0x7c, I64_SUB = 0x7d;

/** Rules of AArch64 for the decoder and the allocator: all operands are in registers. */
export class Arm64Rules implements Rules {
  readonly #entries = entries();

  /** See {@linkcode Rules}. */
  has(op: number): boolean {
    return this.#entries[op] !== undefined;
  }

  /** See {@linkcode Rules}. */
  foldsLoads(_op: number): boolean {
    return false;
  }

  /** See {@linkcode Rules}. */
  loadOf(_op: number): number {
    return -1;
  }

  /** See {@linkcode Rules}. */
  flags(op: number): number {
    return op === MOVE ? FIRST_IN_MEMORY : 0;
  }

  /** See {@linkcode Rules}. */
  vectors(_op: number): number {
    return 0;
  }

  /** See {@linkcode Rules}. */
  integers(_op: number): number {
    return 0;
  }

  /** See {@linkcode Rules}. */
  immediate(op: number, place: number, value: number, _offset: number): boolean {
    if (place === ADDRESS || op === MOVE || op === COPY || op === FILL || op === RETURN || op === ARGUMENT) {
      return true;
    }
    if (place !== B) return false;
    if (op === I32_ADD || op === I32_SUB || op === I64_ADD || op === I64_SUB) return Math.abs(value) < 4096;
    if ((op >= 0x46 && op <= 0x5a) || op === BRANCH) return value >= 0 && value < 4096;
    return isShift(op);
  }
}

/** Shifts and rotations of integers, and shifts of all lanes. */
function isShift(op: number): boolean {
  const number = op - 0x200;
  return (op >= 0x74 && op <= 0x78) || (op >= 0x86 && op <= 0x8a) ||
    (number >= 0x6b && number <= 0xcd && (number & 0x1f) >= 0x0b && (number & 0x1f) <= 0x0d);
}
