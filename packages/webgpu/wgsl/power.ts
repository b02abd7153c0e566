/**
 * Powers in float32, with logarithms in two parts: the method of fdlibm's
 * `e_powf.c` (Sun Microsystems, I. L. Taylor). Parts are cut off by masks,
 * which no compiler takes apart.
 */
import { lower } from "@troodon/core/kernel";

type Machine = lower.Machine;
type Value = lower.Value;

/** The upper 12 bits of a significand. */
function upper(t: Machine, x: Value): Value {
  return t.emit("and", x, t.word(0xfffff000));
}

/** The exact number with these digits: a sum that nobody may rewrite. */
interface TwoParts {
  readonly high: Value;
  readonly low: Value;
}

// 2 / (3 ln 2) and its two parts.
const CP = 9.6179670095e-01, CP_HIGH = 9.6191406250e-01, CP_LOW = -1.1736857402e-04;
// log2(1.5) in two parts.
const HALF_HIGH = 5.84960938e-01, HALF_LOW = 1.56322085e-06;

/** log2 of `m` in [1, 2) to about 35 bits, without the whole part `k` and with it. */
function logarithm(t: Machine, m: Value, k: Value): TwoParts {
  const one = t.constant(1), three = t.constant(3);
  const middle = t.emit("lessEqual", t.constant(1.2247449), m);
  const large = t.emit("lessEqual", t.constant(1.7320508), m);
  const x = t.emit("select", large, t.emit("mul", m, t.constant(0.5)), m);
  const exponent = t.emit("add", k, t.emit("and", large, one));
  const shifted = t.emit("and", middle, t.emit("not", large));
  const base = t.emit("select", shifted, t.constant(1.5), one);
  const u = t.emit("sub", x, base), total = t.emit("add", x, base);
  const v = t.emit("div", one, total);
  const s = t.emit("mul", u, v), sHigh = upper(t, s);
  const tHigh = upper(t, total), tLow = t.emit("sub", x, t.emit("sub", tHigh, base));
  const missing = t.emit("sub", t.emit("sub", u, t.emit("mul", sHigh, tHigh)), t.emit("mul", sHigh, tLow));
  const sLow = t.emit("mul", v, missing);
  const z = t.emit("mul", s, s);
  const series = lower.horner(t, z, [
    2.0697501302e-01,
    2.3066075146e-01,
    2.7272811532e-01,
    3.3333334327e-01,
    4.2857143283e-01,
    6.0000002384e-01,
  ]);
  const r = t.emit(
    "add",
    t.emit("mul", t.emit("mul", z, z), series),
    t.emit("mul", sLow, t.emit("add", sHigh, s)),
  );
  const square = t.emit("mul", sHigh, sHigh);
  const wHigh = upper(t, t.emit("add", t.emit("add", three, square), r));
  const wLow = t.emit("sub", r, t.emit("sub", t.emit("sub", wHigh, three), square));
  const product = t.emit("mul", sHigh, wHigh);
  const rest = t.emit("add", t.emit("mul", sLow, wHigh), t.emit("mul", wLow, s));
  const pHigh = upper(t, t.emit("add", product, rest));
  const pLow = t.emit("sub", rest, t.emit("sub", pHigh, product));
  const zHigh = t.emit("mul", t.constant(CP_HIGH), pHigh);
  const offsetHigh = t.emit("and", shifted, t.constant(HALF_HIGH));
  const offsetLow = t.emit("and", shifted, t.constant(HALF_LOW));
  const zLow = t.emit(
    "add",
    t.emit("add", t.emit("mul", t.constant(CP_LOW), pHigh), t.emit("mul", pLow, t.constant(CP))),
    offsetLow,
  );
  const high = upper(t, t.emit("add", t.emit("add", t.emit("add", zHigh, zLow), offsetHigh), exponent));
  const gone = t.emit("sub", t.emit("sub", t.emit("sub", high, exponent), offsetHigh), zHigh);
  return { high, low: t.emit("sub", zLow, gone) };
}

