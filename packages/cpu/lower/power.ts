/** Powers and remainders of float32, calculated in part in float64, where they are exact or nearly so. */
import type { ScalarFunction } from "@troodon/core";
import { lower } from "@troodon/core/kernel";
import type { Machine, Value } from "./machine.ts";

/** Applies `fn` to both halves in float64. */
function widely(
  t: Machine,
  args: readonly Value[],
  fn: (w: Machine, ...args: Value[]) => Value[],
): Value[] {
  const low = fn(t.wide, ...args.map((a) => t.emit("widenLow", a)));
  const high = fn(t.wide, ...args.map((a) => t.emit("widenHigh", a)));
  return low.map((value, i) => t.emit("narrow", value, high[i]!));
}

/** log2(m) for m from sqrt(1/2) to sqrt(2), to 33 bits: an odd series in (m - 1) / (m + 1). */
function wideLog2(w: Machine, m: Value): Value {
  const one = w.constant(1);
  const s = w.emit("div", w.emit("sub", m, one), w.emit("add", m, one));
  const z = w.emit("mul", s, s);
  let sum = w.constant(2 * Math.LOG2E / 15);
  for (let n = 13; n > 0; n -= 2) sum = w.emit("madd", sum, z, w.constant(2 * Math.LOG2E / n));
  return w.emit("mul", sum, s);
}

/** `x` to the `y` by 2^(y log2 |x|), with C's rules for signs and edges. */
export function pow(t: Machine, x: Value, y: Value): Value {
  const [zero, one] = [t.constant(0), t.constant(1)];
  const size = t.emit("abs", x);
  const { k, m } = lower.split(t, size);
  const finite = t.emit("less", size, t.constant(Infinity));
  const some = t.emit("select", finite, k, size);
  const exponent = t.emit("select", t.emit("equal", size, zero), t.constant(-Infinity), some);
  const [n, r] = widely(t, [m, exponent, y], (w, m, k, y) => {
    const power = w.emit("mul", y!, w.emit("add", k!, wideLog2(w, m!)));
    const bounded = w.emit("atMost", w.emit("atLeast", power, w.constant(-252)), w.constant(254));
    const n = w.emit("nearest", bounded);
    return [n, w.emit("mul", w.emit("sub", bounded, n), w.constant(Math.LN2))];
  }) as [Value, Value];
  const magnitude = lower.expOf(t, r, n);
  const whole = t.emit("equal", t.emit("nearest", y), y);
  const half = t.emit("mul", y, t.constant(0.5));
  const odd = t.emit("and", whole, t.emit("notEqual", t.emit("nearest", half), half));
  const signed = t.emit("xor", magnitude, t.emit("and", odd, t.emit("and", x, t.word(0x80000000))));
  const below = t.emit("and", t.emit("less", x, zero), finite);
  const undefinedPower = t.emit("and", below, t.emit("not", whole));
  const real = t.emit("select", undefinedPower, t.constant(NaN), signed);
  const endless = t.emit("equal", t.emit("abs", y), t.constant(Infinity));
  const unit = t.emit("and", endless, t.emit("equal", size, one));
  const trivial = t.emit("or", t.emit("equal", y, zero), t.emit("equal", x, one));
  return t.emit("select", t.emit("or", unit, trivial), one, real);
}

/** sqrt(a^2 + b^2), whose squares neither overflow nor vanish in float64. */
export function hypot(t: Machine, a: Value, b: Value): Value {
  const [root] = widely(t, [a, b], (w, a, b) => [
    w.emit("sqrt", w.emit("madd", a!, a!, w.emit("mul", b!, b!))),
  ]) as [Value];
  const infinity = t.constant(Infinity);
  const endless = t.emit(
    "or",
    t.emit("equal", t.emit("abs", a), infinity),
    t.emit("equal", t.emit("abs", b), infinity),
  );
  return t.emit("select", endless, infinity, root);
}

/**
 * The quotient in float64 is on the right side of every integer below 2^28, and
 * its product with b is exact; other lanes are the host's.
 */
function division(
  t: Machine,
  fn: ScalarFunction,
  whole: "floor" | "trunc",
  a: Value,
  b: Value,
  quotient: boolean,
): Value {
  const [q, rest] = widely(t, [a, b], (w, a, b) => {
    const q = w.emit(whole, w.emit("div", a!, b!));
    return [q, w.emit("sub", a!, w.emit("mul", q, b!))];
  }) as [Value, Value];
  const small = t.emit("less", t.emit("abs", q), t.constant(2 ** 28));
  const exact = t.emit("and", small, t.emit("less", t.emit("abs", b), t.constant(Infinity)));
  return t.repair(t.emit("not", exact), quotient ? q : rest, fn, [a, b]);
}

/** Remainder with the sign of `a`. */
export function fmod(t: Machine, a: Value, b: Value): Value {
  return division(t, "fmod", "trunc", a, b, false);
}

/** Remainder with the sign of `b`. */
export function remainder(t: Machine, a: Value, b: Value): Value {
  return division(t, "remainder", "floor", a, b, false);
}

/** floor(a / b) */
export function floorDiv(t: Machine, a: Value, b: Value): Value {
  return division(t, "floorDiv", "floor", a, b, true);
}
