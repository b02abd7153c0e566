/** Selects instructions on all lanes of vectors. */
import { B } from "../native/flow.ts";
import { binary, type Emit, type Entries, named, unary } from "./entry.ts";
import { type Register, ZERO } from "./general.ts";
import { type FloatOne, type FloatSame, type IntegerSame, type Lanes, SIZE } from "./instructions.ts";
import { type Selector, T0, T1, V0, V1 } from "./selector.ts";

function integer(name: IntegerSame, lanes: Lanes, swap = false): Emit {
  return binary((s, to, a, b) =>
    swap ? s.asm.same(name, lanes, to, b, a) : s.asm.same(name, lanes, to, a, b)
  );
}

function inverted(emit: Emit): Emit {
  return (s) => {
    emit(s);
    s.asm.not(s.to, s.to);
  };
}

/** Selects an instruction that overwrites one of its operands, a copy of `from`. */
function overwriting(
  s: Selector,
  to: Register,
  from: Register,
  others: readonly Register[],
  emit: (target: Register) => void,
): void {
  const target = to === from || !others.includes(to) ? to : V0;
  if (target !== from) s.asm.moveVector(target, from);
  emit(target);
  if (target !== to) s.asm.moveVector(to, target);
}

/** Selects the bits of `a` if those of `c` are set, else those of `b`. */
const SELECT: Emit = (s) => {
  const { a, b, c } = s;
  overwriting(s, s.to, c, [a, b], (target) => s.asm.bitwise("bsl", target, a, b));
};

/** A shift of all lanes: by a constant, or by a register whose value is taken modulo the bits of a lane. */
function shift(name: "shl" | "sshr" | "ushr", lanes: Lanes): Emit {
  const bits = 8 << SIZE[lanes];
  return (s) => {
    const { a } = s, constant = s.constant(B);
    if (constant) {
      const by = constant.value & bits - 1;
      if (by === 0) s.copy(s.to, a, 4);
      else s.asm.shiftLanes(name, lanes, s.to, a, by);
      return;
    }
    s.asm.constant32(T0, bits - 1);
    s.asm.integer("and", 32, T0, T0, s.b);
    // Registers shift to the left, or to the right for negative counts; only the lowest byte of a count is used.
    if (name !== "shl") s.asm.integer("sub", 64, T0, ZERO, T0);
    s.asm.splat(lanes, V0, T0);
    s.asm.same(name === "ushr" ? "ushl" : "sshl", lanes, s.to, a, V0);
  };
}

/** Products of int64, which vectors do not have. */
const MULTIPLY_LONGS: Emit = binary((s, to, a, b) => {
  for (const lane of [0, 1]) {
    s.asm.lane("2d", T0, a, lane);
    s.asm.lane("2d", T1, b, lane);
    s.asm.multiplyAdd("madd", 64, T0, T0, T1, ZERO);
    s.asm.insert("2d", V0, lane, T0);
  }
  s.asm.moveVector(to, V0);
});

function integers(type: string, lanes: Lanes): Entries {
  return named(type, {
    add: integer("add", lanes),
    sub: integer("sub", lanes),
    eq: integer("cmeq", lanes),
    ne: inverted(integer("cmeq", lanes)),
    gt_s: integer("cmgt", lanes),
    lt_s: integer("cmgt", lanes, true),
    ge_s: integer("cmge", lanes),
    le_s: integer("cmge", lanes, true),
    abs: unary((s, to, a) => s.asm.one("abs", lanes, to, a)),
    neg: unary((s, to, a) => s.asm.one("neg", lanes, to, a)),
    shl: shift("shl", lanes),
    shr_s: shift("sshr", lanes),
    shr_u: shift("ushr", lanes),
    relaxed_laneselect: SELECT,
    ...lanes === "2d" ? { mul: MULTIPLY_LONGS } : {
      min_s: integer("smin", lanes),
      max_s: integer("smax", lanes),
      min_u: integer("umin", lanes),
      max_u: integer("umax", lanes),
      gt_u: integer("cmhi", lanes),
      lt_u: integer("cmhi", lanes, true),
      ge_u: integer("cmhs", lanes),
      le_u: integer("cmhs", lanes, true),
      mul: integer("mul", lanes),
    },
    ...lanes === "16b" || lanes === "8h"
      ? {
        add_sat_s: integer("sqadd", lanes),
        add_sat_u: integer("uqadd", lanes),
        sub_sat_s: integer("sqsub", lanes),
        sub_sat_u: integer("uqsub", lanes),
        avgr_u: integer("urhadd", lanes),
      }
      : {},
  });
}

/** Selects b < a ? b : a, or the like, also if an operand is NaN. */
function picked(lanes: "4s" | "2d", least: boolean): Emit {
  return binary((s, to, a, b) => {
    s.asm.float("fcmgt", lanes, V0, least ? a : b, least ? b : a);
    s.asm.bitwise("bsl", V0, b, a);
    s.asm.moveVector(to, V0);
  });
}

/** a * b + c, or -(a * b) + c. */
function fused(name: "fmla" | "fmls", lanes: "4s" | "2d"): Emit {
  return (s) => {
    const { a, b, c } = s;
    overwriting(s, s.to, c, [a, b], (target) => s.asm.float(name, lanes, target, a, b));
  };
}

