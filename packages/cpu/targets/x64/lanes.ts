/** Selects instructions on single lanes, halves, and the order of lanes. */
import { A } from "../native/flow.ts";
import { FIRST_IN_MEMORY } from "../native/rules.ts";
import { EQUAL, NOT_EQUAL } from "./assembler.ts";
import { type Entries, type Entry, entry, vex } from "./entry.ts";
import { setIf } from "./integers.ts";
import type { Selector } from "./selector.ts";
import { emitShuffle } from "./shuffles.ts";

const EXTRACT_HALF = vex(3, 1, 0x19), INSERT_HALF = vex(3, 1, 0x18);
const FROM_INTEGER = vex(1, 1, 0x6e), FROM_LONG = vex(1, 1, 0x6e, 1);
const PERMUTE = vex(3, 1, 0x04), PERMUTE_DOUBLES = vex(3, 1, 0x05);
const MOVE = vex(1, 0, 0x28);

/** Fills all lanes with an integer register. */
function splatted(move: number, broadcast: number): Entry {
  return entry((s) => {
    s.x(move, s.to, 0, s.a);
    s.v(broadcast, s.to, 0, s.to);
  });
}

/** Returns a register with the half that the lane is in, given the number of lanes per half, and the lane's number there. */
function half(s: Selector, lanes: number, from: number, spare: number): { from: number; lane: number } {
  const lane = s.extra;
  if (lane < lanes) return { from, lane };
  s.v(EXTRACT_HALF, from, 0, spare, 1);
  return { from: spare, lane: lane - lanes };
}

/** Reads an integer lane; `then` extends it to the whole register. */
function extracted(spec: number, lanes: number, then?: (s: Selector, to: number) => void): Entry {
  return entry((s) => {
    const { from, lane } = half(s, lanes, s.a, s.vector(0));
    s.x(spec, from, 0, s.to, lane);
    then?.(s, s.to);
  }, { vectors: 1 });
}

/** Reads a float lane. */
function extractedFloat(spec: number, lanes: number, double: boolean): Entry {
  return entry((s) => {
    const { from, lane } = half(s, lanes, s.a, s.vector(0));
    if (lane === 0) s.copy(s.to, from, 2);
    else s.x(spec, s.to, 0, from, double ? lane : 0xe4 & 0xfc | lane);
  }, { vectors: 1 });
}

/** Replaces an integer lane by a register. */
function replaced(spec: number, lanes: number): Entry {
  return entry((s) => {
    const { a, b, to } = s;
    replaceIn(s, lanes, a, to, (from, target, lane) => s.x(spec, target, from, b, lane));
  }, { vectors: 1 });
}

/** Changes the half of `a` with the lane and leaves the whole vector in `to`. */
export function replaceIn(
  s: Selector,
  lanes: number,
  a: number,
  to: number,
  change: (from: number, target: number, lane: number) => void,
): void {
  const lane = s.extra;
  if (!s.wide) change(a, to, lane);
  else {
    const t = s.vector(0);
    if (lane < lanes) {
      change(a, t, lane);
      // The change has cleared the high half: insert the low one into the old vector.
      s.v(vex(3, 1, 0x02), to, a, t, 0x0f);
    } else {
      s.v(EXTRACT_HALF, a, 0, t, 1);
      change(t, t, lane - lanes);
      s.v(INSERT_HALF, to, a, t, 1);
    }
  }
}

/** Replaces a float lane: all lanes of the new value, blended with the old ones. */
function replacedFloat(broadcast: number, blend: number, double: boolean): Entry {
  return entry((s) => {
    const { a, b } = s, t = s.vector(0);
    if (double && !s.wide) s.x(vex(1, 3, 0x12), t, 0, b);
    else s.v(broadcast, t, 0, b);
    s.v(blend, s.to, a, t, 1 << s.extra);
  }, { vectors: 1 });
}

