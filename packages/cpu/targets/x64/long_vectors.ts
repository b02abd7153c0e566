/** Selects instructions on lanes of 64 bits, shifts, and conversions between lanes. */
import { A, B } from "../native/flow.ts";
import { FIRST_IN_MEMORY } from "../native/rules.ts";
import { type Entries, type Entry, entry, vex } from "./entry.ts";
import { binary, swapped, unary } from "./vectors.ts";

const XOR = vex(1, 1, 0xef), AND = vex(1, 1, 0xdb);
const ADD64 = vex(1, 1, 0xd4), SUB64 = vex(1, 1, 0xfb), MULTIPLY_LOW = vex(1, 1, 0xf4);
const GREATER64 = vex(2, 1, 0x37), EQUAL64 = vex(2, 1, 0x29);
const SHIFT64 = vex(1, 1, 0x73), SHIFT_LEFT64 = 6, SHIFT_RIGHT64 = 2;
const MOVE_FROM_INTEGER = vex(1, 1, 0x6e);

/** Selects a comparison with inverted result. */
function inverted({ emit }: Entry): Entry {
  return entry((s) => {
    emit(s);
    s.v(XOR, s.to, s.to, s.words(-1));
  });
}

/** A shift of all lanes: by a constant, or by a register whose value is taken modulo the bits of a lane. */
function shift(immediate: number, extension: number, variable: number, bits: number): Entry {
  return entry((s) => {
    const count = s.constant(B), a = s.a;
    if (count) s.v(immediate, extension, s.to, a, count.value & bits - 1);
    else {
      const n = s.integer(0), t = s.vector(0);
      s.asm.load(n, s.b);
      s.asm.arithmeticBy(4, n, bits - 1);
      s.x(MOVE_FROM_INTEGER, t, 0, n);
      s.v(variable, s.to, a, t);
    }
  }, { vectors: 1, integers: 1 });
}

const SHIFT_RIGHT_SIGNED_64 = entry((s) => {
  // ((x >>> n) ^ m) - m, where m is the sign's bit shifted as x is.
  const count = s.constant(B), a = s.a, m = s.vector(0), t = s.vector(1);
  s.x(XOR, t, t, t);
  if (count) {
    s.v(SHIFT64, SHIFT_RIGHT64, s.to, a, count.value & 63);
    s.v(vex(1, 1, 0x76), m, m, m);
    s.v(SHIFT64, SHIFT_LEFT64, m, m, 63);
    s.v(SHIFT64, SHIFT_RIGHT64, m, m, count.value & 63);
  } else {
    const n = s.integer(0);
    s.asm.load(n, s.b);
    s.asm.arithmeticBy(4, n, 63);
    s.x(MOVE_FROM_INTEGER, t, 0, n);
    s.v(vex(1, 1, 0xd3), s.to, a, t);
    s.v(vex(1, 1, 0x76), m, m, m);
    s.v(SHIFT64, SHIFT_LEFT64, m, m, 63);
    s.v(vex(1, 1, 0xd3), m, m, t);
  }
  s.v(XOR, s.to, s.to, m);
  s.v(SUB64, s.to, s.to, m);
}, { vectors: 2, integers: 1 });

/** Multiplies the lanes of 32 bits of one half of each half vector. */
function multiplied(unpack: number, multiply: number): Entry {
  return entry((s) => {
    const { a, b } = s, t = s.vector(0), u = s.vector(1);
    s.v(unpack, t, a, a);
    s.v(unpack, u, b, b);
    s.v(multiply, s.to, t, u);
  }, { vectors: 2 });
}

/** Widens lanes of 8 or 16 bits of one half of each half vector: `unpack` doubles them, `shift` moves them down. */
function widened(unpack: number, shiftRight: number, extension: number, bits: number): Entry {
  return entry((s) => {
    const a = s.a;
    s.v(unpack, s.to, a, a);
    s.v(shiftRight, extension, s.to, s.to, bits);
  });
}

