/** Comparisons of float32 as instructions on integers: see `order_prelude.ts`. */
import type { lower } from "@troodon/core/kernel";
import type { WgslMachine } from "./machine.ts";
import { INFINITE } from "./order_prelude.ts";
import { literal } from "./types.ts";

type Value = lower.Value;

/** Comparisons among the instructions. */
export type Comparison = "less" | "lessEqual" | "equal" | "notEqual";

const OPERATORS = { less: "<", lessEqual: "<=", equal: "==" } as const;

/** The key of the number with these bits; undefined for NaN. */
function keyOf(bits: number | undefined): number | undefined {
  if (bits === undefined || (bits & 0x7fffffff) > INFINITE) return undefined;
  return bits >>> 31 === 1 ? -(bits & 0x7fffffff) : bits;
}

/** The mask of `x` compared with `y`, all of them false of NaN but `notEqual`. */
export function compareFloats(t: WgslMachine, op: Comparison, x: Value, y: Value): Value {
  if (op === "notEqual") {
    return x === y ? unordered(t, x) : t.emit("not", compareFloats(t, "equal", x, y));
  }
  const known = keyOf(t.bitsOf(y)), first = keyOf(t.bitsOf(x));
  if (known !== undefined) {
    if (op === "equal") return between(t, x, known, known);
    return between(t, x, -INFINITE, op === "less" ? known - 1 : known);
  }
  if (first !== undefined) {
    if (op === "equal") return between(t, y, first, first);
    return between(t, y, op === "less" ? first + 1 : first, INFINITE);
  }
  const [p, q] = [key(t, x), key(t, y)], limit = literal("i", INFINITE, t.lanes);
  return t.write("b", (text) => {
    const [a, b] = [text(p, "i"), text(q, "i")];
    return `(${a} ${OPERATORS[op]} ${b}) & (${b} <= ${limit}) & (${a} >= -${limit})`;
  });
}

/** The mask of elements of `x` that are NaN. */
function unordered(t: WgslMachine, x: Value): Value {
  const size = t.emit("and", bitsOf(t, x), t.word(0x7fffffff));
  return t.write("b", (text) => `${text(size, "u")} > ${literal("u", INFINITE, t.lanes)}`);
}

/** The bits of `x`, behind a zero that keeps compilers from what they may know of `x` as a float. */
function bitsOf(t: WgslMachine, x: Value): Value {
  return t.write("u", (text) => `${text(x, "u")} ^ ${t.type("u")}(numbers[0].z)`);
}

/** `x` itself, which no compiler knows to be that: WGSL lets them rewrite (a + b) - b. */
export function opaque(t: WgslMachine, x: Value): Value {
  return t.write("f", (text) => text(bitsOf(t, x), "f"));
}

/**
 * An integer of two's complement that compares as `x` does, with 0 for -0; NaN are beyond the infinities on both sides.
 * Subnormal numbers are 0 where they are for arithmetic, as the guard of a division by 0 has to see what the division sees.
 */
function key(t: WgslMachine, x: Value): Value {
  const bits = bitsOf(t, t.write("f", (text) => `${text(x, "f")} * one()`));
  if (t.isPositive(x)) return bits;
  const sign = literal("u", 0x80000000, t.lanes);
  return t.write(
    "u",
    (text) => `select(${text(bits, "u")}, ${sign} - ${text(bits, "u")}, ${text(bits, "u")} >= ${sign})`,
  );
}

/** The mask of `x` whose key is one of those from `low` to `high`. */
function between(t: WgslMachine, x: Value, low: number, high: number): Value {
  const number = (n: number): string => literal("u", n, t.lanes);
  // Keys of what has no sign begin with 0, and all but those of NaN end with that of infinity.
  const least = t.isPositive(x) ? 0 : -INFINITE;
  if (high < Math.max(low, least)) return t.write("b", () => `${t.type("b")}(false)`);
  const found = key(t, x);
  return t.write("b", (text) => {
    const k = text(found, "u");
    if (low === high) return `${k} == ${number(low)}`;
    if (least === 0 && low <= 0) return `${k} <= ${number(high)}`;
    return `(${k} - ${number(low)}) <= ${number(high - low)}`;
  });
}

/** The larger or smaller of both, and NaN where one is. */
export function extreme(t: WgslMachine, op: "min" | "max", x: Value, y: Value): Value {
  for (const [value, bound] of [[x, y], [y, x]] as const) {
    if (keyOf(t.bitsOf(bound)) !== undefined) {
      return bounded(t, op === "max" ? "atLeast" : "atMost", value, bound);
    }
  }
  return t.call(op === "min" ? "least" : "greatest", [x, y], "f", "f");
}

/** `value`, or `bound`, which is not NaN, where that is above or below; NaN stays. */
export function bounded(t: WgslMachine, op: "atLeast" | "atMost", value: Value, bound: Value): Value {
  const beyond = op === "atLeast"
    ? compareFloats(t, "less", value, bound)
    : compareFloats(t, "less", bound, value);
  return t.emit("select", beyond, bound, value);
}
