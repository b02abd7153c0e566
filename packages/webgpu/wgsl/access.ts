/**
 * Elements in memory. Float32 and int32 are words of their own, int64 are pairs of them; bfloat16 lies in
 * twos in a word, uint8 and bool in fours, as on the host; so does float16 where
 * the GPU has no such type. Single ones of these are stored by atomic operations
 * on their word, which other threads may be changing next to them.
 */
import type { DType } from "@troodon/core";
import { type Lanes, type NumberKind, typeName } from "./types.ts";

/** Elements that have to share a word; `half`: whether the GPU has float16. */
export function packing(dtype: DType, half: boolean): 1 | 2 | 4 {
  if (dtype === "uint8" || dtype === "bool") return 4;
  return dtype === "bfloat16" || (dtype === "float16" && !half) ? 2 : 1;
}

const HALVES: Readonly<Record<Lanes, string>> = { 1: "f16", 4: "vec4<f16>" };

/** What a buffer is an array of. */
export function elementType(dtype: DType, lanes: Lanes, written: boolean, half: boolean): string {
  const per = packing(dtype, half);
  if (dtype === "float16" && half) return HALVES[lanes];
  if (per === 1) return typeName(storedKind(dtype), lanes);
  if (lanes === 4) return per === 2 ? "vec2u" : "u32";
  return written ? "atomic<u32>" : "u32";
}

type Use = (name: string) => void;

/** The kind of number that elements of a dtype are. */
function storedKind(dtype: DType): NumberKind {
  if (dtype === "int64") return "l";
  return dtype === "int32" || dtype === "uint8" || dtype === "bool" ? "i" : "f";
}

/** Conversions to and from int64, which are of single elements. */
const LONG_CONVERSIONS: Readonly<Record<string, string>> = {
  il: "int_to_long",
  fl: "float_to_long",
  lf: "long_to_float",
};

function converted(text: string, from: NumberKind, to: NumberKind, lanes: Lanes, use: Use): string {
  if (from === to) return text;
  if (from === "l" && to === "i") return `bitcast<i32>(${text}.x)`;
  if (from === "l" || to === "l") {
    const name = LONG_CONVERSIONS[`${from}${to}`]!;
    use(name);
    return `${name}(${text})`;
  }
  if (to === "f") return `${typeName("f", lanes)}(${text})`;
  use("to_int");
  return `to_int(${text})`;
}

/** How a buffer is bound: as what a load takes, as atomic words, or as fours of which a load takes one. */
export type Bound = "plain" | "atomic" | "fours";

/** A function that gives the element (or the four) at an index as a number of kind `to`, or an i32 that is an index. */
export function loader(
  name: string,
  buffer: string,
  offset: string,
  dtype: DType,
  to: NumberKind | "index",
  lanes: Lanes,
  bound: Bound,
  half: boolean,
  use: Use,
): string {
  const kind = to === "index" ? "i" : to, per = packing(dtype, half), type = typeName(kind, lanes);
  const u = typeName("u", lanes);
  const lines: string[] = [];
  const at = (index: string): string => {
    if (bound === "atomic") return `atomicLoad(&${buffer}[${index}])`;
    return bound === "fours" ? `${buffer}[${index} / 4u][${index} % 4u]` : `${buffer}[${index}]`;
  };
  let value: string;
  if (per === 1) {
    value = at("at");
  } else if (lanes === 1) {
    const bits = 32 / per;
    lines.push(`let bits = (${at(`at / ${per}u`)} >> ((at % ${per}u) * ${bits}u)) & ${2 ** bits - 1}u;`);
    value = "bits";
  } else if (per === 2) {
    lines.push(`let pair = ${at("at")};`);
    lines.push("let bits = vec4u(pair.x & 0xffffu, pair.x >> 16u, pair.y & 0xffffu, pair.y >> 16u);");
    value = "bits";
  } else {
    lines.push(`let word = ${at("at")};`);
    lines.push("let bits = (vec4u(word) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu);");
    value = "bits";
  }
  if (dtype === "float16" && half) {
    value = `${typeName("f", lanes)}(${value})`;
  } else if (dtype === "float16") {
    use("from_half");
    value = "from_half(bits)";
  } else if (dtype === "bfloat16") {
    value = `bitcast<${typeName("f", lanes)}>(bits << ${u}(16u))`;
  } else if (per === 4) {
    value = `${typeName("i", lanes)}(bits)`;
  }
  let result: string;
  if (to === "index" && dtype === "int64") {
    use("long_to_index");
    result = `long_to_index(${value})`;
  } else result = converted(value, storedKind(dtype), kind, lanes, use);
  return [
    `fn ${name}(i: u32) -> ${type} {`,
    `  let at = i + ${offset};`,
    ...lines.map((line) => `  ${line}`),
    `  return ${result};`,
    "}",
  ].join("\n");
}

/** A function that stores a number of kind `from` at an index. */
export function storer(
  name: string,
  buffer: string,
  offset: string,
  dtype: DType,
  from: NumberKind,
  lanes: Lanes,
  half: boolean,
  use: Use,
): string {
  const per = packing(dtype, half), type = typeName(from, lanes), u = typeName("u", lanes);
  let bits: string;
  if (dtype === "bool") {
    if (from === "f") {
      use("not_zero");
      bits = "not_zero(x)";
    } else if (from === "l") {
      bits = "select(0u, 1u, any(x != vec2u(0u)))";
    } else {
      bits = `select(${u}(0u), ${u}(1u), x != ${type}(0))`;
    }
  } else if (dtype === "uint8") {
    bits = `bitcast<${u}>(${converted("x", from, "i", lanes, use)}) & ${u}(0xffu)`;
  } else if (per === 2) {
    const fn = dtype === "float16" ? "to_half" : "to_bfloat";
    use(fn);
    bits = `${fn}(${converted("x", from, "f", lanes, use)})`;
  } else {
    bits = converted("x", from, storedKind(dtype), lanes, use);
    if (dtype === "float16") bits = `${HALVES[lanes]}(${bits})`;
  }
  const lines = [`let bits = ${bits};`];
  if (per === 1) {
    lines.push(`${buffer}[at] = bits;`);
  } else if (lanes === 1) {
    const width = 32 / per;
    lines.push(
      `let shift = (at % ${per}u) * ${width}u;`,
      `atomicAnd(&${buffer}[at / ${per}u], ~(${2 ** width - 1}u << shift));`,
      `atomicOr(&${buffer}[at / ${per}u], bits << shift);`,
    );
  } else if (per === 2) {
    lines.push(`${buffer}[at] = vec2u(bits.x | (bits.y << 16u), bits.z | (bits.w << 16u));`);
  } else {
    lines.push(`${buffer}[at] = bits.x | (bits.y << 8u) | (bits.z << 16u) | (bits.w << 24u);`);
  }
  return [
    `fn ${name}(i: u32, x: ${type}) {`,
    `  let at = i + ${offset};`,
    ...lines.map((line) => `  ${line}`),
    "}",
  ].join("\n");
}