/** |x| to the `y`, for `x` finite and not 0. */
function magnitude(t: Machine, size: Value, y: Value): Value {
  const tiny = t.emit("less", size, t.constant(2 ** -126));
  const bits = t.emit("select", tiny, t.emit("mul", size, t.constant(2 ** 23)), size);
  const bias = t.emit("select", tiny, t.constant(-150), t.constant(-127));
  const k = t.emit("add", t.emit("intToFloat", t.shift(bits, -23)), bias);
  const m = t.emit("or", t.emit("and", bits, t.word(0x7fffff)), t.word(0x3f800000));
  const { high, low } = logarithm(t, m, k);
  // Beyond this all powers are 0, 1 or endless, and products of parts would overflow.
  const bounded = t.emit("atMost", t.emit("atLeast", y, t.constant(-(2 ** 40))), t.constant(2 ** 40));
  const yHigh = upper(t, bounded), yLow = t.emit("sub", bounded, yHigh);
  const small = t.emit("add", t.emit("mul", yLow, high), t.emit("mul", bounded, low));
  const large = t.emit("mul", yHigh, high);
  const sum = t.emit("add", small, large);
  const outer = t.emit("lessEqual", t.constant(200), t.emit("abs", sum));
  const n = t.emit("nearest", t.emit("atMost", t.emit("atLeast", sum, t.constant(-252)), t.constant(254)));
  const inner = t.emit("add", t.emit("sub", large, n), small);
  const r = t.emit("select", outer, t.constant(0), inner);
  return lower.expOf(t, t.emit("mul", r, t.constant(Math.LN2)), n);
}

/** `x` to the `y`, with C's rules for signs and edges. */
export function pow(t: Machine, x: Value, y: Value): Value {
  const [zero, one, infinity] = [t.constant(0), t.constant(1), t.constant(Infinity)];
  const size = t.emit("abs", x);
  const plain = magnitude(t, size, y);
  const growing = t.emit("less", zero, y);
  // 0 and the infinities: 0, 1 or an infinity, as the sign of y says.
  const edge = (up: number, down: number) => t.emit("select", growing, t.constant(up), t.constant(down));
  const ofZero = t.emit("select", t.emit("equal", size, zero), edge(0, Infinity), plain);
  const endlessBase = t.emit("equal", size, infinity);
  const some = t.emit("select", endlessBase, edge(Infinity, 0), ofZero);
  const whole = t.emit("equal", t.emit("nearest", y), y);
  const half = t.emit("mul", y, t.constant(0.5));
  const odd = t.emit("and", whole, t.emit("notEqual", t.emit("nearest", half), half));
  const sign = t.emit("and", odd, t.emit("and", x, t.word(0x80000000)));
  const signed = t.emit("xor", some, sign);
  const below = t.emit("and", t.emit("less", x, zero), t.emit("less", size, infinity));
  const nowhere = t.emit("and", below, t.emit("not", whole));
  const real = t.emit("select", nowhere, t.constant(NaN), signed);
  const unordered = t.emit("or", t.emit("notEqual", x, x), t.emit("notEqual", y, y));
  const known = t.emit("select", unordered, t.constant(NaN), real);
  const endless = t.emit("equal", t.emit("abs", y), infinity);
  const unit = t.emit("and", endless, t.emit("equal", size, one));
  const trivial = t.emit("or", t.emit("equal", y, zero), t.emit("equal", x, one));
  return t.emit("select", t.emit("or", unit, trivial), one, known);
}

/** sqrt(a^2 + b^2) by the ratio of the smaller to the larger. */
export function hypot(t: Machine, a: Value, b: Value): Value {
  const [x, y] = [t.emit("abs", a), t.emit("abs", b)];
  const long = t.emit("max", x, y), short = t.emit("min", x, y);
  const ratio = t.emit("div", short, long);
  const root = t.emit("mul", long, t.emit("sqrt", t.emit("madd", ratio, ratio, t.constant(1))));
  const flat = t.emit("select", t.emit("equal", long, t.constant(0)), long, root);
  const infinity = t.constant(Infinity);
  const endless = t.emit("or", t.emit("equal", x, infinity), t.emit("equal", y, infinity));
  return t.emit("select", endless, infinity, flat);
}
