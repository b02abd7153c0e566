/** Selects instructions on single floats, and conversions between floats and integers. */
import { B } from "../native/flow.ts";
import { SECOND_IN_MEMORY } from "../native/rules.ts";
import {
  ABOVE,
  ABOVE_EQUAL,
  AND,
  CMP,
  EQUAL,
  NO_OVERFLOW,
  NO_PARITY,
  NOT_EQUAL,
  OR,
  PARITY,
} from "./assembler.ts";
import { type Entries, type Entry, entry, vex } from "./entry.ts";
import type { Selector } from "./selector.ts";

const ANDPS = vex(1, 0, 0x54), ORPS = vex(1, 0, 0x56), XORPS = vex(1, 0, 0x57);
const MOVE_FROM = vex(1, 1, 0x7e), MOVE_TO = vex(1, 1, 0x6e);

function binary(spec: number): Entry {
  return entry((s) => {
    const a = s.a;
    s.x(spec, s.to, a, s.operand(B));
  }, { flags: SECOND_IN_MEMORY });
}

function rounded(spec: number, mode: number): Entry {
  return entry((s) => {
    const a = s.a;
    s.x(spec, s.to, a, a, mode);
  });
}

/** Selects a condition of ucomiss, which sets the flags of an unsigned comparison; NaN sets parity. */
function compared(double: boolean, condition: number, swap: boolean): Entry {
  const spec = vex(1, double ? 1 : 0, 0x2e);
  return entry((s) => {
    const { asm, to } = s, { a, b } = s;
    if (swap) s.x(spec, b, 0, a);
    else s.x(spec, a, 0, b);
    if (condition === EQUAL || condition === NOT_EQUAL) {
      const n = s.integer(0);
      asm.prefixed(0, 0x0f90 | condition, 0, to, false, true);
      asm.prefixed(0, 0x0f90 | (condition === EQUAL ? NO_PARITY : PARITY), 0, n, false, true);
      asm.arithmetic(condition === EQUAL ? AND : OR, to, n);
    } else asm.prefixed(0, 0x0f90 | condition, 0, to, false, true);
    asm.prefixed(0, 0x0fb6, to, to, false, true);
  }, { integers: 1 });
}

/** One word in all lanes, with the sign bit of each lane or all others. */
function mask(s: Selector, double: boolean, sign: boolean): number {
  const high = sign ? -0x80000000 : 0x7fffffff, low = sign ? 0 : -1;
  const words = double ? [low, high, low, high] : [high, high, high, high];
  return s.asm.constant(new Uint8Array(Int32Array.from(words).buffer));
}

/** The NaN of V8 for single floats, in all lanes. */
function notANumber(s: Selector, double: boolean): number {
  const words = double ? [0, -0x80000, 0, -0x80000] : [-0x400000, -0x400000, -0x400000, -0x400000];
  return s.asm.constant(new Uint8Array(Int32Array.from(words).buffer));
}

/**
 * The least or greatest: NaN if one is, and -0 less than 0. The processor's instruction returns its second operand
 * for two zeros, so both orders are joined: by `or` for the least, by `and` for the greatest. Running results wait
 * for three instructions only.
 */
function extreme(double: boolean, opcode: number, join: number): Entry {
  const p = double ? 3 : 2, spec = vex(1, p, opcode), unordered = vex(1, p, 0xc2);
  const blend = vex(3, 1, double ? 0x4b : 0x4a);
  return entry((s) => {
    const { a, b, to } = s, t = s.vector(0), nan = s.vector(1);
    s.x(spec, t, a, b);
    s.x(unordered, nan, a, b, 3);
    s.x(spec, to, b, a);
    s.x(join, to, to, t);
    s.x(blend, to, to, notANumber(s, double), nan << 4);
  }, { vectors: 2 });
}

function forType(type: "f32" | "f64", double: boolean): Entries {
  const p = double ? 3 : 2, round = vex(3, 1, double ? 0x0b : 0x0a);
  return {
    [`${type}.add`]: binary(vex(1, p, 0x58)),
    [`${type}.sub`]: binary(vex(1, p, 0x5c)),
    [`${type}.mul`]: binary(vex(1, p, 0x59)),
    [`${type}.div`]: binary(vex(1, p, 0x5e)),
    [`${type}.min`]: extreme(double, 0x5d, ORPS),
    [`${type}.max`]: extreme(double, 0x5f, ANDPS),
    [`${type}.sqrt`]: entry((s) => {
      const a = s.a;
      s.x(vex(1, p, 0x51), s.to, a, a);
    }),
    [`${type}.nearest`]: rounded(round, 8),
    [`${type}.floor`]: rounded(round, 9),
    [`${type}.ceil`]: rounded(round, 10),
    [`${type}.trunc`]: rounded(round, 11),
    [`${type}.neg`]: entry((s) => s.x(XORPS, s.to, s.a, mask(s, double, true))),
    [`${type}.abs`]: entry((s) => s.x(ANDPS, s.to, s.a, mask(s, double, false))),
    [`${type}.copysign`]: entry((s) => {
      const { a, b } = s, t = s.vector(0), u = s.vector(1);
      s.x(ANDPS, t, b, mask(s, double, true));
      s.x(ANDPS, u, a, mask(s, double, false));
      s.x(ORPS, s.to, t, u);
    }, { vectors: 2 }),
    [`${type}.eq`]: compared(double, EQUAL, false),
    [`${type}.ne`]: compared(double, NOT_EQUAL, false),
    [`${type}.gt`]: compared(double, ABOVE, false),
    [`${type}.ge`]: compared(double, ABOVE_EQUAL, false),
    [`${type}.lt`]: compared(double, ABOVE, true),
    [`${type}.le`]: compared(double, ABOVE_EQUAL, true),
  };
}

