/** Allocates registers of the processor, or stack slots, to virtual registers. */
import type { Arena } from "./arena.ts";
import { A, ADDRESS, B, EXTRA, type Flow, OFFSET, OP, TO, WORDS } from "./flow.ts";
import type { Liveness } from "./liveness.ts";
import { Occupancy } from "./occupancy.ts";
import { CALL, I64, MOVE } from "./operation.ts";
import { mayBeInMemory, type Rules } from "./rules.ts";

/** Registers of the processor that a function may use: integer registers, and vector registers numbered from 16. */
export interface RegisterSet {
  readonly integers: readonly number[];
  readonly vectors: readonly number[];
  /** Registers that a call of a function overwrites, as a mask. */
  overwritten(index: number): number;
}

/** Indices of an instruction's temporary registers in {@linkcode Allocation.own}, after its operands. */
export const OWN = 10, OWN_VECTOR = 5, OWN_INTEGER = 8;

/** Result of register allocation. */
export interface Allocation {
  /** Location of each virtual register: a register, or -1 minus the number of the stack slot; constants have none. */
  readonly home: Int32Array;
  /**
   * Registers reserved for each instruction, {@linkcode OWN} each: for the result and operands that are on the stack,
   * in the order of the instruction's words, and for intermediate values; -1 for none.
   */
  readonly own: Int32Array;
  /** Number of stack slots. */
  readonly slots: number;
  /** Mask of all registers that are written. */
  readonly used: number;
  readonly occupancy: Occupancy;
}

const NOWHERE = -0x8000;

/** Allocates all registers of a function; returns undefined if an instruction needs too many at once. */
export function allocate(
  flow: Flow,
  live: Liveness,
  rules: Rules,
  registers: RegisterSet,
  arena: Arena,
): Allocation | undefined {
  const count = flow.types.length, order = byPriority(live, count), hints = hintsOf(flow, arena);
  const spilled = arena.words(count);
  const spansOf = (v: number, visit: (start: number, end: number) => boolean): boolean => {
    for (let r = live.head[v]!; r >= 0; r = live.next[r]!) {
      if (!visit(live.start[r]!, live.end[r]!)) return false;
    }
    return true;
  };
  for (;;) {
    const occupancy = new Occupancy(arena, 2 * flow.count + 2), home = arena.words(count, NOWHERE);
    const own = ownRegisters(flow, rules, registers, spilled, occupancy, arena);
    if (own === undefined) return undefined;
    let again = false;
    for (const v of order) {
      if (spilled[v] === 1) continue;
      const fits = (register: number): boolean =>
        spansOf(v, (start, end) => occupancy.isFree(register, start, end));
      const wanted = hints[v]! < 0 ? NOWHERE : home[hints[v]!]!;
      const candidates = flow.types[v]! <= I64 ? registers.integers : registers.vectors;
      const found = wanted >= 0 && fits(wanted) ? wanted : candidates.find(fits);
      if (found === undefined) {
        spilled[v] = 1;
        again = true;
      } else {
        home[v] = found;
        spansOf(v, (start, end) => (occupancy.take(found, start, end), true));
      }
    }
    if (again) continue;
    const slots = new Occupancy(arena, 2 * flow.count + 2);
    for (const v of order) {
      if (spilled[v] === 0) continue;
      let slot = 0;
      while (!spansOf(v, (start, end) => slots.isFree(slot, start, end))) slot++;
      home[v] = -1 - slot;
      spansOf(v, (start, end) => (slots.take(slot, start, end), true));
    }
    let used = 0;
    for (const register of home) if (register >= 0) used |= 1 << register;
    for (const register of own) if (register >= 0) used |= 1 << register;
    return { home, own, slots: slots.count, used, occupancy };
  }
}

