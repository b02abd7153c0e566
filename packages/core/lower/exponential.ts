/**
 * Exponentials and logarithms of float32, written once for all machines. Most
 * coefficients are those of Cephes (S. Moshier); results are right at 0, the
 * infinities and NaN, for subnormal numbers too, and within about 2 ulp.
 */
import type { Machine, Value } from "./machine.ts";

// ln 2 in two parts, the first short enough that n * LN2_HIGH is exact.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440e-4;
// The same of log10(2).
const LG2_HIGH = 0.30078125;
const LG2_LOW = 2.48745663981195213739e-4;

/** Polynomial by Horner's rule, highest power first. */
export function horner(t: Machine, x: Value, coefficients: readonly number[]): Value {
  const [first, ...rest] = coefficients.map((c) => t.constant(c));
  return rest.reduce((sum, c) => t.emit("madd", sum, x, c), first!);
}

/** `magnitude` (not negative) with the sign of `x`. */
export function withSign(t: Machine, magnitude: Value, x: Value): Value {
  return t.emit("or", t.emit("and", x, t.word(0x80000000)), magnitude);
}

/** 2 to the integral float `n`, for n in [-126, 127]; with another `bias` times 2^(bias - 127). */
export function powerOfTwo(t: Machine, n: Value, bias = 127): Value {
  return t.shift(t.emit("intAdd", t.emit("floatToInt", n), t.word(bias)), 23);
}

/** e to the `r` minus 1, for |r| below 0.35. */
export function expm1Core(t: Machine, r: Value): Value {
  const tail = horner(t, r, [
    1.9875691500e-4,
    1.3981999507e-3,
    8.3334519073e-3,
    4.1665795894e-2,
    1.6666665459e-1,
    5.0000001201e-1,
  ]);
  return t.emit("madd", tail, t.emit("mul", r, r), r);
}

/** `x` times 2 to the `n`, in two factors, because 2 to the 128 and subnormal results do not fit into one. */
export function scaled(t: Machine, x: Value, n: Value): Value {
  // Both exponents with their bias of 127.
  const sum = t.emit("intAdd", t.emit("floatToInt", n), t.word(254)), half = t.shift(sum, -1);
  const first = t.emit("mul", x, t.shift(half, 23));
  return t.emit("mul", first, t.shift(t.emit("intSub", sum, half), 23));
}

/** 2 to the n + r / ln 2. */
export function expOf(t: Machine, r: Value, n: Value): Value {
  return scaled(t, t.emit("add", expm1Core(t, r), t.constant(1)), n);
}

/** Splits `x` into n ln 2 + r. The result is known outside of the bounds; omit `high` if `x` is always below it. */
export function reduced(t: Machine, x: Value, low: number, high?: number): { n: Value; r: Value } {
  const above = t.emit("atLeast", x, t.constant(low));
  const bounded = high === undefined ? above : t.emit("atMost", above, t.constant(high));
  const n = t.emit("nearest", t.emit("mul", bounded, t.constant(Math.LOG2E)));
  const r = t.emit("nmadd", n, t.constant(LN2_HIGH), bounded);
  return { n, r: t.emit("nmadd", n, t.constant(LN2_LOW), r) };
}

/** e to the `x`. */
export function exp(t: Machine, x: Value): Value {
  const { n, r } = reduced(t, x, -104, 89);
  return expOf(t, r, n);
}

/** e to the `x`, where `x` is not above 0, and results below 2^-126 may be 0: half the scaling. */
export function expNegative(t: Machine, x: Value): Value {
  const { n, r } = reduced(t, x, -87.3);
  const y = t.emit("mul", t.emit("add", expm1Core(t, r), t.constant(1)), powerOfTwo(t, n));
  return t.emit("select", t.emit("less", x, t.constant(-87.3)), t.constant(0), y);
}

/** Half of e to the `x`, which overflows later than that. */
function halfExp(t: Machine, x: Value): Value {
  const { n, r } = reduced(t, x, -104, 90);
  return expOf(t, r, t.emit("sub", n, t.constant(1)));
}

/** 2 to the `x`. */
export function exp2(t: Machine, x: Value): Value {
  const bounded = t.emit("atMost", t.emit("atLeast", x, t.constant(-150)), t.constant(129));
  const n = t.emit("nearest", bounded);
  return expOf(t, t.emit("mul", t.emit("sub", bounded, n), t.constant(Math.LN2)), n);
}

/** exp(x) - 1 = 2^n (exp(r) - 1) + (2^n - 1). */
export function expm1(t: Machine, x: Value): Value {
  const { n, r } = reduced(t, x, -18, 89);
  const half = t.emit("floor", t.emit("mul", n, t.constant(0.5)));
  const first = powerOfTwo(t, t.emit("sub", n, half));
  const rest = t.emit("sub", first, powerOfTwo(t, t.emit("neg", half)));
  const y = t.emit("mul", t.emit("madd", expm1Core(t, r), first, rest), powerOfTwo(t, half));
  return t.emit("select", t.emit("equal", x, t.constant(0)), x, y);
}