/** Widens lanes of 32 bits of the low half of a vector, or of its high one. */
function lengthened(spec: number, high: boolean): Entry {
  if (!high) return unary(spec);
  return entry((s) => {
    const a = s.a, t = s.vector(0);
    if (s.wide) s.v(vex(3, 1, 0x39), a, 0, t, 1);
    else s.x(vex(1, 1, 0x70), t, 0, a, 0x0e);
    s.v(spec, s.to, 0, t);
  }, { vectors: 1 });
}

const CONVERT = vex(1, 0, 0x5b), TRUNCATE = vex(1, 2, 0x5b);
const SHIFT16 = vex(1, 1, 0x71), SHIFT32 = vex(1, 1, 0x72);

/** Instructions on lanes of 64 bits, shifts and conversions. */
export const LONG_VECTORS: Entries = {
  "i64x2.add": binary(ADD64),
  "i64x2.sub": binary(SUB64),
  "i64x2.eq": binary(EQUAL64),
  "i64x2.ne": inverted({ ...binary(EQUAL64), flags: 0 }),
  "i64x2.gt_s": binary(GREATER64),
  "i64x2.lt_s": swapped(GREATER64),
  "i64x2.le_s": inverted({ ...binary(GREATER64), flags: 0 }),
  "i64x2.ge_s": inverted({ ...swapped(GREATER64), flags: 0 }),
  "i64x2.neg": entry((s) => {
    const a = s.a, t = s.vector(0);
    s.v(XOR, t, t, t);
    s.v(SUB64, s.to, t, a);
  }, { vectors: 1 }),
  "i64x2.abs": entry((s) => {
    const a = s.a, t = s.vector(0);
    s.v(XOR, t, t, t);
    s.v(SUB64, t, t, a);
    s.v(vex(3, 1, 0x4b), s.to, a, t, a << 4);
  }, { vectors: 1 }),
  "i64x2.mul": entry((s) => {
    // The low halves' product, and both mixed ones in the upper half.
    const { a, b } = s, t = s.vector(0), u = s.vector(1);
    s.v(SHIFT64, SHIFT_RIGHT64, t, a, 32);
    s.v(MULTIPLY_LOW, t, t, b);
    s.v(SHIFT64, SHIFT_RIGHT64, u, b, 32);
    s.v(MULTIPLY_LOW, u, u, a);
    s.v(ADD64, t, t, u);
    s.v(SHIFT64, SHIFT_LEFT64, t, t, 32);
    s.v(MULTIPLY_LOW, s.to, a, b);
    s.v(ADD64, s.to, s.to, t);
  }, { vectors: 2 }),
  "i16x8.shl": shift(SHIFT16, 6, vex(1, 1, 0xf1), 16),
  "i16x8.shr_s": shift(SHIFT16, 4, vex(1, 1, 0xe1), 16),
  "i16x8.shr_u": shift(SHIFT16, 2, vex(1, 1, 0xd1), 16),
  "i32x4.shl": shift(SHIFT32, 6, vex(1, 1, 0xf2), 32),
  "i32x4.shr_s": shift(SHIFT32, 4, vex(1, 1, 0xe2), 32),
  "i32x4.shr_u": shift(SHIFT32, 2, vex(1, 1, 0xd2), 32),
  "i64x2.shl": shift(SHIFT64, 6, vex(1, 1, 0xf3), 64),
  "i64x2.shr_u": shift(SHIFT64, 2, vex(1, 1, 0xd3), 64),
  "i64x2.shr_s": SHIFT_RIGHT_SIGNED_64,
  "i64x2.extmul_low_i32x4_u": multiplied(vex(1, 1, 0x62), MULTIPLY_LOW),
  "i64x2.extmul_high_i32x4_u": multiplied(vex(1, 1, 0x6a), MULTIPLY_LOW),
  "i64x2.extmul_low_i32x4_s": multiplied(vex(1, 1, 0x62), vex(2, 1, 0x28)),
  "i64x2.extmul_high_i32x4_s": multiplied(vex(1, 1, 0x6a), vex(2, 1, 0x28)),
  "i16x8.extend_low_i8x16_s": widened(vex(1, 1, 0x60), SHIFT16, 4, 8),
  "i16x8.extend_high_i8x16_s": widened(vex(1, 1, 0x68), SHIFT16, 4, 8),
  "i16x8.extend_low_i8x16_u": widened(vex(1, 1, 0x60), SHIFT16, 2, 8),
  "i16x8.extend_high_i8x16_u": widened(vex(1, 1, 0x68), SHIFT16, 2, 8),
  "i32x4.extend_low_i16x8_s": widened(vex(1, 1, 0x61), SHIFT32, 4, 16),
  "i32x4.extend_high_i16x8_s": widened(vex(1, 1, 0x69), SHIFT32, 4, 16),
  "i32x4.extend_low_i16x8_u": widened(vex(1, 1, 0x61), SHIFT32, 2, 16),
  "i32x4.extend_high_i16x8_u": widened(vex(1, 1, 0x69), SHIFT32, 2, 16),
  "i64x2.extend_low_i32x4_s": lengthened(vex(2, 1, 0x25), false),
  "i64x2.extend_low_i32x4_u": lengthened(vex(2, 1, 0x35), false),
  "i64x2.extend_high_i32x4_s": lengthened(vex(2, 1, 0x25), true),
  "i64x2.extend_high_i32x4_u": lengthened(vex(2, 1, 0x35), true),
  "f64x2.promote_low_f32x4": unary(vex(1, 0, 0x5a)),
  "f32x4.demote_f64x2_zero": entry((s) => s.v(vex(1, 1, 0x5a), s.to, 0, s.a)),
  "f32x4.convert_i32x4_s": unary(CONVERT),
  "f64x2.convert_low_i32x4_s": unary(vex(1, 2, 0xe6)),
  "f64x2.convert_low_i32x4_u": entry((s) => {
    // With 2^52 in front of it, an integer is the float64 of their sum.
    s.v(vex(2, 1, 0x35), s.to, 0, s.operand(A));
    s.v(vex(1, 1, 0xeb), s.to, s.to, s.words(0, 0x43300000));
    s.v(vex(1, 1, 0x5c), s.to, s.to, s.words(0, 0x43300000));
  }, { flags: FIRST_IN_MEMORY }),
  "f32x4.convert_i32x4_u": entry((s) => {
    // The low 16 bits, and half of what is left, are exact; twice the latter plus the former is rounded once.
    const a = s.a, t = s.vector(0);
    s.v(AND, t, a, s.words(0xffff));
    s.v(vex(1, 1, 0xfa), s.to, a, t);
    s.v(SHIFT32, 2, s.to, s.to, 1);
    s.v(CONVERT, s.to, 0, s.to);
    s.v(vex(1, 0, 0x58), s.to, s.to, s.to);
    s.v(CONVERT, t, 0, t);
    s.v(vex(1, 0, 0x58), s.to, s.to, t);
  }, { vectors: 1 }),
  "i32x4.relaxed_trunc_f32x4_s": unary(TRUNCATE),
  "i32x4.relaxed_trunc_f64x2_s_zero": entry((s) => s.v(vex(1, 1, 0xe6), s.to, 0, s.a)),
  "i32x4.trunc_sat_f32x4_s": entry((s) => {
    // NaN becomes 0; what is too large becomes -2^31, whose bits are inverted.
    const a = s.a, t = s.vector(0), u = s.vector(1);
    s.v(vex(1, 0, 0xc2), t, a, a, 0);
    s.v(AND, t, t, a);
    s.v(vex(1, 0, 0xc2), u, t, s.words(0x4f000000), 0x1d);
    s.v(TRUNCATE, t, 0, t);
    s.v(XOR, s.to, t, u);
  }, { vectors: 2 }),
  "i32x4.trunc_sat_f64x2_s_zero": entry((s) => {
    const a = s.a, t = s.vector(0);
    s.v(vex(1, 1, 0xc2), t, a, a, 0);
    s.v(AND, t, t, s.words(-4194304, 0x41dfffff));
    s.v(vex(1, 1, 0x5d), t, a, t);
    s.v(vex(1, 1, 0xe6), s.to, 0, t);
  }, { vectors: 1 }),
};
