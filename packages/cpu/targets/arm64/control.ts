/** Selects jumps, calls, moves and copies of memory. */
import { A, B, C, NEGATED, OFFSET, TARGET, TO } from "../native/flow.ts";
import type { Liveness } from "../native/liveness.ts";
import { COPY, F32, F64, I64, operationOf, V128 } from "../native/operation.ts";
import { VECTOR_OPS } from "../wasm/vector_opcodes.ts";
import { compare, CONDITIONS } from "./integers.ts";
import { type Register, STACK, ZERO } from "./general.ts";
import type { Condition } from "./general_instructions.ts";
import { testAny } from "./lanes.ts";
import { BASE, registerFor, type Selector, T0, T1, V0 } from "./selector.ts";
import { Label } from "./words.ts";

const ANY_TRUE = operationOf(VECTOR_OPS["v128.any_true"]);
/** The register of the return address. */
const LINK: Register = 30;

/** Moves the stack pointer by a number of bytes. */
function moveStack(s: Selector, name: "add" | "sub", bytes: number): void {
  if (bytes >= 4096) s.asm.addConstant(name, 64, STACK, STACK, bytes >> 12, true);
  if (bytes % 4096 !== 0) s.asm.addConstant(name, 64, STACK, STACK, bytes % 4096);
}

/** Reserves the frame, loads the parameters, and clears the locals that are read before they are set. */
export function enter(s: Selector, { head, start }: Liveness): void {
  const { flow } = s;
  if (s.frame > 0) moveStack(s, "sub", s.frame);
  if (flow.calls.size > 0) s.store(LINK, I64, STACK, s.frame - 16);
  let offset = s.frame;
  const live = (v: number): boolean => head[v]! >= 0 && start[head[v]!] === 1;
  for (let v = 0; v < flow.parameters; v++) {
    const type = flow.types[v]!, home = s.registerOf(v);
    if (live(v)) {
      const register = home >= 0 ? home : type <= I64 ? T0 : V0;
      // An offset that is out of range needs T0 and T1, which hold no parameters.
      s.load(register, type, STACK, offset);
      if (home < 0) s.storeFrom(register, v);
    }
    offset += type === V128 ? 16 : 8;
  }
  for (let v = flow.parameters; v < flow.locals; v++) {
    if (!live(v)) continue;
    const type = flow.types[v]!, home = s.registerOf(v);
    if (type <= I64) {
      if (home >= 0) s.asm.constant32(home, 0);
      else s.storeFrom(ZERO, v);
    } else {
      s.asm.zero(home >= 0 ? home : V0);
      if (home < 0) s.storeFrom(V0, v);
    }
  }
}

/** Copies a register, or loads a constant. */
export function move(s: Selector): void {
  const from = s.word(A), to = s.word(TO), target = s.registerOf(to), home = s.registerOf(from);
  const type = s.flow.types[to]!;
  if (target >= 0) {
    if (home >= 0) s.copy(target, home, type);
    else s.loadKept(target, from);
  } else if (home >= 0) s.storeFrom(home, to);
  else {
    const through = type <= I64 ? T0 : V0;
    s.loadKept(through, from);
    s.storeFrom(through, to);
  }
}

/** Jumps if a comparison holds, or if a value is not zero. */
export function branch(s: Selector, labels: readonly Label[]): void {
  const { asm, extra } = s, label = labels[s.word(TARGET)]!, negated = (extra & NEGATED) !== 0;
  const op = extra & ~NEGATED;
  let condition: Condition = "ne";
  if (op === ANY_TRUE) testAny(s, s.a);
  else if (op === 0 || op === 0x45 || op === 0x50) {
    asm.integer("subs", op === 0x50 ? 64 : 32, ZERO, s.a, ZERO);
    if (op !== 0) condition = "eq";
  } else {
    compare(s, op > 0x50 ? 64 : 32);
    condition = CONDITIONS[op > 0x50 ? op - 0x51 : op - 0x46]!;
  }
  asm.branchIf(negated ? opposite(condition) : condition, label);
}