/** x = 2^k m with m from sqrt(1/2) to sqrt(2), for positive finite `x`. */
export function split(t: Machine, x: Value, subnormal = true): { k: Value; m: Value } {
  const tiny = t.emit("less", x, t.constant(2 ** -126));
  const raised = t.emit("mul", x, t.constant(2 ** 23));
  const bits = subnormal ? t.emit("select", tiny, raised, x) : x;
  const fraction = t.emit("and", bits, t.word(0x7fffff));
  const m = t.emit("or", fraction, t.word(0x3f800000));
  const bias = t.constant(-127);
  const unbias = subnormal ? t.emit("select", tiny, t.constant(-150), bias) : bias;
  const exponent = t.emit("add", t.emit("intToFloat", t.shift(bits, -23)), unbias);
  const wide = t.emit("less", t.constant(Math.SQRT2), m);
  const k = t.emit("add", exponent, t.emit("and", wide, t.constant(1)));
  return { k, m: t.emit("select", wide, t.emit("mul", m, t.constant(0.5)), m) };
}

/** log(1 + f) - f, for f from sqrt(1/2) - 1 to sqrt(2) - 1. */
function logTail(t: Machine, f: Value): Value {
  const z = t.emit("mul", f, f);
  const series = horner(t, f, [
    7.0376836292e-2,
    -1.1514610310e-1,
    1.1676998740e-1,
    -1.2420140846e-1,
    1.4249322787e-1,
    -1.6668057665e-1,
    2.0000714765e-1,
    -2.4999993993e-1,
    3.3333331174e-1,
  ]);
  const y = t.emit("mul", t.emit("mul", series, f), z);
  return t.emit("nmadd", t.constant(0.5), z, y);
}

/** `y`, but what a logarithm of `x` is at 0 and the infinities, below 0 and of NaN. */
function logEdges(t: Machine, x: Value, y: Value): Value {
  const above = t.emit("select", t.emit("less", x, t.constant(Infinity)), y, x);
  const pole = t.emit("select", t.emit("equal", x, t.constant(0)), t.constant(-Infinity), above);
  return t.emit("select", t.emit("less", x, t.constant(0)), t.constant(NaN), pole);
}

/** k ln 2 + (f + tail). */
function logSum(t: Machine, k: Value, f: Value, tail: Value): Value {
  const low = t.emit("madd", k, t.constant(LN2_LOW), tail);
  return t.emit("madd", k, t.constant(LN2_HIGH), t.emit("add", f, low));
}

/** Natural logarithm. */
export function log(t: Machine, x: Value): Value {
  const { k, m } = split(t, x);
  const f = t.emit("sub", m, t.constant(1));
  return logEdges(t, x, logSum(t, k, f, logTail(t, f)));
}

/** Logarithm to base 2, exact for powers of 2. */
export function log2(t: Machine, x: Value): Value {
  const { k, m } = split(t, x);
  const f = t.emit("sub", m, t.constant(1));
  // log2(e) in two parts, the first 1, as in Cephes: the product with f is the largest term.
  const tail = logTail(t, f);
  const e = t.constant(Math.LOG2E - 1);
  const low = t.emit("madd", f, e, t.emit("madd", tail, e, tail));
  return logEdges(t, x, t.emit("add", k, t.emit("add", f, low)));
}

/** Logarithm to base 10. */
export function log10(t: Machine, x: Value): Value {
  const { k, m } = split(t, x);
  const f = t.emit("sub", m, t.constant(1));
  const own = t.emit("mul", t.emit("add", f, logTail(t, f)), t.constant(Math.LOG10E));
  const low = t.emit("madd", k, t.constant(LG2_LOW), own);
  return logEdges(t, x, t.emit("madd", k, t.constant(LG2_HIGH), low));
}

/** log(1 + x) for `x` not below 0: u = 1 + x loses c = x - (u - 1), which is worth c / u. */
function log1pPositive(t: Machine, x: Value): Value {
  const one = t.constant(1);
  const u = t.emit("add", x, one);
  const lost = t.emit("sub", x, t.emit("sub", u, one));
  const { k, m } = split(t, u, false);
  const f = t.emit("sub", m, one);
  const tail = t.emit("add", logTail(t, f), t.emit("div", lost, u));
  return logSum(t, k, f, tail);
}

/** log(1 + x). */
export function log1p(t: Machine, x: Value): Value {
  const u = t.emit("add", x, t.constant(1));
  const y = logEdges(t, u, log1pPositive(t, x));
  return t.emit("select", t.emit("equal", x, t.constant(0)), x, y);
}

