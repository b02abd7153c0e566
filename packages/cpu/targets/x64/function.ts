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
import { type Assembler, BASE, RAX, RBP, RCX, RDI, RDX, RSI, RSP } from "./assembler.ts";
import { branch, enter, leave, move, moveBytes, passArgument, select, takeResult } from "./control.ts";
import { Selector } from "./selector.ts";
import { entries, type X64Rules } from "./table.ts";

/** Integer registers in the order of allocation; those that calls need not preserve come first. */
const INTEGERS: readonly number[] = [RDX, RCX, RSI, RDI, 8, 9, 10, 11, RAX, 3, RBP, 12, 13, 14];
const VECTORS: readonly number[] = Array.from({ length: 16 }, (_, i) => 16 + i);

/** State that all functions of a module share. */
export interface Shared {
  readonly arena: Arena;
  readonly rules: X64Rules;
  readonly vectorBytes: 16 | 32;
  /** Labels of the functions. */
  readonly functions: readonly number[];
  /** Label of the code for traps. */
  readonly trap: number;
  /** True if some function can trap: the frame of the entry then stays in rbp. */
  readonly traps: boolean;
  /** Registers that each function overwrites, as masks; filled in as they are compiled. */
  readonly overwritten: number[];
}

/** Fixed registers that instructions of a function use. */
function reserved(flow: Flow): Set<number> {
  const registers = new Set<number>();
  for (let i = 0; i < flow.count; i++) {
    const op = flow.words[i * WORDS + OP]!;
    if (canTrap(op)) [RAX, RCX, RDX].forEach((r) => registers.add(r));
    else if (op === COPY || op === FILL) [RAX, RCX, RSI, RDI].forEach((r) => registers.add(r));
    else if (op === 0x77 || op === 0x78 || op === 0x89 || op === 0x8a) registers.add(RCX);
  }
  return registers;
}

/** Appends a function, or returns the reason why it cannot be compiled. */
export function emitFunction(asm: Assembler, flow: Flow, index: number, shared: Shared): string | undefined {
  const { rules, vectorBytes, overwritten, traps, arena } = shared, table = entries();
  arena.reset();
  propagateConstants(flow, arena);
  const live = findLiveness(
    flow,
    arena,
    (op) => op === MOVE || op === SELECT || (table[op] !== undefined && !canTrap(op)),
  );
  const taken = reserved(flow);
  if (traps) taken.add(RBP);
  const registers: RegisterSet = {
    integers: INTEGERS.filter((r) => !taken.has(r)),
    vectors: VECTORS,
    overwritten: (callee) => overwritten[callee]!,
  };
  const allocation = allocate(flow, live, rules, registers, arena);
  if (allocation === undefined) return "an instruction with too many operands";
  const hoisted = hoistConstants(flow, allocation, rules, VECTORS, live.depth);
  let mask = allocation.used | hoisted.used | 1 << RAX | 1 << 16;
  for (const register of taken) if (register !== RBP || !traps) mask |= 1 << register;
  for (const callee of flow.calls) mask |= overwritten[callee]!;
  overwritten[index] = mask;
  const slots = Math.ceil(flow.argumentBytes / vectorBytes) * vectorBytes;
  const bytes = slots + allocation.slots * vectorBytes;
  const frame = bytes === 0 && flow.calls.size === 0 ? 0 : Math.ceil((bytes + 8) / 32) * 32 - 8;
  const { trap } = shared;
  const s = new Selector(asm, { flow, allocation, wide: vectorBytes === 32, frame, slots, trap, arena });
  asm.align(16, 15);
  asm.bind(shared.functions[index]!);
  emitBody(s, flow, live, hoisted.loops, shared);
  return undefined;
}

