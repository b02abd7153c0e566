/** Trigonometric functions of float32 and their inverses; coefficients are those of Cephes (S. Moshier). */
import { horner, withSign } from "./exponential.ts";
import type { Machine, Value } from "./machine.ts";

/** Beyond this, n * PI/2 in three float32 parts is not precise enough, and the host is asked. */
export const LARGE = 2048;

interface Reduced {
  readonly sine: Value;
  readonly cosine: Value;
  /** Lanes in which sine and cosine change places. */
  readonly odd: Value;
  /** The quarter turn, as an integer. */
  readonly quarter: Value;
}

/** x = n pi/2 + r, and the sine and cosine of r. */
function reduced(t: Machine, x: Value): Reduced {
  const n = t.emit("nearest", t.emit("mul", x, t.constant(2 / Math.PI)));
  let r = t.emit("nmadd", n, t.constant(1.5703125), x);
  r = t.emit("nmadd", n, t.constant(4.837512969970703125e-4), r);
  r = t.emit("nmadd", n, t.constant(7.54978995489188216e-8), r);
  const z = t.emit("mul", r, r);
  const odd = horner(t, z, [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);
  const sine = t.emit("madd", t.emit("mul", odd, z), r, r);
  const even = horner(t, z, [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);
  const low = t.emit("madd", even, t.emit("mul", z, z), t.emit("mul", z, t.constant(-0.5)));
  const cosine = t.emit("add", low, t.constant(1));
  const quarter = t.emit("floatToInt", n);
  const parity = t.shift(quarter, 31);
  // All bits of a lane, of its lowest one.
  const mask = t.emit("intSub", t.word(0), t.shift(parity, -31));
  return { sine, cosine, odd: mask, quarter };
}

/** Lanes that the host must calculate: large, infinite or NaN. */
function far(t: Machine, x: Value): Value {
  return t.emit("not", t.emit("lessEqual", t.emit("abs", x), t.constant(LARGE)));
}

/** `value` with its sign turned over where bit 1 of `quarter` is set. */
function turned(t: Machine, value: Value, quarter: Value): Value {
  const flip = t.emit("and", t.shift(quarter, 30), t.word(0x80000000));
  return t.emit("xor", value, flip);
}

/** Sine of a number of absolute value up to {@linkcode LARGE}. */
export function sinNear(t: Machine, x: Value): Value {
  const { sine, cosine, odd, quarter } = reduced(t, x);
  const y = turned(t, t.emit("select", odd, cosine, sine), quarter);
  return t.emit("select", t.emit("equal", x, t.constant(0)), x, y);
}

/** Sine. */
export function sin(t: Machine, x: Value): Value {
  return t.repair(far(t, x), sinNear(t, x), "sin", [x]);
}

/** Cosine of a number of absolute value up to {@linkcode LARGE}. */
export function cosNear(t: Machine, x: Value): Value {
  const { sine, cosine, odd, quarter } = reduced(t, x);
  // Quarters 1 and 2 are negative.
  return turned(t, t.emit("select", odd, sine, cosine), t.emit("intAdd", quarter, t.word(1)));
}

/** Cosine. */
export function cos(t: Machine, x: Value): Value {
  return t.repair(far(t, x), cosNear(t, x), "cos", [x]);
}

/** Tangent of a number of absolute value up to {@linkcode LARGE}. */
export function tanNear(t: Machine, x: Value): Value {
  const { sine, cosine, odd } = reduced(t, x);
  const direct = t.emit("div", sine, cosine);
  const y = t.emit("select", odd, t.emit("div", t.emit("neg", cosine), sine), direct);
  return t.emit("select", t.emit("equal", x, t.constant(0)), x, y);
}

/** Tangent. */
export function tan(t: Machine, x: Value): Value {
  return t.repair(far(t, x), tanNear(t, x), "tan", [x]);
}

/** Inverse tangent of a number not negative. */
function atanPositive(t: Machine, x: Value): Value {
  const one = t.constant(1);
  const large = t.emit("less", t.constant(2.414213562373095), x);
  const middle = t.emit("less", t.constant(0.4142135623730951), x);
  const top = t.emit("select", large, t.constant(-1), t.emit("select", middle, t.emit("sub", x, one), x));
  const shifted = t.emit("add", x, one);
  const bottom = t.emit("select", large, x, t.emit("select", middle, shifted, one));
  const r = t.emit("div", top, bottom);
  const quarter = t.emit("and", middle, t.constant(Math.PI / 4));
  const base = t.emit("select", large, t.constant(Math.PI / 2), quarter);
  const z = t.emit("mul", r, r);
  const series = horner(t, z, [
    8.05374449538e-2,
    -1.38776856032e-1,
    1.99777106478e-1,
    -3.33329491539e-1,
  ]);
  return t.emit("add", base, t.emit("madd", t.emit("mul", series, z), r, r));
}

/** Inverse tangent. */
export function atan(t: Machine, x: Value): Value {
  return withSign(t, atanPositive(t, t.emit("abs", x)), x);
}

/** The angle of the point (x, y). */
export function atan2(t: Machine, y: Value, x: Value): Value {
  const [width, height] = [t.emit("abs", x), t.emit("abs", y)];
  const steep = t.emit("less", width, height);
  const long = t.emit("select", steep, height, width);
  const short = t.emit("select", steep, width, height);
  const ratio = t.emit("div", short, long);
  // The origin, and two infinities: 0 / 0 counts as 0, and Infinity / Infinity as 1.
  const diagonal = t.emit("and", t.emit("notEqual", short, t.constant(0)), t.constant(1));
  const safe = t.emit("select", t.emit("equal", short, long), diagonal, ratio);
  const angle = atanPositive(t, safe);
  const acute = t.emit("select", steep, t.emit("sub", t.constant(Math.PI / 2), angle), angle);
  const behind = t.emit("intSub", t.word(0), t.shift(x, -31));
  const whole = t.emit("select", behind, t.emit("sub", t.constant(Math.PI), acute), acute);
  const unordered = t.emit("notEqual", t.emit("add", width, height), t.emit("add", width, height));
  return t.emit("select", unordered, t.constant(NaN), withSign(t, whole, y));
}

/** The inverse sine of `s` in [0, sqrt(1/2)], whose square is `z`. */
function asinCore(t: Machine, s: Value, z: Value): Value {
  const series = horner(t, z, [
    4.2163199048e-2,
    2.4181311049e-2,
    4.5470025998e-2,
    7.4953002686e-2,
    1.6666752422e-1,
  ]);
  return t.emit("madd", t.emit("mul", series, z), s, s);
}

/** The inverse sine of |x| up to a half, or of sqrt((1 - |x|) / 2) above. */
function asinParts(t: Machine, x: Value): { y: Value; large: Value } {
  const size = t.emit("abs", x);
  const large = t.emit("less", t.constant(0.5), size);
  const half = t.emit("mul", t.emit("sub", t.constant(1), size), t.constant(0.5));
  const z = t.emit("select", large, half, t.emit("mul", size, size));
  const s = t.emit("select", large, t.emit("sqrt", half), size);
  return { y: asinCore(t, s, z), large };
}

/** Inverse sine. */
export function asin(t: Machine, x: Value): Value {
  const { y, large } = asinParts(t, x);
  const folded = t.emit("sub", t.constant(Math.PI / 2), t.emit("add", y, y));
  return withSign(t, t.emit("select", large, folded, y), x);
}

/** Inverse cosine. */
export function acos(t: Machine, x: Value): Value {
  const { y, large } = asinParts(t, x);
  const twice = t.emit("add", y, y);
  const negative = t.emit("less", x, t.constant(0));
  const outer = t.emit("select", negative, t.emit("sub", t.constant(Math.PI), twice), twice);
  const inner = t.emit("sub", t.constant(Math.PI / 2), withSign(t, y, x));
  return t.emit("select", large, outer, inner);
}
