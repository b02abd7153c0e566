/** Selects instructions on all lanes of vectors. */
import { A, B, C } from "../native/flow.ts";
import { V128 } from "../native/operation.ts";
import { FIRST_IN_MEMORY, SECOND_IN_MEMORY, THIRD_IN_MEMORY } from "../native/rules.ts";
import { type Entries, type Entry, entry, vex } from "./entry.ts";
import type { Selector } from "./selector.ts";

/** An instruction of two operands. */
export function binary(spec: number): Entry {
  return entry((s) => {
    const a = s.a;
    s.v(spec, s.to, a, s.operand(B));
  }, { flags: SECOND_IN_MEMORY });
}

/** An instruction of two operands that takes them in the other order. */
export function swapped(spec: number): Entry {
  return entry((s) => {
    const b = s.b;
    s.v(spec, s.to, b, s.operand(A));
  }, { flags: FIRST_IN_MEMORY });
}

/** An instruction of one operand. */
export function unary(spec: number, immediate = -1): Entry {
  return entry((s) => s.v(spec, s.to, 0, s.operand(A), immediate), { flags: FIRST_IN_MEMORY });
}

/** A comparison of floats by the number of its predicate. */
function compared(spec: number, predicate: number): Entry {
  return entry((s) => {
    const a = s.a;
    s.v(spec, s.to, a, s.operand(B), predicate);
  }, { flags: SECOND_IN_MEMORY });
}

const XOR = vex(1, 1, 0xef), OR = vex(1, 1, 0xeb), AND = vex(1, 1, 0xdb), ANDNOT = vex(1, 1, 0xdf);
const XORPS = vex(1, 0, 0x57), ANDPS = vex(1, 0, 0x54);
const ALL_EQUAL = vex(1, 1, 0x76);

/** Inverts all bits. */
function invert(s: Selector, to: number, from: number): void {
  s.v(XOR, to, from, s.words(-1));
}

/** Selects a comparison with inverted result. */
function inverted({ emit, ...needs }: Entry): Entry {
  return entry((s) => {
    emit(s);
    invert(s, s.to, s.to);
  }, needs);
}

/** Selects a <= b as min(a, b) == a, and the like. */
function bounded(extreme: number, equal: number): Entry {
  return entry((s) => {
    const a = s.a, t = s.vector(0);
    s.v(extreme, t, a, s.operand(B));
    s.v(equal, s.to, a, t);
  }, { flags: SECOND_IN_MEMORY, vectors: 1 });
}

/** Selects unsigned a < b as not (max(a, b) == a), and the like. */
function strict(extreme: number, equal: number): Entry {
  return inverted(bounded(extreme, equal));
}

/**
 * Selects the minimum or maximum of floats: NaN if one is NaN, and -0 below 0. V8 uses the same instructions, so bits
 * agree.
 */
export function least(double: boolean, wide: (s: Selector) => Selector["v"]): Entry {
  const p = double ? 1 : 0;
  return entry((s) => {
    const { a, b, to } = s, t = s.vector(0), v = wide(s);
    v.call(s, vex(1, p, 0x5d), t, a, b);
    v.call(s, vex(1, p, 0x5d), to, b, a);
    v.call(s, vex(1, p, 0x56), t, t, to);
    v.call(s, vex(1, p, 0xc2), to, to, t, 3);
    v.call(s, vex(1, p, 0x56), t, t, to);
    v.call(s, vex(1, 1, double ? 0x73 : 0x72), 2, to, to, double ? 13 : 10);
    v.call(s, vex(1, p, 0x55), to, to, t);
  }, { vectors: 1 });
}

/** See {@linkcode least}. */
export function greatest(double: boolean, wide: (s: Selector) => Selector["v"]): Entry {
  const p = double ? 1 : 0;
  return entry((s) => {
    const { a, b, to } = s, t = s.vector(0), v = wide(s);
    v.call(s, vex(1, p, 0x5f), t, a, b);
    v.call(s, vex(1, p, 0x5f), to, b, a);
    v.call(s, vex(1, p, 0x57), to, to, t);
    v.call(s, vex(1, p, 0x56), t, t, to);
    v.call(s, vex(1, p, 0x5c), t, t, to);
    v.call(s, vex(1, p, 0xc2), to, to, t, 3);
    // Single floats are NaN with the sign set.
    if (v === s.x) v.call(s, vex(1, p, 0x56), t, t, to);
    v.call(s, vex(1, 1, double ? 0x73 : 0x72), 2, to, to, double ? 13 : 10);
    v.call(s, vex(1, p, 0x55), to, to, t);
  }, { vectors: 1 });
}

