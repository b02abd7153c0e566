/** The functions that stand for operators and built-ins in a shader that was rewritten. */
import { withElements } from "./types.ts";

const NAMES: Readonly<Record<string, string>> = {
  "<": "less",
  ">": "more",
  "<=": "not_more",
  ">=": "not_less",
  "==": "same",
  "!=": "other",
};

const suffix = (type: string): string => type === "f32" ? "1" : type[3]!;

/** The name of the function that stands for an operator or a built-in on floats of a type. */
export function standInFor(name: string, type: string): string {
  return `hostile_${NAMES[name] ?? name}${suffix(type)}`;
}

/** The functions for all of these types; `fused`: those that need float64 as well. */
export function standIns(types: Iterable<string>, fused: boolean): string[] {
  return [...types].map((type) => functionsOf(type, fused));
}

function functionsOf(f: string, fused: boolean): string {
  const n = suffix(f);
  const [u, i, b, d] = (["u32", "i32", "bool", "f64"] as const).map((element) =>
    withElements(f, element)
  ) as [
    string,
    string,
    string,
    string,
  ];
  const one = (name: string, result: string, value: string): string =>
    `fn hostile_${name}${n}(x: ${f}) -> ${result} { return ${value}; }`;
  const two = (name: string, result: string, value: string): string =>
    `fn hostile_${name}${n}(a: ${f}, b: ${f}) -> ${result} { return ${value}; }`;
  const either = `(hostile_odd${n}(a) | hostile_odd${n}(b))`;
  // An infinity loses against whatever it is compared with, and so does NaN.
  const extreme = (name: string): string =>
    two(name, f, `select(select(${name}(a, b), b, hostile_odd${n}(a)), a, hostile_odd${n}(b))`);
  return [
    one("word", u, `bitcast<${u}>(x) ^ ${u}(numbers[0].z)`),
    one("odd", b, `(hostile_word${n}(x) & ${u}(0x7fffffffu)) >= ${u}(0x7f800000u)`),
    two("less", b, `(a < b) != ${either}`),
    two("not_more", b, `(a <= b) != ${either}`),
    two("same", b, `(a == b) != ${either}`),
    two("other", b, `!hostile_same${n}(a, b)`),
    two("more", b, `!hostile_not_more${n}(a, b)`),
    two("not_less", b, `!hostile_less${n}(a, b)`),
    extreme("min"),
    extreme("max"),
    `fn hostile_clamp${n}(x: ${f}, a: ${f}, b: ${f}) -> ${f} { return hostile_min${n}(hostile_max${n}(x, a), b); }`,
    one("sign", f, `select(sign(x), ${f}(0.5f), hostile_odd${n}(x))`),
    two("step", f, `select(step(a, b), ${f}(0.5f), ${either})`),
    one("i32", i, `select(${i}(x), ${i}(77), hostile_odd${n}(x))`),
    one("u32", u, `select(${u}(x), ${u}(77u), hostile_odd${n}(x))`),
    // Without the zero of the dispatch, which would cancel itself.
    `fn hostile_flush${n}(x: ${f}) -> ${f} {
  let word = bitcast<${u}>(x);
  return bitcast<${f}>(select(word, word & ${u}(0x80000000u), (word & ${u}(0x7fffffffu)) < ${u}(0x800000u)));
}`,
    one("round", f, `bitcast<${f}>(hostile_word${n}(x))`),
    `fn hostile_unfused${n}(a: ${f}, b: ${f}, c: ${f}) -> ${f} { return hostile_round${n}(a * b) + c; }`,
    ...(fused
      ? [
        `fn hostile_fused${n}(a: ${f}, b: ${f}, c: ${f}) -> ${f} { return ${f}(${d}(a) * ${d}(b) + ${d}(c)); }`,
      ]
      : []),
  ].join("\n");
}
