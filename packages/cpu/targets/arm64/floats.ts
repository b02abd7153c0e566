/** Selects instructions on single floats, and conversions between floats and integers. */
import { binary, type Emit, type Entries, unary } from "./entry.ts";
import type { FloatBits, IntegerBits } from "./general.ts";
import type { Condition, Convert, ScalarOne, ScalarTwo } from "./general_instructions.ts";
import { V0 } from "./selector.ts";

/** Conditions that do not hold if an operand is NaN, except "ne". */
const COMPARISONS: Readonly<Record<string, Condition>> = {
  eq: "eq",
  ne: "ne",
  lt: "mi",
  le: "ls",
  gt: "gt",
  ge: "ge",
};
const TWO: Readonly<Record<string, ScalarTwo>> = {
  add: "fadd",
  sub: "fsub",
  mul: "fmul",
  div: "fdiv",
  min: "fmin",
  max: "fmax",
};
const ONE: Readonly<Record<string, ScalarOne>> = {
  sqrt: "fsqrt",
  nearest: "frintn",
  floor: "frintm",
  ceil: "frintp",
  trunc: "frintz",
  neg: "fneg",
  abs: "fabs",
};

function forType(type: "f32" | "f64", bits: FloatBits): Entries {
  const entries: Record<string, Emit> = {
    [`${type}.copysign`]: binary((s, to, a, b) => {
      if (bits === 32) s.words(V0, -0x80000000);
      else s.words(V0, 0, -0x80000000);
      s.asm.bitwise("bsl", V0, b, a);
      s.asm.moveVector(to, V0);
    }),
  };
  for (const [name, two] of Object.entries(TWO)) {
    entries[`${type}.${name}`] = binary((s, to, a, b) => s.asm.scalar(two, bits, to, a, b));
  }
  for (const [name, one] of Object.entries(ONE)) {
    entries[`${type}.${name}`] = unary((s, to, a) => s.asm.scalarOne(one, bits, to, a));
  }
  for (const [name, condition] of Object.entries(COMPARISONS)) {
    entries[`${type}.${name}`] = binary((s, to, a, b) => {
      s.asm.compareScalars(bits, a, b);
      s.asm.setIf(to, condition);
    });
  }
  return entries;
}

function converted(name: Convert, integer: IntegerBits, float: FloatBits): Emit {
  return unary((s, to, a) => s.asm.convert(name, integer, float, to, a));
}

/** Instructions on single floats. Conversions to integers saturate, and NaN is 0, as in WebAssembly. */
export const FLOATS: Entries = {
  ...forType("f32", 32),
  ...forType("f64", 64),
  "f32.demote_f64": unary((s, to, a) => s.asm.convertPrecision(64, to, a)),
  "f64.promote_f32": unary((s, to, a) => s.asm.convertPrecision(32, to, a)),
  "f32.convert_i32_s": converted("scvtf", 32, 32),
  "f64.convert_i32_s": converted("scvtf", 32, 64),
  "f32.convert_i64_s": converted("scvtf", 64, 32),
  "f64.convert_i64_s": converted("scvtf", 64, 64),
  "f32.convert_i32_u": converted("ucvtf", 32, 32),
  "f64.convert_i32_u": converted("ucvtf", 32, 64),
  "i32.reinterpret_f32": converted("fmovFrom", 32, 32),
  "f32.reinterpret_i32": converted("fmovTo", 32, 32),
  "i64.reinterpret_f64": converted("fmovFrom", 64, 64),
  "f64.reinterpret_i64": converted("fmovTo", 64, 64),
  "i32.trunc_sat_f32_s": converted("fcvtzs", 32, 32),
  "i32.trunc_sat_f64_s": converted("fcvtzs", 32, 64),
  "i64.trunc_sat_f32_s": converted("fcvtzs", 64, 32),
  "i64.trunc_sat_f64_s": converted("fcvtzs", 64, 64),
  "i32.trunc_sat_f32_u": converted("fcvtzu", 32, 32),
  "i32.trunc_sat_f64_u": converted("fcvtzu", 32, 64),
};
