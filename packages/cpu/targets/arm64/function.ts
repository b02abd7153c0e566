/** Machine code of one function. */
import { allocate, type RegisterSet } from "../native/allocate.ts";
import type { Arena } from "../native/arena.ts";
import { EXTRA, type Flow, OP, TARGET, WORDS } from "../native/flow.ts";
import { hoistConstants } from "../native/hoist.ts";
import { findLiveness, type Liveness, propagateConstants } from "../native/liveness.ts";
import {
  ARGUMENT,
  BRANCH,
  CALL,
  canTrap,
  COPY,
  ENTRY,
  FILL,
  JUMP,
  LABEL,
  LOOP,
  LOOP_END,
  MOVE,
  NOP,
  PREHEADER,
  RETURN,
  SELECT,
  TRAP,
} from "../native/operation.ts";
import type { Assembler } from "./assembler.ts";
import {
  branch,
  enter,
  leave,
  move,
  moveBytes,
  MOVING,
  passArgument,
  select,
  takeResult,
} from "./control.ts";
import { Selector } from "./selector.ts";
import { type Arm64Rules, entries } from "./table.ts";
import { Label } from "./words.ts";

/** The allocator's register numbers; see `registerFor`. */
const INTEGERS: readonly number[] = Array.from({ length: 16 }, (_, i) => i);
const VECTORS: readonly number[] = Array.from({ length: 16 }, (_, i) => 16 + i);
/** Bytes of a stack slot. */
const SLOT = 16;

/** State that all functions of a module share. */
export interface Shared {
  readonly rules: Arm64Rules;
  readonly functions: readonly Label[];
  /** Label of the code for traps. */
  readonly trap: Label;
  /** Registers that each function overwrites, as masks; filled in as they are compiled. */
  readonly overwritten: number[];
  readonly arena: Arena;
}

function movesBytes({ words, count }: Flow): boolean {
  for (let i = 0; i < count; i++) {
    const op = words[i * WORDS + OP]!;
    if (op === COPY || op === FILL) return true;
  }
  return false;
}

/** Appends a function, or returns the reason why it cannot be compiled. */
export function emitFunction(asm: Assembler, flow: Flow, index: number, shared: Shared): string | undefined {
  const { rules, overwritten, trap, arena } = shared, table = entries();
  arena.reset();
  propagateConstants(flow, arena);
  const live = findLiveness(
    flow,
    arena,
    (op) => op === MOVE || op === SELECT || (table[op] !== undefined && !canTrap(op)),
  );
  const taken = movesBytes(flow) ? MOVING : [];
  const registers: RegisterSet = {
    integers: INTEGERS.filter((r) => !taken.includes(r)),
    vectors: VECTORS,
    overwritten: (callee) => overwritten[callee]!,
  };
  const allocation = allocate(flow, live, rules, registers, arena);
  if (allocation === undefined) return "an instruction with too many operands";
  const hoisted = hoistConstants(flow, allocation, rules, VECTORS, live.depth);
  let mask = allocation.used | hoisted.used | 1 | 1 << 16;
  for (const register of taken) mask |= 1 << register;
  for (const callee of flow.calls) mask |= overwritten[callee]!;
  overwritten[index] = mask;
  const slots = Math.ceil(flow.argumentBytes / SLOT) * SLOT;
  const frame = slots + allocation.slots * SLOT + (flow.calls.size > 0 ? SLOT : 0);
  asm.bind(shared.functions[index]!);
  const s = new Selector(asm, { flow, allocation, frame, slots, trap, arena });
  emitBody(s, flow, live, hoisted.loops, shared);
  return undefined;
}

function emitBody(
  s: Selector,
  flow: Flow,
  live: Liveness,
  hoisted: ReturnType<typeof hoistConstants>["loops"],
  { functions, trap }: Shared,
): void {
  const { asm } = s, { words, count } = flow, table = entries();
  const labels = Array.from({ length: flow.labels }, () => new Label());
  for (let i = 0; i < count; i++) {
    const at = i * WORDS, op = words[at + OP]!;
    s.go(i);
    switch (op) {
      case NOP:
        continue;
      case ENTRY:
        enter(s, live);
        continue;
      case LOOP:
      case LABEL:
        asm.bind(labels[words[at + TARGET]!]!);
        continue;
      case PREHEADER:
        s.keep(hoisted[words[at + EXTRA]!]!);
        continue;
      case LOOP_END:
        s.release(hoisted[words[at + EXTRA]!]!);
        continue;
      case JUMP:
        asm.branch(labels[words[at + TARGET]!]!);
        continue;
      case BRANCH:
        branch(s, labels);
        continue;
      case MOVE:
        move(s);
        continue;
      case ARGUMENT:
        passArgument(s);
        continue;
      case CALL:
        asm.callLabel(functions[words[at + EXTRA]!]!);
        takeResult(s);
        break;
      case RETURN:
        leave(s);
        continue;
      case TRAP:
        asm.branch(trap);
        continue;
      case SELECT:
        select(s);
        break;
      case COPY:
      case FILL:
        moveBytes(s, op);
        continue;
      default:
        table[op]!(s);
    }
    s.finish();
  }
}