/** a * b + c, or -(a * b) + c: the form whose overwritten operand is the result. One operand may lie in memory. */
function fused(opcode: number, w: 0 | 1): Entry {
  const [first, second, third] = [0, 0x10, 0x20].map((more) => vex(2, 1, opcode + more, w)) as [
    number,
    number,
    number,
  ];
  return entry((s) => {
    const { to } = s;
    if (s.isInMemory(C)) {
      // to = to * the other factor + memory. A factor that is loaded for this alone goes straight to the result.
      const b = s.b, a = s.isLoaded(A) && to !== b ? s.loadFirst(to, A) : s.a;
      if (to !== a && to !== b) s.copy(to, a, V128);
      s.v(second, to, to === b && to !== a ? a : b, s.operand(C));
      return;
    }
    const inMemory = s.isInMemory(B) ? B : A, other = inMemory === B ? A : B;
    const c = s.c, factor = s.register(other);
    if (to === c) s.v(third, to, factor, s.operand(inMemory));
    else if (to === factor) s.v(first, to, c, s.operand(inMemory));
    else {
      const rm = s.isInMemory(inMemory) ? -1 : s.register(inMemory);
      if (to === rm) s.v(second, to, factor, c);
      else {
        s.copy(to, c, V128);
        s.v(third, to, factor, s.operand(inMemory));
      }
    }
  }, { flags: FIRST_IN_MEMORY | SECOND_IN_MEMORY | THIRD_IN_MEMORY });
}

/** Selects `a` in lanes where the sign of `c` is set, else `b`. */
function laneSelect(opcode: number): Entry {
  return entry((s) => {
    const { a, b, c } = s;
    s.v(vex(3, 1, opcode), s.to, b, a, c << 4);
  });
}

/** All float instructions of one type. */
function floats(type: "f32x4" | "f64x2", p: 0 | 1): Entries {
  const round = vex(3, 1, p === 1 ? 0x09 : 0x08), same = (s: Selector): Selector["v"] => s.v;
  const sign = (s: Selector): number => p === 1 ? s.words(0, -0x80000000) : s.words(-0x80000000);
  const magnitude = (s: Selector): number => p === 1 ? s.words(-1, 0x7fffffff) : s.words(0x7fffffff);
  const entries: Entries = {
    add: binary(vex(1, p, 0x58)),
    sub: binary(vex(1, p, 0x5c)),
    mul: binary(vex(1, p, 0x59)),
    div: binary(vex(1, p, 0x5e)),
    min: least(p === 1, same),
    max: greatest(p === 1, same),
    pmin: swapped(vex(1, p, 0x5d)),
    pmax: swapped(vex(1, p, 0x5f)),
    relaxed_min: binary(vex(1, p, 0x5d)),
    relaxed_max: binary(vex(1, p, 0x5f)),
    sqrt: unary(vex(1, p, 0x51)),
    nearest: unary(round, 8),
    floor: unary(round, 9),
    ceil: unary(round, 10),
    trunc: unary(round, 11),
    eq: compared(vex(1, p, 0xc2), 0),
    ne: compared(vex(1, p, 0xc2), 4),
    lt: compared(vex(1, p, 0xc2), 1),
    le: compared(vex(1, p, 0xc2), 2),
    gt: compared(vex(1, p, 0xc2), 0x1e),
    ge: compared(vex(1, p, 0xc2), 0x1d),
    neg: entry((s) => s.v(XORPS, s.to, s.a, sign(s))),
    abs: entry((s) => s.v(ANDPS, s.to, s.a, magnitude(s))),
    relaxed_madd: fused(0x98, p),
    relaxed_nmadd: fused(0x9c, p),
  };
  return named(type, entries);
}

/** Prefixes the names of entries with a type. */
function named(type: string, entries: Entries): Entries {
  return Object.fromEntries(Object.entries(entries).map(([name, value]) => [`${type}.${name}`, value]));
}

const EQUAL = [0x74, 0x75, 0x76].map((opcode) => vex(1, 1, opcode));
const MIN_SIGNED = [vex(2, 1, 0x38), vex(1, 1, 0xea), vex(2, 1, 0x39)];
const MAX_SIGNED = [vex(2, 1, 0x3c), vex(1, 1, 0xee), vex(2, 1, 0x3d)];
const MIN_UNSIGNED = [vex(1, 1, 0xda), vex(2, 1, 0x3a), vex(2, 1, 0x3b)];
const MAX_UNSIGNED = [vex(1, 1, 0xde), vex(2, 1, 0x3e), vex(2, 1, 0x3f)];