function emitBody(
  s: Selector,
  flow: Flow,
  live: Liveness,
  hoisted: ReturnType<typeof hoistConstants>["loops"],
  { functions, trap, vectorBytes }: Shared,
): void {
  const { asm } = s, { words, count } = flow, table = entries();
  const labels = Array.from({ length: flow.labels }, () => asm.label());
  const innermost = flow.loops.map(({ start, end }) =>
    !flow.loops.some((other) => other.start > start && other.end <= end)
  );
  for (let i = 0; i < count; i++) {
    const at = i * WORDS, op = words[at + OP]!;
    s.go(i);
    switch (op) {
      case NOP:
        continue;
      case ENTRY:
        enter(s, live, vectorBytes);
        continue;
      case LOOP:
        if (innermost[words[at + EXTRA]!] && !flow.loops[words[at + EXTRA]!]!.rotated) asm.align(32, 31);
        s.flagsAt = -1;
        asm.bind(labels[words[at + TARGET]!]!);
        continue;
      case LABEL:
        if (words[at + EXTRA]! > 0 && innermost[words[at + EXTRA]! - 1]) asm.align(32, 31);
        s.flagsAt = -1;
        asm.bind(labels[words[at + TARGET]!]!);
        continue;
      case PREHEADER:
        s.keep(hoisted[words[at + EXTRA]!]!);
        continue;
      case LOOP_END:
        s.release(hoisted[words[at + EXTRA]!]!);
        continue;
      case JUMP:
        if (!leadsOn(flow, i)) asm.jump(labels[words[at + TARGET]!]!);
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
        asm.call(functions[words[at + EXTRA]!]!);
        takeResult(s);
        break;
      case RETURN:
        leave(s);
        continue;
      case TRAP:
        asm.jump(trap);
        continue;
      case SELECT:
        select(s);
        break;
      case COPY:
      case FILL:
        moveBytes(s, op);
        continue;
      default:
        table[op]!.emit(s);
    }
    s.finish();
  }
}

/** Returns true if a jump goes to the code right after it. */
function leadsOn({ words, count }: Flow, i: number): boolean {
  const target = words[i * WORDS + TARGET];
  for (let k = i + 1; k < count; k++) {
    const op = words[k * WORDS + OP];
    if (op === LABEL && words[k * WORDS + TARGET] === target) return true;
    if (op !== LABEL && op !== LOOP_END && op !== NOP) return false;
  }
  return false;
}

/** Appends code that calls a function with the words of a block as its arguments; returns its offset in bytes. */
export function emitEntry(
  asm: Assembler,
  label: number,
  { base, parameters, returns, exit }: {
    readonly base: bigint;
    readonly parameters: number;
    readonly returns: boolean;
    readonly exit: number;
  },
): number {
  asm.align(16, 15);
  const start = asm.length, area = Math.ceil(8 * parameters / 32) * 32;
  asm.raw(0x53, 0x55, 0x41, 0x54, 0x41, 0x55, 0x41, 0x56, 0x41, 0x57); // push rbx, rbp, r12 to r15
  asm.load(RBP, RSP, true);
  asm.arithmeticBy(5, RSP, area + 32, true);
  asm.arithmeticBy(4, RSP, -32, true);
  asm.set64(BASE, base);
  asm.load(RDI, RDI);
  asm.store(asm.at(RSP, -1, area), RDI, true);
  asm.store(asm.at(RSP, -1, area + 8), RBP, true);
  for (let k = 0; k < parameters; k++) {
    asm.load(RAX, asm.at(BASE, RDI, 4 * k));
    asm.store(asm.at(RSP, -1, 8 * k), RAX, true);
  }
  asm.call(label);
  if (returns) {
    asm.load(RDI, asm.at(RSP, -1, area));
    asm.store(asm.at(BASE, RDI, 0), RAX);
  }
  asm.load(RBP, asm.at(RSP, -1, area + 8), true);
  asm.arithmetic(6, RAX, RAX);
  asm.jump(exit);
  return start;
}

/** Appends the ends of entries: `trap`, which makes the result 1, and `leave`, which takes the frame from rbp. */
export function emitExits(asm: Assembler, trap: number, leave: number): void {
  asm.bind(trap);
  asm.set(RAX, 1);
  asm.bind(leave);
  asm.raw(0xc5, 0xf8, 0x77); // vzeroupper
  asm.load(RSP, RBP, true);
  asm.raw(0x41, 0x5f, 0x41, 0x5e, 0x41, 0x5d, 0x41, 0x5c, 0x5d, 0x5b, 0xc3); // pop r15 to r12, rbp, rbx; ret
}
