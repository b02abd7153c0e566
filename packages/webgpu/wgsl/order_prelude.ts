/**
 * Functions that compare floats by their bits, which shaders call. Compilers may assume that no float is NaN or infinite,
 * as Metal's do: what they make of `a < b`, `a == b`, `min(a, b)` is anything then.
 */
import type { Piece } from "./prelude.ts";
import { type Lanes, typeName } from "./types.ts";

/** The bits of infinity, beyond which those of NaN are. */
export const INFINITE = 0x7f800000;

/** Functions on values of so many lanes. */
export function order(lanes: Lanes): Record<string, Piece> {
  const [f, i, u, b] = (["f", "i", "u", "b"] as const).map((kind) => typeName(kind, lanes)) as [
    string,
    string,
    string,
    string,
  ];
  const extreme = (name: string, op: string): Piece => ({
    needs: ["key", "unordered"],
    code: `
fn ${name}(a: ${f}, b: ${f}) -> ${f} {
  let better = select(a, b, bitcast<${i}>(key(b)) ${op} bitcast<${i}>(key(a)));
  return select(select(better, a, unordered(a)), b, unordered(b));
}`,
  });
  return {
    // The zero that no compiler knows keeps it from what it may know of x as a float.
    bits_of: {
      code: `
fn bits_of(x: ${f}) -> ${u} { return bitcast<${u}>(x) ^ ${u}(numbers[0].z); }`,
    },
    unordered: {
      needs: ["bits_of"],
      code: `
fn unordered(x: ${f}) -> ${b} { return (bits_of(x) & ${u}(0x7fffffffu)) > ${u}(${INFINITE}u); }`,
    },
    // An integer of two's complement that compares as x does, with 0 for -0; NaN are beyond the infinities on both sides.
    key: {
      needs: ["bits_of"],
      code: `
fn key(x: ${f}) -> ${u} {
  let bits = bits_of(x);
  return select(bits, ${u}(0x80000000u) - bits, bits >= ${u}(0x80000000u));
}`,
    },
    // Compares as x does where it is unsigned; NaN is above all.
    rank: {
      needs: ["key", "unordered"],
      code: `
fn rank(x: ${f}) -> ${u} { return select(key(x) ^ ${u}(0x80000000u), ${u}(0xffffffffu), unordered(x)); }`,
    },
    least: extreme("least", "<"),
    greatest: extreme("greatest", ">"),
  };
}
