/** Instructions that move lanes between the halves of a vector, for vectors of 16 and of 32 bytes. */
import type { ComputeType, DType } from "@troodon/core";
import type { Code } from "../targets/wasm/assembler.ts";
import type { Value } from "./machine.ts";

/** Pushes the high half of a vector as the low one. */
export function pushHigh(code: Code, value: Value): Code {
  return code.vectorBytes === 32
    ? code.get(value).op("half.high")
    : code.get(value).get(value).shuffle64(1, 1);
}

/** Pops two vectors and pushes their low halves, one after the other. */
export function joinLow(code: Code): Code {
  return code.vectorBytes === 32 ? code.op("half.join") : code.shuffle64(0, 2);
}

/** Pushes the low words of the 64-bit lanes of two vectors, one after the other. */
export function pushLowWords(code: Code, low: Value, high: Value): Code {
  if (code.vectorBytes === 16) return code.get(low).get(high).shuffle32(0, 2, 4, 6);
  for (const value of [low, high]) {
    code.get(value).get(value).op("half.high").shuffle32(0, 2, 4, 6);
  }
  return code.op("half.join");
}

/** Returns the load and the store for 16 or 32 bytes of a vector; the load clears the other bytes. */
export function accessOf(
  code: Code,
  bytes: number,
): readonly ["v128.load", "v128.store"] | readonly ["half.load", "half.store"] {
  return bytes < code.vectorBytes ? ["half.load", "half.store"] : ["v128.load", "v128.store"];
}

/** Pushes 0, 1, 2 ... `count - 1` in the first lanes of 32 bits, and `others` in the lanes after them. */
export function pushRamp(code: Code, count: number, others = 0): Code {
  return code.i32x4(...Array.from({ length: code.vectorBytes / 4 }, (_, i) => i < count ? i : others));
}

/** Returns true if code for this compute type and these element types can be written for vectors of 32 bytes. */
export function canBeWide(compute: ComputeType, dtypes: readonly DType[]): boolean {
  return compute !== "int64" && !dtypes.includes("int64");
}