/** Selects the test that no lane is zero. */
function allTrue(equal: number): Entry {
  return entry((s) => {
    const a = s.a, t = s.vector(0);
    s.x(vex(1, 1, 0xef), t, t, t);
    s.v(equal, t, a, t);
    s.v(TEST, t, 0, t);
    setIf(s, EQUAL);
  }, { vectors: 1 });
}

/** Sets the zero flag if no bit of a vector is set. */
export const TEST: number = vex(2, 1, 0x17);

/** Instructions on lanes. */
export const LANES: Entries = {
  "i8x16.splat": splatted(FROM_INTEGER, vex(2, 1, 0x78)),
  "i16x8.splat": splatted(FROM_INTEGER, vex(2, 1, 0x79)),
  "i32x4.splat": splatted(FROM_INTEGER, vex(2, 1, 0x58)),
  "i64x2.splat": splatted(FROM_LONG, vex(2, 1, 0x59)),
  "f32x4.splat": entry((s) => s.v(vex(2, 1, 0x18), s.to, 0, s.operand(A)), { flags: FIRST_IN_MEMORY }),
  "f64x2.splat": entry((s) => s.v(vex(2, 1, 0x59), s.to, 0, s.operand(A)), { flags: FIRST_IN_MEMORY }),
  "i8x16.extract_lane_u": extracted(vex(3, 1, 0x14), 16),
  "i8x16.extract_lane_s": extracted(
    vex(3, 1, 0x14),
    16,
    (s, to) => s.asm.prefixed(0, 0x0fbe, to, to, false, true),
  ),
  "i16x8.extract_lane_u": extracted(vex(3, 1, 0x15), 8),
  "i16x8.extract_lane_s": extracted(vex(3, 1, 0x15), 8, (s, to) => s.asm.prefixed(0, 0x0fbf, to, to, false)),
  "i32x4.extract_lane": extracted(vex(3, 1, 0x16), 4),
  "i64x2.extract_lane": extracted(vex(3, 1, 0x16, 1), 2),
  "f32x4.extract_lane": extractedFloat(PERMUTE, 4, false),
  "f64x2.extract_lane": extractedFloat(PERMUTE_DOUBLES, 2, true),
  "i8x16.replace_lane": replaced(vex(3, 1, 0x20), 16),
  "i16x8.replace_lane": replaced(vex(1, 1, 0xc4), 8),
  "i32x4.replace_lane": replaced(vex(3, 1, 0x22), 4),
  "i64x2.replace_lane": replaced(vex(3, 1, 0x22, 1), 2),
  "f32x4.replace_lane": replacedFloat(vex(2, 1, 0x18), vex(3, 1, 0x0c), false),
  "f64x2.replace_lane": replacedFloat(vex(2, 1, 0x19), vex(3, 1, 0x0d), true),
  "v128.any_true": entry((s) => {
    const a = s.a;
    s.v(TEST, a, 0, a);
    setIf(s, NOT_EQUAL);
  }),
  "i8x16.all_true": allTrue(vex(1, 1, 0x74)),
  "i16x8.all_true": allTrue(vex(1, 1, 0x75)),
  "i32x4.all_true": allTrue(vex(1, 1, 0x76)),
  "i64x2.all_true": allTrue(vex(2, 1, 0x29)),
  "i8x16.bitmask": entry((s) => s.v(vex(1, 1, 0xd7), s.to, 0, s.a)),
  "i32x4.bitmask": entry((s) => s.v(vex(1, 0, 0x50), s.to, 0, s.a)),
  "i64x2.bitmask": entry((s) => s.v(vex(1, 1, 0x50), s.to, 0, s.a)),
  "shuffle": entry((s) => emitShuffle(s), { vectors: 2 }),
  "half.low": entry((s) => s.x(MOVE, s.to, 0, s.a)),
  "half.high": entry((s) => s.v(EXTRACT_HALF, s.a, 0, s.to, 1)),
  "half.join": entry((s) => {
    const a = s.a;
    s.v(INSERT_HALF, s.to, a, s.b, 1);
  }),
};
