/** Selects instructions on single lanes, tests of all lanes, and shuffles. */
import { binary, type Emit, type Entries, unary } from "./entry.ts";
import { type Register, ZERO } from "./general.ts";
import type { Lanes, Permute } from "./instructions.ts";
import { type Selector, T0, T1, V0, V1, V2 } from "./selector.ts";

function splatted(lanes: Lanes): Emit {
  return unary((s, to, a) => s.asm.splat(lanes, to, a));
}

function extracted(lanes: Lanes): Emit {
  return unary((s, to, a) => s.asm.lane(lanes, to, a, s.extra));
}

/** Selects the replacement of one lane, which `insert` writes. */
function replaced(insert: (s: Selector, target: Register, b: Register) => void): Emit {
  return binary((s, to, a, b) => {
    const target = to === a ? to : V0;
    if (target !== a) s.asm.moveVector(target, a);
    insert(s, target, b);
    if (target !== to) s.asm.moveVector(to, target);
  });
}

/** Sets the flags to "ne" if any bit of a vector is set. */
export function testAny(s: Selector, a: Register): void {
  s.asm.same("umaxp", "4s", V0, a, a);
  s.asm.convert("fmovFrom", 64, 64, T0, V0);
  s.asm.integer("subs", 64, ZERO, T0, ZERO);
}

/** Selects the test that no lane is zero. */
function allTrue(lanes: Lanes): Emit {
  return unary((s, to, a) => {
    s.asm.one("cmeqZero", lanes, V0, a);
    testAny(s, V0);
    s.asm.setIf(to, "eq");
  });
}

/** Selects the signs of lanes as bits of an integer. */
function bitmask(lanes: "4s" | "2d", count: number): Emit {
  return unary((s, to, a) => {
    const bits = lanes === "4s" ? 32 : 64;
    s.asm.constant32(T1, 0);
    for (let lane = count - 1; lane >= 0; lane--) {
      s.asm.lane(lanes, T0, a, lane);
      s.asm.shift("lsr", bits, T0, T0, bits - 1);
      s.asm.shift("lsl", 32, T1, T1, 1);
      s.asm.integer("orr", 32, T1, T1, T0);
    }
    s.asm.move(32, to, T1);
  });
}

/** Interleavings of two vectors, by the words that they select. */
const INTERLEAVED: Readonly<Record<string, readonly [Permute, Lanes]>> = {
  "0246": ["uzp1", "4s"],
  "1357": ["uzp2", "4s"],
  "0415": ["zip1", "4s"],
  "2637": ["zip2", "4s"],
  "0426": ["trn1", "4s"],
  "1537": ["trn2", "4s"],
  "0145": ["zip1", "2d"],
  "2367": ["zip2", "2d"],
};

/** Selects a shuffle: 16 bytes from two vectors. */
const SHUFFLE: Emit = binary((s, to, a, b) => {
  const mask = s.flow.shuffles[s.extra]!, first = mask[0]!, words = [0, 4, 8, 12].map((i) => mask[i]! / 4);
  const whole = mask.every((n, i) => n === 4 * words[i >> 2]! + (i & 3));
  const interleaved = whole ? INTERLEAVED[words.join("")] : undefined;
  if (interleaved) return s.asm.permute(...interleaved, to, a, b);
  if (whole && words.every((n) => n === words[0])) {
    return s.asm.splatLane("4s", to, words[0]! < 4 ? a : b, words[0]! & 3);
  }
  if (first < 16 && mask.every((n, i) => n === first + i)) {
    return first === 0 ? s.copy(to, a, 4) : s.asm.extract(to, a, b, first);
  }
  s.asm.moveVector(V0, a);
  s.asm.moveVector(V1, b);
  s.asm.loadConstant(V2, mask);
  s.asm.table(to, V0, 2, V2);
});

/** Instructions on lanes. */
export const LANES: Entries = {
  "i8x16.splat": splatted("16b"),
  "i16x8.splat": splatted("8h"),
  "i32x4.splat": splatted("4s"),
  "i64x2.splat": splatted("2d"),
  "f32x4.splat": unary((s, to, a) => s.asm.splatLane("4s", to, a, 0)),
  "f64x2.splat": unary((s, to, a) => s.asm.splatLane("2d", to, a, 0)),
  "i8x16.extract_lane_u": extracted("16b"),
  "i16x8.extract_lane_u": extracted("8h"),
  "i8x16.extract_lane_s": unary((s, to, a) => s.asm.laneSigned("16b", to, a, s.extra)),
  "i16x8.extract_lane_s": unary((s, to, a) => s.asm.laneSigned("8h", to, a, s.extra)),
  "i32x4.extract_lane": extracted("4s"),
  "i64x2.extract_lane": extracted("2d"),
  "f32x4.extract_lane": unary((s, to, a) => s.asm.splatLane("4s", to, a, s.extra)),
  "f64x2.extract_lane": unary((s, to, a) => s.asm.splatLane("2d", to, a, s.extra)),
  "i8x16.replace_lane": replaced((s, target, b) => s.asm.insert("16b", target, s.extra, b)),
  "i16x8.replace_lane": replaced((s, target, b) => s.asm.insert("8h", target, s.extra, b)),
  "i32x4.replace_lane": replaced((s, target, b) => s.asm.insert("4s", target, s.extra, b)),
  "i64x2.replace_lane": replaced((s, target, b) => s.asm.insert("2d", target, s.extra, b)),
  "f32x4.replace_lane": replaced((s, target, b) => s.asm.insertLane("4s", target, s.extra, b, 0)),
  "f64x2.replace_lane": replaced((s, target, b) => s.asm.insertLane("2d", target, s.extra, b, 0)),
  "v128.any_true": unary((s, to, a) => {
    testAny(s, a);
    s.asm.setIf(to, "ne");
  }),
  "i8x16.all_true": allTrue("16b"),
  "i16x8.all_true": allTrue("8h"),
  "i32x4.all_true": allTrue("4s"),
  "i64x2.all_true": allTrue("2d"),
  "i32x4.bitmask": bitmask("4s", 4),
  "i64x2.bitmask": bitmask("2d", 2),
  "shuffle": SHUFFLE,
};
