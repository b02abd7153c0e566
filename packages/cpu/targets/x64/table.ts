/** Table of the operations that can be selected. */
import { A, ADDRESS, B } from "../native/flow.ts";
import {
  ARGUMENT,
  BRANCH,
  COPY,
  FILL,
  MOVE,
  operationOf,
  OPERATIONS,
  RETURN,
  SELECT,
  SHUFFLE,
  signaturesOf,
  V128,
} from "../native/operation.ts";
import { FIRST_IN_MEMORY, type Rules, SECOND_IN_MEMORY } from "../native/rules.ts";
import { MEMORY_OPS } from "../wasm/opcodes.ts";
import type { Entry } from "./entry.ts";
import { DIVISIONS } from "./divisions.ts";
import { FLOATS } from "./floats.ts";
import { INTEGERS } from "./integers.ts";
import { LANES } from "./lanes.ts";
import { LONG_VECTORS } from "./long_vectors.ts";
import { MEMORIES } from "./memories.ts";
import { VECTORS } from "./vectors.ts";

/** Entries by operation number. */
export type Table = readonly (Entry | undefined)[];

let table: Table | undefined;

/** Returns the table of entries, made on first use. */
export function entries(): Table {
  if (table) return table;
  const made: (Entry | undefined)[] = new Array(OPERATIONS).fill(undefined), { names } = signaturesOf();
  const all = { ...INTEGERS, ...DIVISIONS, ...FLOATS, ...VECTORS, ...LONG_VECTORS, ...LANES, ...MEMORIES };
  for (let op = 0; op < OPERATIONS; op++) {
    const name = names[op];
    if (name !== undefined) made[op] = all[name];
  }
  made[SHUFFLE] = LANES["shuffle"];
  return table = made;
}

/** Flags of operations that have no entry. */
const OTHER_FLAGS: Readonly<Record<number, number>> = {
  [MOVE]: FIRST_IN_MEMORY,
  [BRANCH]: SECOND_IN_MEMORY,
};

const [LOAD32, LOAD64, LOAD_F32, LOAD_F64, LOAD_VECTOR, STORE32, STORE64] = ([
  "i32.load",
  "i64.load",
  "f32.load",
  "f64.load",
  "v128.load",
  "i32.store",
  "i64.store32",
] as const).map((name) => operationOf(MEMORY_OPS[name][0])) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Rules of x64 for the decoder and the allocator. */
export class X64Rules implements Rules {
  readonly #entries = entries();
  readonly #loads = loads(this.#entries);

  /** See {@linkcode Rules}. */
  has(op: number): boolean {
    return this.#entries[op] !== undefined;
  }

  /** See {@linkcode Rules}. */
  foldsLoads(op: number): boolean {
    return this.#loads[op]! >= 0;
  }

  /** See {@linkcode Rules}. */
  loadOf(op: number): number {
    return this.#loads[op]!;
  }

  /** See {@linkcode Rules}. */
  flags(op: number): number {
    return this.#entries[op]?.flags ?? OTHER_FLAGS[op] ?? 0;
  }

  /** See {@linkcode Rules}. */
  vectors(op: number): number {
    return this.#entries[op]?.vectors ?? 0;
  }

  /** See {@linkcode Rules}. */
  integers(op: number): number {
    return this.#entries[op]?.integers ?? 0;
  }

  /** See {@linkcode Rules}. */
  immediate(op: number, place: number, value: number, offset: number): boolean {
    if (place === ADDRESS) return (value >>> 0) + offset < 0x80000000;
    if (op === MOVE || op === COPY || op === FILL || op === RETURN) return true;
    if (value < -0x80000000 || value > 0x7fffffff) return false;
    if (op === ARGUMENT) return true;
    if (place === A) return op >= STORE32 && op <= STORE64;
    if (place !== B) return false;
    return (op >= 0x46 && op <= 0x5a) || op === BRANCH || (op >= 0x6a && op <= 0x8a) || isVectorShift(op);
  }
}

/** Shifts of lanes of 16, 32 and 64 bits. */
function isVectorShift(op: number): boolean {
  const number = op - 0x200;
  return number >= 0x8b && number <= 0xcd && (number & 0x1f) >= 0x0b && (number & 0x1f) <= 0x0d;
}

/** Returns, for each operation, the load that its second operand may be, or -1. */
function loads(table: Table): Int16Array {
  const made = new Int16Array(OPERATIONS).fill(-1), { operands, result } = signaturesOf();
  for (let op = 0; op < OPERATIONS; op++) {
    const entry = table[op];
    if (!entry || (entry.flags & SECOND_IN_MEMORY) === 0 || operands[op]! < 2) continue;
    if (result[op] === V128) made[op] = LOAD_VECTOR;
    else if (op >= 0x46 && op < 0x50) made[op] = LOAD32;
    else if (op >= 0x51 && op < 0x5b) made[op] = LOAD64;
    else made[op] = [LOAD32, LOAD64, LOAD_F32, LOAD_F64][result[op]!] ?? -1;
  }
  made[SELECT] = -1;
  return made;
}
