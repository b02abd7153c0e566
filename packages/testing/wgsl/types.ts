/** Types of WGSL values, by name, as far as shaders of this house have any. */
import type { TokenReader } from "./tokens.ts";

/** Names whose `<` begins a template. */
export const TEMPLATES: ReadonlySet<string> = new Set(["array", "atomic", "bitcast", "vec2", "vec3", "vec4"]);

const SCALARS: Readonly<Record<string, string>> = { f: "f32", h: "f16", i: "i32", u: "u32" };

/** A type by its one name: "vec4f" is "vec4<f32>". */
export function canonical(name: string): string {
  const short = /^(vec[234])([fhiu])$/.exec(name);
  return short ? `${short[1]}<${SCALARS[short[2]!]}>` : name;
}

/** True for the name of a numeric type, which is called to convert. */
export function isNumberType(name: string): boolean {
  return /^([fiu]32|f16|bool|vec[234])$/.test(name.replace(/<.*/, "")) || /^vec[234][fhiu]$/.test(name);
}

/** Reads a type. */
export function readType(reader: TokenReader): string {
  const name = reader.take();
  if (!reader.accept("<")) return canonical(name);
  const parts = [readType(reader)];
  while (reader.accept(",")) parts.push(readType(reader));
  reader.expect(">");
  return `${name}<${parts.join(", ")}>`;
}

/** The type of the elements of a vector, an array or an atomic; the type itself where it has none. */
export function elementOf(type: string): string {
  const inner = /^(?:vec[234]|array|atomic)<(.*?)(?:, \d+)?>$/.exec(type);
  return inner ? inner[1]! : type;
}

/** True for float32 and vectors of it. */
export function isFloat(type: string): boolean {
  return type === "f32" || /^vec[234]<f32>$/.test(type);
}

/** True for the type of a literal without a suffix. */
const isAbstract = (type: string): boolean => type.startsWith("abstract");

/** The type of what is made of operands of these types: that of the vector among them, or of what is no bare literal. */
export function merged(types: readonly string[]): string {
  return types.find((type) => type.startsWith("vec")) ?? types.find((type) => !isAbstract(type)) ?? types[0]!;
}

/** The scalar or vector type of the same width with another element type. */
export function withElements(type: string, element: string): string {
  return type.startsWith("vec") ? `${type.slice(0, 4)}<${element}>` : element;
}

/** The type of a literal. */
export function literalType(text: string): string {
  if (/^0x/.test(text)) return text.endsWith("u") ? "u32" : text.endsWith("i") ? "i32" : "abstract integer";
  const suffix = SCALARS[text.at(-1)!];
  return suffix ?? (/[.e]/.test(text) ? "abstract float" : "abstract integer");
}

const OF_OPERANDS = new Set([
  ...[
    "abs",
    "ceil",
    "clamp",
    "countLeadingZeros",
    "floor",
    "fma",
    "max",
    "min",
    "round",
    "sign",
    "sqrt",
    "step",
  ],
  ...["trunc", "subgroupShuffle", "subgroupShuffleXor"],
]);

/** The type of what a built-in function gives for operands of these types. */
export function builtinType(name: string, operands: readonly string[]): string {
  if (OF_OPERANDS.has(name)) return merged(operands);
  if (name === "select") return merged(operands.slice(0, 2));
  if (name === "any" || name === "all") return "bool";
  if (name.startsWith("atomic")) return elementOf(operands[0]!);
  if (name.endsWith("Barrier")) return "nothing";
  throw new TypeError(`Cannot read WGSL as its function ${name}() is not known`);
}