/** Returns the registers that are live anywhere, in order of their benefit per length of live range. */
function byPriority({ head, start, end, next, weight }: Liveness, count: number): number[] {
  const buckets: number[][] = [];
  for (let v = 0; v < count; v++) {
    let length = 0;
    for (let r = head[v]!; r >= 0; r = next[r]!) length += end[r]! - start[r]!;
    if (length === 0) continue;
    // Eighths of powers of two are fine enough.
    const bucket = Math.max(0, Math.round(8 * Math.log2(weight[v]! / length)) + 160);
    (buckets[bucket] ??= []).push(v);
  }
  return buckets.reverse().flat();
}

/** Returns, for each register, another one that it should share a location with, or -1. */
function hintsOf({ words, count, types, constants }: Flow, arena: Arena): Int32Array {
  const hints = arena.words(types.length, -1);
  for (let i = 0; i < count; i++) {
    const at = i * WORDS, to = words[at + TO]!, c = words[at + A + 2]!;
    const from = c >= 0 ? c : words[at + A]!;
    if (to < 0 || from < 0 || from === to || constants[from] !== undefined) continue;
    if ((types[to]! <= I64) !== (types[from]! <= I64)) continue;
    hints[to] = from;
    if (hints[from]! < 0) hints[from] = to;
  }
  return hints;
}

/** Reserves registers for values on the stack and for intermediate values. */
function ownRegisters(
  flow: Flow,
  rules: Rules,
  { integers, vectors, overwritten }: RegisterSet,
  spilled: Int32Array,
  occupancy: Occupancy,
  arena: Arena,
): Int32Array | undefined {
  const { words, count, types, constants } = flow, own = arena.words(OWN * count, -1);
  let failed = false;
  const take = (isInteger: boolean, start: number, end: number): number => {
    const found = (isInteger ? integers : vectors).find((register) => occupancy.isFree(register, start, end));
    if (found === undefined) failed = true;
    else occupancy.take(found, start, end);
    return found ?? -1;
  };
  for (let i = 0; i < count; i++) {
    const at = i * WORDS, op = words[at + OP]!;
    if (op !== CALL) continue;
    const mask = overwritten(words[at + EXTRA]!);
    for (let r = 0; r < 32; r++) if ((mask >>> r & 1) === 1) occupancy.take(r, 2 * i, 2 * i + 1);
  }
  for (let i = 0; i < count; i++) {
    const at = i * WORDS, op = words[at + OP]!, flags = rules.flags(op);
    let inMemory = words[at + B]! < -1;
    for (let k = ADDRESS; k >= A; k--) {
      const v = words[at + k]!;
      if (v < 0) continue;
      const constant = constants[v];
      if (constant === undefined && spilled[v] === 0) continue;
      if (constant !== undefined && constant.type <= I64) {
        const { value } = constant;
        if (rules.immediate(op, k, value, words[at + OFFSET]!)) continue;
      } else if (!inMemory) {
        if (k < ADDRESS && mayBeInMemory(flags, k)) {
          inMemory = true;
          continue;
        }
      }
      let known = -1;
      for (let j = ADDRESS; j > k; j--) if (words[at + j] === v && own[OWN * i + j - 1]! >= 0) known = j;
      own[OWN * i + k - 1] = known >= 0
        ? own[OWN * i + known - 1]!
        : take(types[v]! <= I64, 2 * i, 2 * i + 1);
    }
    const to = words[at + TO]!;
    if (to >= 0 && spilled[to] === 1) {
      const from = words[at + A]!;
      const direct = op === MOVE && constants[from] === undefined && spilled[from] === 0;
      if (!direct) own[OWN * i] = take(types[to]! <= I64, 2 * i + 1, 2 * i + 2);
    }
    for (let n = rules.vectors(op); n > 0; n--) {
      own[OWN * i + OWN_VECTOR + n - 1] = take(false, 2 * i, 2 * i + 2);
    }
    for (let n = rules.integers(op); n > 0; n--) {
      own[OWN * i + OWN_INTEGER + n - 1] = take(true, 2 * i, 2 * i + 2);
    }
  }
  return failed ? undefined : own;
}
