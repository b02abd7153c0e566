/** Selects instructions on integers of 32 and 64 bits. */
import { A, ADDRESS, B } from "../native/flow.ts";
import { FIRST_IN_MEMORY, SECOND_IN_MEMORY } from "../native/rules.ts";
import {
  ABOVE,
  ABOVE_EQUAL,
  ADD,
  AND,
  BELOW,
  BELOW_EQUAL,
  CMP,
  EQUAL,
  GREATER,
  GREATER_EQUAL,
  LESS,
  LESS_EQUAL,
  NOT_EQUAL,
  OR,
  SUB,
  XOR,
} from "./assembler.ts";
import { type Entries, type Entry, entry, vex } from "./entry.ts";
import type { Selector } from "./selector.ts";

/** Conditions of comparisons in the order of WebAssembly's opcodes. */
export const CONDITIONS: readonly number[] = [
  EQUAL,
  NOT_EQUAL,
  LESS,
  BELOW,
  GREATER,
  ABOVE,
  LESS_EQUAL,
  BELOW_EQUAL,
  GREATER_EQUAL,
  ABOVE_EQUAL,
];

/** Returns the constant of an operand if an instruction can hold it. */
export function immediateOf(s: Selector, k: number): number | undefined {
  const constant = s.constant(k);
  if (constant === undefined) return undefined;
  return constant.value >= -0x80000000 && constant.value <= 0x7fffffff ? constant.value : undefined;
}

/** Compares the operands, which sets the flags. */
export function compare(s: Selector, wide: boolean): void {
  const { asm } = s, immediate = immediateOf(s, B);
  if (immediate === 0 && s.registerOf(s.word(A)) >= 0) {
    const a = s.a;
    asm.integer(0x85, a, a, wide);
  } else if (immediate !== undefined) asm.arithmeticBy(CMP, s.operand(A), immediate, wide);
  else if (s.isInMemory(A)) {
    const b = s.b;
    asm.integer(CMP << 3 | 1, b, s.operand(A), wide);
  } else {
    const a = s.a;
    asm.arithmetic(CMP, a, s.operand(B), wide);
  }
}

/** Sets the result to 1 if the condition holds, otherwise to 0. */
export function setIf(s: Selector, condition: number): void {
  const { asm } = s, { to } = s;
  asm.prefixed(0, 0x0f90 | condition, 0, to, false, true);
  asm.prefixed(0, 0x0fb6, to, to, false, true);
}

/** to = a op b for operations whose operands can change places, and for subtraction. */
function arithmetic(op: number, wide: boolean): Entry {
  return entry((s) => {
    const { asm, to } = s, immediate = immediateOf(s, B);
    if (immediate !== undefined) {
      const a = s.a;
      if (to === a) {
        asm.arithmeticBy(op, to, immediate, wide);
        tellFlags(s, to, wide);
      } else if ((op === ADD || op === SUB) && immediate !== -0x80000000) {
        asm.address(to, asm.at(a, -1, op === ADD ? immediate : -immediate), wide);
      } else {
        asm.load(to, a, wide);
        asm.arithmeticBy(op, to, immediate, wide);
        tellFlags(s, to, wide);
      }
      return;
    }
    const a = s.a, rm = s.operand(B);
    if (to === a) asm.arithmetic(op, to, rm, wide);
    else if (to === rm) {
      if (op === SUB) asm.integer(0xf7, 3, to, wide);
      asm.arithmetic(op === SUB ? ADD : op, to, a, wide);
    } else if (op === ADD && rm < 16) asm.address(to, asm.at(a, rm, 0), wide);
    else if (rm < 16) {
      asm.load(to, a, wide);
      asm.arithmetic(op, to, rm, wide);
    } else if (usesInAddress(s, to)) {
      // The address would be overwritten by the copy of the first operand.
      asm.load(to, s.operand(B), wide);
      if (op === SUB) asm.integer(0xf7, 3, to, wide);
      asm.arithmetic(op === SUB ? ADD : op, to, a, wide);
    } else {
      asm.load(to, a, wide);
      asm.arithmetic(op, to, s.operand(B), wide);
    }
  }, { flags: SECOND_IN_MEMORY });
}

/** Notes that the zero flag reflects a register. */
function tellFlags(s: Selector, register: number, wide: boolean): void {
  if (wide) return;
  s.flagsOf = register;
  s.flagsAt = s.asm.length;
}