/** A float of an integer register; the other lanes are cleared first, as the instruction keeps them. */
function fromInteger(prefix: 2 | 3, long: boolean): Entry {
  return entry((s) => {
    const a = s.a, { to } = s;
    s.x(XORPS, to, to, to);
    s.x(vex(1, prefix, 0x2a, long ? 1 : 0), to, to, a);
  });
}

/** Unsigned integers fit into signed 64 bits. */
function fromUnsigned(prefix: 2 | 3): Entry {
  return fromInteger(prefix, true);
}

/**
 * Converts a float to int64, saturated: NaN is 0. The instruction returns the smallest integer if the result does not
 * fit.
 */
function toLong(prefix: 2 | 3): Entry {
  return entry((s) => {
    const { asm, to } = s, a = s.a, t = s.vector(0), done = asm.label(), number = asm.label();
    s.x(vex(1, prefix, 0x2c, 1), to, 0, a);
    asm.arithmeticBy(CMP, to, 1, true);
    asm.jumpIf(NO_OVERFLOW, done);
    s.x(vex(1, prefix === 3 ? 1 : 0, 0x2e), a, 0, a);
    asm.jumpIf(NO_PARITY, number);
    asm.set(to, 0);
    asm.jump(done);
    asm.bind(number);
    s.x(XORPS, t, t, t);
    s.x(vex(1, prefix === 3 ? 1 : 0, 0x2e), t, 0, a);
    asm.jumpIf(ABOVE_EQUAL, done);
    asm.set64(to, 0x7fffffffffffffffn);
    asm.bind(done);
  }, { vectors: 1 });
}

/** Converts a float to int32, saturated: to int64 first, then clamped. */
function toInteger(prefix: 2 | 3, low: bigint, high: bigint): Entry {
  return entry((s) => {
    const { asm, to } = s, a = s.a, n = s.integer(0), t = s.vector(0);
    const done = asm.label(), number = asm.label(), fits = asm.label(), positive = asm.label();
    s.x(vex(1, prefix === 3 ? 1 : 0, 0x2e), a, 0, a);
    asm.jumpIf(NO_PARITY, number);
    asm.set(to, 0);
    asm.jump(done);
    asm.bind(number);
    s.x(vex(1, prefix, 0x2c, 1), n, 0, a);
    asm.arithmeticBy(CMP, n, 1, true);
    s.x(XORPS, t, t, t);
    asm.jumpIf(NO_OVERFLOW, fits);
    // Outside the range of int64, the sign of the float decides.
    s.x(vex(1, prefix === 3 ? 1 : 0, 0x2e), a, 0, t);
    asm.jumpIf(ABOVE, positive);
    asm.set(to, Number(BigInt.asIntN(32, low)));
    asm.jump(done);
    asm.bind(positive);
    asm.set(to, Number(BigInt.asIntN(32, high)));
    asm.jump(done);
    asm.bind(fits);
    asm.set64(to, low);
    asm.arithmetic(CMP, n, to, true);
    asm.integer(0x0f4f, to, n, true);
    asm.set64(n, high);
    asm.arithmetic(CMP, to, n, true);
    asm.integer(0x0f4f, to, n, true);
    asm.load(to, to);
    asm.bind(done);
  }, { vectors: 1, integers: 1 });
}

const INT32 = [-0x80000000n, 0x7fffffffn] as const, UINT32 = [0n, 0xffffffffn] as const;

/** Instructions on single floats. */
export const FLOATS: Entries = {
  ...forType("f32", false),
  ...forType("f64", true),
  "f32.demote_f64": entry((s) => {
    const a = s.a;
    s.x(vex(1, 3, 0x5a), s.to, a, a);
  }),
  "f64.promote_f32": entry((s) => {
    const a = s.a;
    s.x(vex(1, 2, 0x5a), s.to, a, a);
  }),
  "f32.convert_i32_s": fromInteger(2, false),
  "f64.convert_i32_s": fromInteger(3, false),
  "f32.convert_i64_s": fromInteger(2, true),
  "f64.convert_i64_s": fromInteger(3, true),
  "f32.convert_i32_u": fromUnsigned(2),
  "f64.convert_i32_u": fromUnsigned(3),
  "i32.reinterpret_f32": entry((s) => s.x(MOVE_FROM, s.a, 0, s.to)),
  "f32.reinterpret_i32": entry((s) => s.x(MOVE_TO, s.to, 0, s.a)),
  "i64.reinterpret_f64": entry((s) => s.x(MOVE_FROM | 1 << 11, s.a, 0, s.to)),
  "f64.reinterpret_i64": entry((s) => s.x(MOVE_TO | 1 << 11, s.to, 0, s.a)),
  "i64.trunc_sat_f32_s": toLong(2),
  "i64.trunc_sat_f64_s": toLong(3),
  "i32.trunc_sat_f32_s": toInteger(2, ...INT32),
  "i32.trunc_sat_f64_s": toInteger(3, ...INT32),
  "i32.trunc_sat_f32_u": toInteger(2, ...UINT32),
  "i32.trunc_sat_f64_u": toInteger(3, ...UINT32),
};