function floats(type: string, lanes: "4s" | "2d"): Entries {
  const two = (name: FloatSame, swap = false): Emit =>
    binary((s, to, a, b) => swap ? s.asm.float(name, lanes, to, b, a) : s.asm.float(name, lanes, to, a, b));
  const one = (name: FloatOne): Emit => unary((s, to, a) => s.asm.floatOne(name, lanes, to, a));
  return named(type, {
    add: two("fadd"),
    sub: two("fsub"),
    mul: two("fmul"),
    div: two("fdiv"),
    min: two("fmin"),
    max: two("fmax"),
    relaxed_min: two("fmin"),
    relaxed_max: two("fmax"),
    pmin: picked(lanes, true),
    pmax: picked(lanes, false),
    eq: two("fcmeq"),
    ne: inverted(two("fcmeq")),
    gt: two("fcmgt"),
    lt: two("fcmgt", true),
    ge: two("fcmge"),
    le: two("fcmge", true),
    sqrt: one("fsqrt"),
    nearest: one("frintn"),
    floor: one("frintm"),
    ceil: one("frintp"),
    trunc: one("frintz"),
    neg: one("fneg"),
    abs: one("fabs"),
    relaxed_madd: fused("fmla", lanes),
    relaxed_nmadd: fused("fmls", lanes),
  });
}

/** Selects the lanes of two vectors at half the width, saturated. */
function narrowed(name: "sqxtn" | "sqxtun", lanes: "8b" | "4h"): Emit {
  return binary((s, to, a, b) => {
    s.asm.narrow(name, lanes, V0, a);
    s.asm.narrow(name, lanes, V0, b, true);
    s.asm.moveVector(to, V0);
  });
}

/** Selects lanes of one half of a vector at twice the width, or products of them. */
function widened(type: string, from: string, lanes: "8h" | "4s" | "2d"): Entries {
  const entries: Record<string, Emit> = {};
  for (const [half, high] of [["low", false], ["high", true]] as const) {
    for (const [sign, extend, multiply] of [["s", "sxtl", "smull"], ["u", "uxtl", "umull"]] as const) {
      entries[`extend_${half}_${from}_${sign}`] = unary((s, to, a) =>
        s.asm.extend(extend, lanes, to, a, high)
      );
      entries[`extmul_${half}_${from}_${sign}`] = binary((s, to, a, b) =>
        s.asm.multiplyLong(multiply, lanes, to, a, b, high)
      );
    }
  }
  return named(type, entries);
}

const TO_WORDS: Emit = unary((s, to, a) => {
  s.asm.floatOne("fcvtzs", "2d", V0, a);
  s.asm.narrow("sqxtn", "2s", to, V0);
});

/** Instructions on whole vectors. */
export const VECTORS: Entries = {
  ...integers("i8x16", "16b"),
  ...integers("i16x8", "8h"),
  ...integers("i32x4", "4s"),
  ...integers("i64x2", "2d"),
  ...floats("f32x4", "4s"),
  ...floats("f64x2", "2d"),
  ...widened("i16x8", "i8x16", "8h"),
  ...widened("i32x4", "i16x8", "4s"),
  ...widened("i64x2", "i32x4", "2d"),
  "i8x16.narrow_i16x8_s": narrowed("sqxtn", "8b"),
  "i8x16.narrow_i16x8_u": narrowed("sqxtun", "8b"),
  "i16x8.narrow_i32x4_s": narrowed("sqxtn", "4h"),
  "i16x8.narrow_i32x4_u": narrowed("sqxtun", "4h"),
  "i32x4.dot_i16x8_s": binary((s, to, a, b) => {
    s.asm.multiplyLong("smull", "4s", V0, a, b);
    s.asm.multiplyLong("smull", "4s", V1, a, b, true);
    s.asm.same("addp", "4s", to, V0, V1);
  }),
  "i8x16.swizzle": binary((s, to, a, b) => s.asm.table(to, a, 1, b)),
  "i8x16.relaxed_swizzle": binary((s, to, a, b) => s.asm.table(to, a, 1, b)),
  "v128.and": binary((s, to, a, b) => s.asm.bitwise("and", to, a, b)),
  "v128.or": binary((s, to, a, b) => s.asm.bitwise("orr", to, a, b)),
  "v128.xor": binary((s, to, a, b) => s.asm.bitwise("eor", to, a, b)),
  "v128.andnot": binary((s, to, a, b) => s.asm.bitwise("bic", to, a, b)),
  "v128.not": unary((s, to, a) => s.asm.not(to, a)),
  "v128.bitselect": SELECT,
  "f64x2.promote_low_f32x4": unary((s, to, a) => s.asm.promote(to, a)),
  "f32x4.demote_f64x2_zero": unary((s, to, a) => s.asm.demote(to, a)),
  "f32x4.convert_i32x4_s": unary((s, to, a) => s.asm.floatOne("scvtf", "4s", to, a)),
  "f32x4.convert_i32x4_u": unary((s, to, a) => s.asm.floatOne("ucvtf", "4s", to, a)),
  "f64x2.convert_low_i32x4_s": unary((s, to, a) => {
    s.asm.extend("sxtl", "2d", to, a);
    s.asm.floatOne("scvtf", "2d", to, to);
  }),
  "f64x2.convert_low_i32x4_u": unary((s, to, a) => {
    s.asm.extend("uxtl", "2d", to, a);
    s.asm.floatOne("ucvtf", "2d", to, to);
  }),
  "i32x4.trunc_sat_f32x4_s": unary((s, to, a) => s.asm.floatOne("fcvtzs", "4s", to, a)),
  "i32x4.trunc_sat_f32x4_u": unary((s, to, a) => s.asm.floatOne("fcvtzu", "4s", to, a)),
  "i32x4.relaxed_trunc_f32x4_s": unary((s, to, a) => s.asm.floatOne("fcvtzs", "4s", to, a)),
  "i32x4.trunc_sat_f64x2_s_zero": TO_WORDS,
  "i32x4.relaxed_trunc_f64x2_s_zero": TO_WORDS,
};
