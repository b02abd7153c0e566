/** Selects instructions on integers of 32 and 64 bits. */
import { B } from "../native/flow.ts";
import { type Emit, type Entries, unary } from "./entry.ts";
import { type IntegerBits, ZERO } from "./general.ts";
import type { Condition, ThreeRegisters } from "./general_instructions.ts";
import { type Selector, T0, T1, V0 } from "./selector.ts";

/** Conditions of comparisons in the order of WebAssembly's opcodes. */
export const CONDITIONS: readonly Condition[] = [
  "eq",
  "ne",
  "lt",
  "lo",
  "gt",
  "hi",
  "le",
  "ls",
  "ge",
  "hs",
];
const COMPARISONS = ["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"] as const;

/** Compares the operands of the instruction, or the first one with a constant. */
export function compare(s: Selector, bits: IntegerBits): void {
  const { a } = s, constant = s.constant(B);
  if (constant && constant.value >= 0 && constant.value < 4096) {
    s.asm.addConstant("subs", bits, ZERO, a, constant.value);
  } else s.asm.integer("subs", bits, ZERO, a, s.b);
}

function plain(name: ThreeRegisters, bits: IntegerBits): Emit {
  return (s) => {
    const { a, b } = s;
    s.asm.integer(name, bits, s.to, a, b);
  };
}

/** Selects a sum or a difference; a small constant takes one instruction. */
function sum(name: "add" | "sub", bits: IntegerBits): Emit {
  const opposite = name === "add" ? "sub" : "add";
  return (s) => {
    const { a } = s, value = s.constant(B)?.value;
    if (value === undefined || Math.abs(value) >= 4096) s.asm.integer(name, bits, s.to, a, s.b);
    else s.asm.addConstant(value < 0 ? opposite : name, bits, s.to, a, Math.abs(value));
  };
}

function shifted(name: "lsl" | "lsr" | "asr", bits: IntegerBits): Emit {
  return (s) => {
    const { a } = s, constant = s.constant(B);
    if (constant) s.asm.shift(name, bits, s.to, a, constant.value & bits - 1);
    else s.asm.integer(name, bits, s.to, a, s.b);
  };
}

/** Selects a rotation to the right, or to the left by the negated count. */
function rotated(left: boolean, bits: IntegerBits): Emit {
  return (s) => {
    const { a } = s, constant = s.constant(B);
    if (constant) s.asm.constant32(T0, (left ? -constant.value : constant.value) & bits - 1);
    else if (left) s.asm.integer("sub", 32, T0, ZERO, s.b);
    else s.asm.move(32, T0, s.b);
    s.asm.integer("ror", bits, s.to, a, T0);
  };
}

/** Selects a quotient or a remainder; traps as WebAssembly does. */
function divided(bits: IntegerBits, signed: boolean, remainder: boolean): Emit {
  return (s) => {
    const { asm, to } = s, { a, b } = s;
    asm.integer("subs", bits, ZERO, b, ZERO);
    asm.branchIf("eq", s.trap);
    if (signed && !remainder) {
      // The smallest integer divided by -1 does not fit: only then both are set.
      asm.integer("sub", bits, T0, ZERO, a);
      asm.integer("and", bits, T0, T0, a);
      asm.shift("lsr", bits, T0, T0, bits - 1);
      asm.integer("orn", bits, T1, ZERO, b);
      asm.integer("subs", bits, ZERO, T1, ZERO);
      asm.select(32, T0, T0, ZERO, "eq");
      asm.integer("subs", 32, ZERO, T0, ZERO);
      asm.branchIf("ne", s.trap);
    }
    asm.integer(signed ? "sdiv" : "udiv", bits, T0, a, b);
    if (remainder) asm.multiplyAdd("msub", bits, to, T0, b, a);
    else asm.move(bits, to, T0);
  };
}

function forType(type: "i32" | "i64", bits: IntegerBits): Entries {
  return {
    [`${type}.add`]: sum("add", bits),
    [`${type}.sub`]: sum("sub", bits),
    [`${type}.mul`]: (s) => {
      const { a, b } = s;
      s.asm.multiplyAdd("madd", bits, s.to, a, b, ZERO);
    },
    [`${type}.and`]: plain("and", bits),
    [`${type}.or`]: plain("orr", bits),
    [`${type}.xor`]: plain("eor", bits),
    [`${type}.shl`]: shifted("lsl", bits),
    [`${type}.shr_u`]: shifted("lsr", bits),
    [`${type}.shr_s`]: shifted("asr", bits),
    [`${type}.rotl`]: rotated(true, bits),
    [`${type}.rotr`]: rotated(false, bits),
    [`${type}.div_s`]: divided(bits, true, false),
    [`${type}.div_u`]: divided(bits, false, false),
    [`${type}.rem_s`]: divided(bits, true, true),
    [`${type}.rem_u`]: divided(bits, false, true),
    [`${type}.eqz`]: (s) => {
      s.asm.integer("subs", bits, ZERO, s.a, ZERO);
      s.asm.setIf(s.to, "eq");
    },
    [`${type}.clz`]: unary((s, to, a) => s.asm.bits("clz", bits, to, a)),
    [`${type}.ctz`]: unary((s, to, a) => {
      s.asm.bits("rbit", bits, to, a);
      s.asm.bits("clz", bits, to, to);
    }),
    [`${type}.popcnt`]: unary((s, to, a) => {
      s.asm.convert("fmovTo", bits, bits, V0, a);
      s.asm.countBits(V0, V0);
      s.asm.across("addv", "16b", V0, V0);
      s.asm.convert("fmovFrom", 32, 32, to, V0);
    }),
    [`${type}.extend8_s`]: unary((s, to, a) => s.asm.signExtend(bits, to, a, 8)),
    [`${type}.extend16_s`]: unary((s, to, a) => s.asm.signExtend(bits, to, a, 16)),
    ...Object.fromEntries(COMPARISONS.map((name, i): [string, Emit] => [`${type}.${name}`, (s) => {
      compare(s, bits);
      s.asm.setIf(s.to, CONDITIONS[i]!);
    }])),
  };
}

/** Instructions on integers. */
export const INTEGERS: Entries = {
  ...forType("i32", 32),
  ...forType("i64", 64),
  "i64.extend32_s": unary((s, to, a) => s.asm.signExtend(64, to, a, 32)),
  "i64.extend_i32_s": unary((s, to, a) => s.asm.signExtend(64, to, a, 32)),
  "i64.extend_i32_u": unary((s, to, a) => s.asm.move(32, to, a)),
  "i32.wrap_i64": unary((s, to, a) => s.asm.move(32, to, a)),
};