const OPPOSITE: Readonly<Partial<Record<Condition, Condition>>> = {
  eq: "ne",
  ne: "eq",
  lt: "ge",
  ge: "lt",
  gt: "le",
  le: "gt",
  lo: "hs",
  hs: "lo",
  hi: "ls",
  ls: "hi",
};

function opposite(condition: Condition): Condition {
  return OPPOSITE[condition]!;
}

/** Pushes an argument of a call. */
export function passArgument(s: Selector): void {
  const v = s.word(A), type = s.flow.types[v]!, home = s.registerOf(v);
  const register = home >= 0 ? home : type <= I64 ? T0 : V0;
  if (home < 0) s.loadKept(register, v);
  s.store(register, type, STACK, s.word(OFFSET));
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
    else s.loadKept(0, v);
  }
  if (s.flow.calls.size > 0) s.load(LINK, I64, STACK, s.frame - 16);
  if (s.frame > 0) moveStack(s, "add", s.frame);
  asm.ret();
}

/** Chooses between two values by a third one. */
export function select(s: Selector): void {
  const { asm, to } = s, type = s.type(A), { a, b, c } = s;
  asm.integer("subs", 32, ZERO, c, ZERO);
  if (type <= I64) return asm.select(64, to, a, b, "ne");
  if (type === F32 || type === F64) return asm.selectScalar(type === F64 ? 64 : 32, to, a, b, "ne");
  const done = new Label();
  asm.moveVector(V0, a);
  asm.branchIf("ne", done);
  asm.moveVector(V0, b);
  asm.bind(done);
  asm.moveVector(to, V0);
}

/** Registers for copies and fills of memory; functions that contain any reserve them. */
export const MOVING: readonly number[] = [0, 1, 2];

/** Copies or fills bytes of memory. */
export function moveBytes(s: Selector, op: number): void {
  const { asm } = s, [to, from, count] = MOVING.map(registerFor) as [Register, Register, Register];
  const into = (register: Register, k: number): void => {
    const v = s.word(k), home = s.registerOf(v);
    if (home >= 0) asm.move(32, register, home);
    else s.loadKept(register, v);
  };
  into(to, A);
  into(from, B);
  into(count, C);
  const done = new Label(), backward = new Label(), wide = new Label(), single = new Label();
  if (op === COPY) {
    // Backward if the target begins within the source.
    asm.integer("sub", 32, T0, to, from);
    asm.integer("subs", 32, ZERO, T0, count);
    asm.branchIf("lo", backward);
    asm.addExtended(from, BASE, from);
  } else asm.splat("16b", V0, from);
  asm.addExtended(to, BASE, to);
  asm.bind(wide);
  asm.addConstant("subs", 32, T0, count, 16);
  asm.branchIf("lo", single);
  if (op === COPY) {
    asm.accessAt("ldrQ", V0, from, 0);
    asm.addConstant("add", 64, from, from, 16);
  }
  asm.accessAt("strQ", V0, to, 0);
  asm.addConstant("add", 64, to, to, 16);
  asm.move(32, count, T0);
  asm.branch(wide);
  asm.bind(single);
  asm.branchZero("cbz", count, done);
  if (op === COPY) {
    asm.accessAt("ldrb", T1, from, 0);
    asm.addConstant("add", 64, from, from, 1);
    asm.accessAt("strb", T1, to, 0);
  } else asm.accessAt("strb", from, to, 0);
  asm.addConstant("add", 64, to, to, 1);
  asm.addConstant("sub", 32, count, count, 1);
  asm.branch(single);
  if (op === COPY) {
    asm.bind(backward);
    asm.branchZero("cbz", count, done);
    asm.addConstant("sub", 32, count, count, 1);
    asm.integer("add", 32, T0, from, count);
    asm.access("ldrb", T1, BASE, T0);
    asm.integer("add", 32, T0, to, count);
    asm.access("strb", T1, BASE, T0);
    asm.branch(backward);
  }
  asm.bind(done);
}
