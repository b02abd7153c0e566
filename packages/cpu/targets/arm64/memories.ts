/** Selects loads and stores. */
import type { Emit, Entries } from "./entry.ts";
import type { Access } from "./general_instructions.ts";
import type { Lanes } from "./instructions.ts";
import { V0 } from "./selector.ts";

/** Loads by one instruction. */
function loaded(name: Access): Emit {
  return (s) => s.access(name, s.to);
}

/** Loads an integer of fewer bits and extends its sign to 64. */
function extendedLong(name: Access, width: 8 | 16): Emit {
  return (s) => {
    const { to } = s;
    s.access(name, to);
    s.asm.signExtend(64, to, to, width);
  };
}

/** Loads half a vector and widens its lanes. */
function widened(extend: "sxtl" | "uxtl", lanes: "8h" | "4s" | "2d"): Emit {
  return (s) => {
    const { to } = s;
    s.access("ldrD", to);
    s.asm.extend(extend, lanes, to, to);
  };
}

function splatted(lanes: Lanes): Emit {
  return (s) => s.asm.loadSplat(lanes, s.to, s.address());
}

function stored(name: Access): Emit {
  return (s) => s.access(name, s.a);
}

function loadedLane(lanes: Lanes): Emit {
  return (s) => {
    const { a, to } = s, target = to === a ? to : V0;
    if (target !== a) s.asm.moveVector(target, a);
    s.asm.laneAccess("ld1", lanes, target, s.extra, s.address());
    if (target !== to) s.asm.moveVector(to, target);
  };
}

function storedLane(lanes: Lanes): Emit {
  return (s) => {
    const { a } = s;
    s.asm.laneAccess("st1", lanes, a, s.extra, s.address());
  };
}

/** Loads and stores. */
export const MEMORIES: Entries = {
  "i32.load": loaded("ldrw"),
  "i64.load": loaded("ldrx"),
  "f32.load": loaded("ldrS"),
  "f64.load": loaded("ldrD"),
  "v128.load": loaded("ldrQ"),
  "i32.load8_s": loaded("ldrsb"),
  "i32.load8_u": loaded("ldrb"),
  "i32.load16_s": loaded("ldrsh"),
  "i32.load16_u": loaded("ldrh"),
  "i64.load8_s": extendedLong("ldrb", 8),
  "i64.load8_u": loaded("ldrb"),
  "i64.load16_s": extendedLong("ldrh", 16),
  "i64.load16_u": loaded("ldrh"),
  "i64.load32_s": loaded("ldrsw"),
  "i64.load32_u": loaded("ldrw"),
  "i32.store": stored("strw"),
  "i64.store": stored("strx"),
  "i32.store8": stored("strb"),
  "i32.store16": stored("strh"),
  "i64.store8": stored("strb"),
  "i64.store16": stored("strh"),
  "i64.store32": stored("strw"),
  "f32.store": stored("strS"),
  "f64.store": stored("strD"),
  "v128.store": stored("strQ"),
  "v128.load8x8_s": widened("sxtl", "8h"),
  "v128.load8x8_u": widened("uxtl", "8h"),
  "v128.load16x4_s": widened("sxtl", "4s"),
  "v128.load16x4_u": widened("uxtl", "4s"),
  "v128.load32x2_s": widened("sxtl", "2d"),
  "v128.load32x2_u": widened("uxtl", "2d"),
  "v128.load8_splat": splatted("16b"),
  "v128.load16_splat": splatted("8h"),
  "v128.load32_splat": splatted("4s"),
  "v128.load64_splat": splatted("2d"),
  "v128.load32_zero": loaded("ldrS"),
  "v128.load64_zero": loaded("ldrD"),
  "v128.load8_lane": loadedLane("16b"),
  "v128.load16_lane": loadedLane("8h"),
  "v128.load32_lane": loadedLane("4s"),
  "v128.load64_lane": loadedLane("2d"),
  "v128.store8_lane": storedLane("16b"),
  "v128.store16_lane": storedLane("8h"),
  "v128.store32_lane": storedLane("4s"),
  "v128.store64_lane": storedLane("2d"),
};
