/** Types of WGSL values. */
import type { ComputeType } from "@troodon/core";

/** Float, signed and unsigned integer, mask, and int64, which is a pair of words. */
export type Kind = "f" | "i" | "u" | "b" | "l";

/** The kinds that kernels calculate in. */
export type NumberKind = "f" | "i" | "l";

/** How many elements a value holds: one, or four side by side. */
export type Lanes = 1 | 4;

const NAMES: Readonly<Record<Kind, readonly [string, string?]>> = {
  f: ["f32", "vec4f"],
  i: ["i32", "vec4i"],
  u: ["u32", "vec4u"],
  b: ["bool", "vec4<bool>"],
  l: ["vec2u"],
};

/** The WGSL type of a kind. */
export function typeName(kind: Kind, lanes: Lanes): string {
  const name = NAMES[kind][lanes === 1 ? 0 : 1];
  if (name === undefined) throw new TypeError("Cannot have four int64 side by side in a shader");
  return name;
}

/** What kernels calculate in; there is no float64 on GPUs. */
export function kindOf(compute: ComputeType): NumberKind {
  if (compute === "float64") throw new TypeError("Cannot calculate in float64 on a GPU: use float32");
  return compute === "float32" ? "f" : compute === "int32" ? "i" : "l";
}

/** The dtype of numbers of a kind as they are calculated with. */
export function dtypeOf(kind: NumberKind): "float32" | "int32" | "int64" {
  return kind === "f" ? "float32" : kind === "i" ? "int32" : "int64";
}

/** Zero of a kind. */
export function zeroOf(kind: NumberKind): string {
  return kind === "f" ? "0f" : kind === "i" ? "0i" : "vec2u(0u)";
}

/** The sum of two numbers of a kind; `use` puts functions of the prelude in. */
export function sumOf(kind: NumberKind, a: string, b: string, use: (name: string) => void): string {
  if (kind !== "l") return `${a} + ${b}`;
  use("add_long");
  return `add_long(${a}, ${b})`;
}

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer), integers = new Int32Array(words.buffer);

/** The 32 bits of a float. */
export function bitsOfFloat(value: number): number {
  floats[0] = value;
  return words[0]!;
}

function scalarLiteral(kind: "f" | "i" | "u", bits: number): string {
  words[0] = bits;
  if (kind === "u") return `${words[0]}u`;
  if (kind === "i") {
    const value = integers[0]!;
    // The literal of the smallest integer would be a sign before one too large.
    return value === -0x80000000 ? "bitcast<i32>(0x80000000u)" : value < 0 ? `(${value}i)` : `${value}i`;
  }
  const value = floats[0]!;
  if (Number.isNaN(value)) return "nan()";
  // WGSL has no infinities: they are numbers of the dispatch.
  if (!Number.isFinite(value)) return value > 0 ? "inf()" : "(-inf())";
  if (value !== 0 && Math.abs(value) < 2 ** -126) return `bitcast<f32>(${bits >>> 0}u)`;
  const text = Object.is(value, -0) ? "-0" : String(value);
  return value < 0 || text === "-0" ? `(${text}f)` : `${text}f`;
}

/** The two words of an int64, the lower one first. */
export function wordsOfLong(value: bigint): readonly [number, number] {
  return [Number(value & 0xffffffffn), Number((value >> 32n) & 0xffffffffn)];
}

/** A literal of an int64. */
export function longLiteral(value: bigint): string {
  const [low, high] = wordsOfLong(value);
  return `vec2u(${low}u, ${high}u)`;
}

/** A literal by its bits, in all lanes. */
export function literal(kind: "f" | "i" | "u", bits: number, lanes: Lanes): string {
  const text = scalarLiteral(kind, bits);
  return lanes === 1 ? text : `${typeName(kind, lanes)}(${text})`;
}