/** Returns true if the operand in memory is addressed by the register of the result. */
function usesInAddress(s: Selector, to: number): boolean {
  return s.word(B) < -1 && s.constant(ADDRESS) === undefined && s.register(ADDRESS) === to;
}

function multiply(wide: boolean): Entry {
  return entry((s) => {
    const { asm, to } = s, immediate = immediateOf(s, B);
    if (immediate !== undefined) {
      const a = s.a;
      if (immediate > 0 && (immediate & immediate - 1) === 0) {
        if (to !== a) asm.load(to, a, wide);
        asm.integer(0xc1, 4, to, wide, 1);
        asm.raw(31 - Math.clz32(immediate));
      } else {
        asm.integer(0x69, to, a, wide, 4);
        asm.word(immediate);
      }
      return;
    }
    const a = s.a, rm = s.operand(B);
    if (to === a) asm.integer(0x0faf, to, rm, wide);
    else if (to === rm || usesInAddress(s, to)) {
      if (to !== rm) asm.load(to, s.operand(B), wide);
      asm.integer(0x0faf, to, a, wide);
    } else {
      asm.load(to, a, wide);
      asm.integer(0x0faf, to, s.operand(B), wide);
    }
  }, { flags: SECOND_IN_MEMORY });
}

/** Selects a shift, given the extension of the immediate form, and the form with the count in any register. */
function shift(extension: number, spec: number, wide: boolean): Entry {
  return entry((s) => {
    const { asm, to } = s, count = s.constant(B);
    const a = s.a;
    if (count === undefined) asm.vector(spec | (wide ? 1 << 11 : 0), false, to, s.b, a);
    else {
      if (to !== a) asm.load(to, a, wide);
      asm.integer(0xc1, extension, to, wide, 1);
      asm.raw(count.value & (wide ? 63 : 31));
    }
  });
}

/** Sets the result to a condition of a comparison. */
function comparison(condition: number, wide: boolean): Entry {
  return entry((s) => {
    compare(s, wide);
    setIf(s, condition);
  }, { flags: FIRST_IN_MEMORY | SECOND_IN_MEMORY });
}

function isZero(wide: boolean): Entry {
  return entry((s) => {
    const a = s.a;
    s.asm.integer(0x85, a, a, wide);
    setIf(s, EQUAL);
  });
}

/** Selects an instruction with a prefix and one operand in a register or memory. */
function counted(opcode: number, wide: boolean): Entry {
  return entry((s) => {
    const a = s.a;
    s.asm.prefixed(0xf3, opcode, s.to, a, wide);
  });
}

/** Sign extension from a part of the register. */
function extended(opcode: number, wide: boolean): Entry {
  return entry((s) => {
    const a = s.a;
    s.asm.prefixed(0, opcode, s.to, a, wide, opcode === 0x0fbe);
  });
}

function forWidth(type: "i32" | "i64", wide: boolean): Entries {
  const comparisons = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"];
  return {
    ...Object.fromEntries(
      comparisons.map((name, i) => [`${type}.${name}`, comparison(CONDITIONS[i]!, wide)]),
    ),
    [`${type}.eqz`]: isZero(wide),
    [`${type}.add`]: arithmetic(ADD, wide),
    [`${type}.sub`]: arithmetic(SUB, wide),
    [`${type}.and`]: arithmetic(AND, wide),
    [`${type}.or`]: arithmetic(OR, wide),
    [`${type}.xor`]: arithmetic(XOR, wide),
    [`${type}.mul`]: multiply(wide),
    [`${type}.shl`]: shift(4, vex(2, 1, 0xf7), wide),
    [`${type}.shr_u`]: shift(5, vex(2, 3, 0xf7), wide),
    [`${type}.shr_s`]: shift(7, vex(2, 2, 0xf7), wide),
    [`${type}.clz`]: counted(0x0fbd, wide),
    [`${type}.ctz`]: counted(0x0fbc, wide),
    [`${type}.popcnt`]: counted(0x0fb8, wide),
    [`${type}.extend8_s`]: extended(0x0fbe, wide),
    [`${type}.extend16_s`]: extended(0x0fbf, wide),
  };
}

/** Instructions on integers. */
export const INTEGERS: Entries = {
  ...forWidth("i32", false),
  ...forWidth("i64", true),
  "i64.extend32_s": extended(0x63, true),
  "i64.extend_i32_s": extended(0x63, true),
  "i64.extend_i32_u": entry((s) => s.asm.load(s.to, s.a)),
  "i32.wrap_i64": entry((s) => s.asm.load(s.to, s.a)),
};