/** Hyperbolic tangent: (1 - d) / (1 + d), where d = exp(-2 |x|) = 2^n + 2^n (exp(r) - 1). */
export function tanh(t: Machine, x: Value): Value {
  const { n, r } = reduced(t, t.emit("mul", t.emit("abs", x), t.constant(-2)), -18, 0);
  const one = t.constant(1);
  const power = powerOfTwo(t, n);
  const core = expm1Core(t, r);
  const top = t.emit("nmadd", power, core, t.emit("sub", one, power));
  // Not 2 - top, which is as good but for the rounding of top, that counts twice near 1: 2.5 ulp, not 1.9.
  const bottom = t.emit("madd", power, core, t.emit("add", one, power));
  return withSign(t, t.emit("div", top, bottom), x);
}

/** 1 / (1 + exp(-x)), above and below times 2^-64: so exp(104), from which on the result is 0, does not overflow. */
export function sigmoid(t: Machine, x: Value): Value {
  const { n, r } = reduced(t, t.emit("neg", x), -18, 104);
  const top = t.constant(2 ** -64);
  const power = powerOfTwo(t, n, 127 - 64);
  return t.emit("div", top, t.emit("madd", power, expm1Core(t, r), t.emit("add", top, power)));
}

/** max(x, 0) + log(1 + exp(-|x|)). */
export function softplus(t: Machine, x: Value): Value {
  const decay = exp(t, t.emit("neg", t.emit("abs", x)));
  return t.emit("add", t.emit("max", x, t.constant(0)), log1pPositive(t, decay));
}

/** max(a, b) + log(1 + exp(-|a - b|)). */
export function logaddexp(t: Machine, a: Value, b: Value): Value {
  const decay = exp(t, t.emit("neg", t.emit("abs", t.emit("sub", a, b))));
  const sum = t.emit("add", t.emit("max", a, b), log1pPositive(t, decay));
  // The difference of equal infinities is NaN.
  return t.emit("select", t.emit("equal", a, b), t.emit("add", a, t.constant(Math.LN2)), sum);
}

/** Hyperbolic sine. */
export function sinh(t: Machine, x: Value): Value {
  const z = t.emit("mul", x, x);
  const series = horner(t, z, [2.03721912945e-4, 8.33028376239e-3, 1.66667160211e-1]);
  const near = t.emit("madd", t.emit("mul", series, z), x, x);
  const size = t.emit("abs", x);
  const grown = halfExp(t, size);
  const far = withSign(t, t.emit("sub", grown, t.emit("div", t.constant(0.25), grown)), x);
  return t.emit("select", t.emit("less", size, t.constant(1)), near, far);
}

/** Hyperbolic cosine. */
export function cosh(t: Machine, x: Value): Value {
  const grown = halfExp(t, t.emit("abs", x));
  return t.emit("add", grown, t.emit("div", t.constant(0.25), grown));
}

/** log1p of `small`, or of `large` - 1 plus ln 2 where `size` is large. */
function arsinh(t: Machine, size: Value, small: Value): Value {
  const large = t.emit("less", t.constant(4096), size);
  const argument = t.emit("select", large, t.emit("sub", size, t.constant(1)), small);
  const y = t.emit("add", log1pPositive(t, argument), t.emit("and", large, t.constant(Math.LN2)));
  return t.emit("select", t.emit("less", size, t.constant(Infinity)), y, size);
}

/** Inverse hyperbolic sine: log1p(a + a^2 / (1 + sqrt(1 + a^2))) of a = |x|. */
export function asinh(t: Machine, x: Value): Value {
  const one = t.constant(1);
  const size = t.emit("abs", x);
  const square = t.emit("mul", size, size);
  const root = t.emit("sqrt", t.emit("add", square, one));
  const small = t.emit("add", size, t.emit("div", square, t.emit("add", root, one)));
  return withSign(t, arsinh(t, size, small), x);
}

/** Inverse hyperbolic cosine: log1p(d + sqrt(2 d + d^2)) of d = x - 1. */
export function acosh(t: Machine, x: Value): Value {
  const d = t.emit("sub", x, t.constant(1));
  const root = t.emit("sqrt", t.emit("madd", d, d, t.emit("add", d, d)));
  const y = arsinh(t, x, t.emit("add", d, root));
  return t.emit("select", t.emit("less", d, t.constant(0)), t.constant(NaN), y);
}

/** Inverse hyperbolic tangent: log1p(2 a / (1 - a)) / 2 of a = |x|. */
export function atanh(t: Machine, x: Value): Value {
  const size = t.emit("abs", x);
  const ratio = t.emit("div", t.emit("add", size, size), t.emit("sub", t.constant(1), size));
  const y = t.emit("mul", log1p(t, ratio), t.constant(0.5));
  const inside = t.emit("lessEqual", size, t.constant(1));
  return t.emit("select", inside, withSign(t, y, x), t.constant(NaN));
}
