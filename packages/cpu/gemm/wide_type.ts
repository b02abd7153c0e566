/** Number types in vectors of any width. */
import type { Code, Local } from "../targets/wasm/assembler.ts";
import type { NumberType } from "./number_type.ts";

/** Returns the number of elements in a vector of the code. */
export function lanesOf({ vectorBytes }: Pick<Code, "vectorBytes">, { bytes }: NumberType): number {
  return vectorBytes / bytes;
}

/**
 * Sets `mask` to a vector whose lanes are all ones for the first `count - skipped` elements and zero for the others.
 */
export function setMask(code: Code, { bytes }: NumberType, mask: Local, count: Local, skipped: number): void {
  const words = bytes / 4;
  code.get(count).i32(skipped).op("i32.sub");
  if (words > 1) code.i32(1).op("i32.shl");
  code.op("i32x4.splat");
  code.i32x4(...Array.from({ length: code.vectorBytes / 4 }, (_, i) => i)).op("i32x4.gt_s").set(mask);
}

/** Pushes the vector at the address on the stack; lanes outside of the mask, if there is one, are zero or arbitrary. */
export function load(code: Code, offset: number, mask?: Local): void {
  if (mask !== undefined && code.vectorBytes === 32) code.get(mask).memory("mask.load32", offset);
  else code.memory("v128.load", offset, 2);
}

/** Stores the vector `value` at the address in `to`: the lanes of the mask if there is one. */
export function store(code: Code, to: Local, value: Local, offset: number, mask?: Local): void {
  if (mask === undefined) code.get(to).get(value).memory("v128.store", offset, 2);
  else if (code.vectorBytes === 32) code.get(to).get(value).get(mask).memory("mask.store32", offset);
  else {
    for (let lane = 0; lane < 4; lane++) {
      code.get(mask).lane("i32x4.extract_lane", lane).if(() =>
        code.get(to).get(value).laneMemory("v128.store32_lane", lane, offset + 4 * lane)
      );
    }
  }
}