/** Integer instructions on lanes of 8, 16 or 32 bits. */
function integers(type: string, size: 0 | 1 | 2): Entries {
  const greater = vex(1, 1, 0x64 + size), equal = EQUAL[size]!;
  return named(type, {
    add: binary(vex(1, 1, 0xfc + size)),
    sub: binary(vex(1, 1, 0xf8 + size)),
    min_s: binary(MIN_SIGNED[size]!),
    max_s: binary(MAX_SIGNED[size]!),
    min_u: binary(MIN_UNSIGNED[size]!),
    max_u: binary(MAX_UNSIGNED[size]!),
    eq: binary(equal),
    ne: inverted(binary(equal)),
    gt_s: binary(greater),
    lt_s: swapped(greater),
    le_s: bounded(MIN_SIGNED[size]!, equal),
    ge_s: bounded(MAX_SIGNED[size]!, equal),
    le_u: bounded(MIN_UNSIGNED[size]!, equal),
    ge_u: bounded(MAX_UNSIGNED[size]!, equal),
    lt_u: strict(MAX_UNSIGNED[size]!, equal),
    gt_u: strict(MIN_UNSIGNED[size]!, equal),
    abs: unary(vex(2, 1, 0x1c + size)),
    neg: entry((s) => {
      const a = s.a, t = s.vector(0);
      s.v(XOR, t, t, t);
      s.v(vex(1, 1, 0xf8 + size), s.to, t, a);
    }, { vectors: 1 }),
  });
}

/** Instructions on whole vectors. */
export const VECTORS: Entries = {
  ...floats("f32x4", 0),
  ...floats("f64x2", 1),
  ...integers("i8x16", 0),
  ...integers("i16x8", 1),
  ...integers("i32x4", 2),
  "i16x8.mul": binary(vex(1, 1, 0xd5)),
  "i32x4.mul": binary(vex(2, 1, 0x40)),
  "i32x4.dot_i16x8_s": binary(vex(1, 1, 0xf5)),
  "i8x16.add_sat_s": binary(vex(1, 1, 0xec)),
  "i8x16.add_sat_u": binary(vex(1, 1, 0xdc)),
  "i8x16.sub_sat_s": binary(vex(1, 1, 0xe8)),
  "i8x16.sub_sat_u": binary(vex(1, 1, 0xd8)),
  "i16x8.add_sat_s": binary(vex(1, 1, 0xed)),
  "i16x8.add_sat_u": binary(vex(1, 1, 0xdd)),
  "i16x8.sub_sat_s": binary(vex(1, 1, 0xe9)),
  "i16x8.sub_sat_u": binary(vex(1, 1, 0xd9)),
  "i8x16.avgr_u": binary(vex(1, 1, 0xe0)),
  "i16x8.avgr_u": binary(vex(1, 1, 0xe3)),
  "i8x16.narrow_i16x8_s": binary(vex(1, 1, 0x63)),
  "i8x16.narrow_i16x8_u": binary(vex(1, 1, 0x67)),
  "i16x8.narrow_i32x4_s": binary(vex(1, 1, 0x6b)),
  "i16x8.narrow_i32x4_u": binary(vex(2, 1, 0x2b)),
  "i8x16.relaxed_swizzle": binary(vex(2, 1, 0x00)),
  "i8x16.swizzle": entry((s) => {
    const { a, b } = s, t = s.vector(0);
    // Adding 0x70 with saturation sets the sign of all numbers above 15.
    s.v(vex(1, 1, 0xdc), t, b, s.words(0x70707070));
    s.v(vex(2, 1, 0x00), s.to, a, t);
  }, { vectors: 1 }),
  "v128.and": binary(AND),
  "v128.or": binary(OR),
  "v128.xor": binary(XOR),
  "v128.andnot": swapped(ANDNOT),
  "v128.not": entry((s) => {
    const a = s.a, t = s.vector(0);
    s.v(ALL_EQUAL, t, t, t);
    s.v(XOR, s.to, a, t);
  }, { vectors: 1 }),
  "v128.bitselect": entry((s) => {
    const { a, b, c } = s, t = s.vector(0);
    s.v(AND, t, a, c);
    s.v(ANDNOT, s.to, c, b);
    s.v(OR, s.to, s.to, t);
  }, { vectors: 1 }),
  "i8x16.relaxed_laneselect": laneSelect(0x4c),
  "i16x8.relaxed_laneselect": laneSelect(0x4c),
  "i32x4.relaxed_laneselect": laneSelect(0x4a),
  "i64x2.relaxed_laneselect": laneSelect(0x4b),
};
