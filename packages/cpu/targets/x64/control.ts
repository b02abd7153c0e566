/** Selects jumps, calls, moves and copies of memory. */
import { A, B, C, NEGATED, OFFSET, TARGET, TO } from "../native/flow.ts";
import type { Liveness } from "../native/liveness.ts";
import { COPY, I64, operationOf, V128 } from "../native/operation.ts";
import { VECTOR_OPS } from "../wasm/vector_opcodes.ts";
import { BELOW, EQUAL, NOT_EQUAL, RAX, RCX, RDI, RSI, RSP, SUB } from "./assembler.ts";
import { compare, CONDITIONS, immediateOf } from "./integers.ts";
import { TEST } from "./lanes.ts";
import type { Selector } from "./selector.ts";

const ANY_TRUE = operationOf(VECTOR_OPS["v128.any_true"]);

/** Reserves the frame, loads the parameters, and clears the locals that are read before they are set. */
export function enter(s: Selector, { head, start }: Liveness, vectorBytes: number): void {
  const { asm, flow } = s;
  if (s.frame > 0) asm.arithmeticBy(SUB, RSP, s.frame, true);
  let offset = s.frame + 8;
  const live = (v: number): boolean => head[v]! >= 0 && start[head[v]!] === 1;
  const places: number[] = [];
  for (let v = 0; v < flow.parameters; v++) {
    places.push(offset);
    offset += flow.types[v] === V128 ? vectorBytes : 8;
  }
  // Parameters on the stack pass through a register that is loaded later.
  for (const onStack of [true, false]) {
    for (let v = 0; v < flow.parameters; v++) {
      const home = s.registerOf(v);
      if (!live(v) || (home < 0) !== onStack) continue;
      s.load(Math.max(home, 0), flow.types[v]!, asm.at(RSP, -1, places[v]!));
      if (onStack) s.storeFrom(0, v);
    }
  }
  const unset: number[] = [];
  for (let v = flow.parameters; v < flow.locals; v++) if (live(v)) unset.push(v);
  clear(s, unset);
}

function clear(s: Selector, unset: readonly number[]): void {
  const { asm, flow } = s, zero = new Uint8Array(32);
  for (const v of unset) {
    const home = s.registerOf(v), type = flow.types[v]!;
    if (home < 0) continue;
    if (type <= I64) asm.arithmetic(6, home, home);
    else s.x(0x10057, home, home, home);
  }
  for (const v of unset) {
    if (s.registerOf(v) >= 0) continue;
    // No register may be free here, so zeros are stored eight bytes at a time.
    for (let at = 0; at < (flow.types[v] === V128 ? zero.length >> (s.wide ? 0 : 1) : 8); at += 8) {
      asm.integer(0xc7, 0, s.slot(v, at), true, 4);
      asm.word(0);
    }
  }
}

/** Copies a register, or loads a constant. */
export function move(s: Selector): void {
  const from = s.word(A), to = s.word(TO), target = s.registerOf(to);
  const home = s.registerOf(from);
  if (target >= 0) {
    if (home >= 0) s.copy(target, home, s.flow.types[to]!);
    else s.loadKept(target, from);
  } else if (home >= 0) s.storeFrom(home, to);
  else {
    s.loadKept(s.to, from);
    s.storeFrom(s.to, to);
  }
}

/** Jumps if a comparison holds, or if a value is not zero. */
export function branch(s: Selector, labels: readonly number[]): void {
  const { asm, extra } = s, label = labels[s.word(TARGET)]!, negated = (extra & NEGATED) !== 0;
  const op = extra & ~NEGATED;
  let condition = NOT_EQUAL;
  if (op === ANY_TRUE) {
    const a = s.a;
    s.v(TEST, a, 0, a);
  } else if (op === 0 || op === 0x45 || op === 0x50) {
    const a = s.a;
    if (op === 0x50 || s.flagsOf !== a || s.flagsAt !== asm.length) asm.integer(0x85, a, a, op === 0x50);
    if (op !== 0) condition = EQUAL;
  } else {
    compare(s, op > 0x50);
    condition = CONDITIONS[op > 0x50 ? op - 0x51 : op - 0x46]!;
  }
  asm.jumpIf(negated ? condition ^ 1 : condition, label);
}

/** Pushes an argument of a call. */
export function passArgument(s: Selector): void {
  const { asm } = s, constant = s.constant(A), at = s.word(OFFSET);
  const immediate = constant && constant.type <= I64 ? immediateOf(s, A) : undefined;
  if (immediate !== undefined) {
    asm.integer(0xc7, 0, asm.at(RSP, -1, at), true, 4);
    asm.word(immediate);
    return;
  }
  const value = s.a;
  s.store(value, s.type(A), asm.at(RSP, -1, at));
}

/** Moves the result of a call from its register. */
export function takeResult(s: Selector): void {
  if (s.word(TO) >= 0) s.copy(s.to, 0, s.flow.types[s.word(TO)]!);
}

/** Leaves the function. */
export function leave(s: Selector): void {
  const { asm } = s, v = s.word(A);
  if (v >= 0) {
    const home = s.registerOf(v);
    if (home >= 0) s.copy(0, home, s.flow.types[v]!);
    else s.loadInto(0, v);
  }
  if (s.frame > 0) asm.arithmeticBy(0, RSP, s.frame, true);
  asm.raw(0xc3);
}

/** Chooses between two values by a third one. */
export function select(s: Selector): void {
  const { asm, to } = s, type = s.type(A), { a, b, c } = s;
  if (type <= I64) {
    asm.integer(0x85, c, c, false);
    if (to === a) asm.integer(0x0f44, to, b, true);
    else {
      s.copy(to, b, type);
      asm.integer(0x0f45, to, a, true);
    }
    return;
  }
  const done = asm.label();
  asm.integer(0x85, c, c, false);
  if (to === a) {
    asm.jumpIf(NOT_EQUAL, done);
    s.copy(to, b, type);
  } else {
    s.copy(to, b, type);
    asm.jumpIf(EQUAL, done);
    s.copy(to, a, type);
  }
  asm.bind(done);
}

/** Copies or fills bytes of memory with the processor's own instructions for it. */
export function moveBytes(s: Selector, op: number): void {
  const { asm } = s;
  const into = (register: number, k: number): void => {
    const v = s.word(k), home = s.registerOf(v);
    if (home >= 0) asm.load(register, home);
    else s.loadInto(register, v);
  };
  into(RDI, A);
  into(op === COPY ? RSI : RAX, B);
  into(RCX, C);
  if (op !== COPY) {
    asm.arithmetic(0, RDI, 15, true);
    asm.raw(0xf3, 0xaa);
    return;
  }
  const forward = asm.label(), done = asm.label();
  // Backward if the target begins within the source.
  asm.load(RAX, RDI);
  asm.arithmetic(SUB, RAX, RSI);
  asm.arithmetic(0, RDI, 15, true);
  asm.arithmetic(0, RSI, 15, true);
  asm.arithmetic(7, RAX, RCX);
  const backward = asm.label();
  asm.jumpIf(BELOW, backward);
  asm.bind(forward);
  asm.raw(0xf3, 0xa4);
  asm.jump(done);
  asm.bind(backward);
  asm.address(RDI, asm.at(RDI, RCX, -1), true);
  asm.address(RSI, asm.at(RSI, RCX, -1), true);
  asm.raw(0xfd, 0xf3, 0xa4, 0xfc);
  asm.bind(done);
}
