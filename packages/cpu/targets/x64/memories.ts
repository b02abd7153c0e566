/** Selects loads and stores. */
import { A, B } from "../native/flow.ts";
import { F32, F64, I32, I64, V128 } from "../native/operation.ts";
import { type Entries, type Entry, entry, vex } from "./entry.ts";
import { immediateOf } from "./integers.ts";
import { replaceIn } from "./lanes.ts";

/** Loads a value of a type as it is. */
function loaded(type: number): Entry {
  return entry((s) => {
    const rm = s.address();
    s.load(s.to, type, rm);
  });
}

/** Loads a part of an integer and extends it. */
function extended(opcode: number, wide: boolean): Entry {
  return entry((s) => {
    const rm = s.address();
    s.asm.prefixed(0, opcode, s.to, rm, wide);
  });
}

/** Loads a vector by one instruction. */
function loadedBy(spec: number): Entry {
  return entry((s) => {
    const rm = s.address();
    s.v(spec, s.to, 0, rm);
  });
}

/** Loads into the lowest lane and clears the others. */
function loadedLow(spec: number): Entry {
  return entry((s) => {
    const rm = s.address();
    s.x(spec, s.to, 0, rm);
  });
}

/** Stores a value of a type as it is. */
function stored(type: number): Entry {
  return entry((s) => {
    const value = s.a, rm = s.address();
    s.store(value, type, rm);
  });
}

/** Stores an integer, or the low part of one. */
function storedInteger(bytes: 1 | 2 | 4 | 8): Entry {
  return entry((s) => {
    const immediate = immediateOf(s, A), wide = bytes === 8;
    if (immediate !== undefined) {
      const rm = s.address(), { asm } = s;
      if (bytes === 2) asm.raw(0x66);
      asm.integer(bytes === 1 ? 0xc6 : 0xc7, 0, rm, wide, Math.min(bytes, 4));
      if (bytes === 1) asm.raw(immediate & 255);
      else if (bytes === 2) asm.raw(immediate & 255, immediate >> 8 & 255);
      else asm.word(immediate);
      return;
    }
    const value = s.a, rm = s.address();
    if (bytes === 1) s.asm.prefixed(0, 0x88, value, rm, false, true);
    else if (bytes === 2) s.asm.prefixed(0x66, 0x89, value, rm, false);
    else s.asm.store(rm, value, wide);
  });
}

/** Loads one lane of a vector. */
function loadedLane(spec: number, lanes: number): Entry {
  return entry((s) => {
    const { a, to } = s;
    replaceIn(s, lanes, a, to, (from, target, lane) => {
      const rm = s.address();
      s.x(spec, target, from, rm, lane);
    });
  }, { vectors: 1 });
}

/** Stores one lane of a vector. */
function storedLane(spec: number, lanes: number, lowest = 0): Entry {
  return entry((s) => {
    let from = s.a, lane = s.extra;
    if (lane >= lanes) {
      const t = s.vector(0);
      s.v(vex(3, 1, 0x19), from, 0, t, 1);
      from = t;
      lane -= lanes;
    }
    const rm = s.address();
    if (lane === 0 && lowest > 0) s.x(lowest, from, 0, rm);
    else s.x(spec, from, 0, rm, lane);
  }, { vectors: 1 });
}

/** Loads and stores. */
export const MEMORIES: Entries = {
  "i32.load": loaded(I32),
  "i64.load": loaded(I64),
  "f32.load": loaded(F32),
  "f64.load": loaded(F64),
  "v128.load": loaded(V128),
  "i32.load8_s": extended(0x0fbe, false),
  "i32.load8_u": extended(0x0fb6, false),
  "i32.load16_s": extended(0x0fbf, false),
  "i32.load16_u": extended(0x0fb7, false),
  "i64.load8_s": extended(0x0fbe, true),
  "i64.load8_u": extended(0x0fb6, false),
  "i64.load16_s": extended(0x0fbf, true),
  "i64.load16_u": extended(0x0fb7, false),
  "i64.load32_s": extended(0x63, true),
  "i64.load32_u": loaded(I32),
  "i32.store": storedInteger(4),
  "i64.store": storedInteger(8),
  "i32.store8": storedInteger(1),
  "i32.store16": storedInteger(2),
  "i64.store8": storedInteger(1),
  "i64.store16": storedInteger(2),
  "i64.store32": storedInteger(4),
  "f32.store": stored(F32),
  "f64.store": stored(F64),
  "v128.store": stored(V128),
  "v128.load8x8_s": loadedBy(vex(2, 1, 0x20)),
  "v128.load8x8_u": loadedBy(vex(2, 1, 0x30)),
  "v128.load16x4_s": loadedBy(vex(2, 1, 0x23)),
  "v128.load16x4_u": loadedBy(vex(2, 1, 0x33)),
  "v128.load32x2_s": loadedBy(vex(2, 1, 0x25)),
  "v128.load32x2_u": loadedBy(vex(2, 1, 0x35)),
  "v128.load8_splat": loadedBy(vex(2, 1, 0x78)),
  "v128.load16_splat": loadedBy(vex(2, 1, 0x79)),
  "v128.load32_splat": loadedBy(vex(2, 1, 0x18)),
  "v128.load64_splat": loadedBy(vex(2, 1, 0x59)),
  "v128.load32_zero": loadedLow(vex(1, 2, 0x10)),
  "v128.load64_zero": loadedLow(vex(1, 3, 0x10)),
  "v128.load8_lane": loadedLane(vex(3, 1, 0x20), 16),
  "v128.load16_lane": loadedLane(vex(1, 1, 0xc4), 8),
  "v128.load32_lane": loadedLane(vex(3, 1, 0x22), 4),
  "v128.load64_lane": loadedLane(vex(3, 1, 0x22, 1), 2),
  "v128.store8_lane": storedLane(vex(3, 1, 0x14), 16),
  "v128.store16_lane": storedLane(vex(3, 1, 0x15), 8),
  "v128.store32_lane": storedLane(vex(3, 1, 0x16), 4, vex(1, 2, 0x11)),
  "v128.store64_lane": storedLane(vex(3, 1, 0x16, 1), 2, vex(1, 3, 0x11)),
  "half.load": loadedLow(vex(1, 0, 0x10)),
  "half.store": entry((s) => {
    const value = s.a, rm = s.address();
    s.x(vex(1, 0, 0x11), value, 0, rm);
  }),
  "mask.load32": entry((s) => {
    const mask = s.a, rm = s.address();
    s.v(vex(2, 1, 0x2c), s.to, mask, rm);
  }),
  "mask.store32": entry((s) => {
    const value = s.a, mask = s.register(B), rm = s.address();
    s.v(vex(2, 1, 0x2e), value, mask, rm);
  }),
};
