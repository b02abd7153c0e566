/**
 * The logarithm of the gamma function and its derivatives as expressions, right in float64 to its last digits.
 *
 * Between 1 and 2 `lgamma` is a polynomial of degree 21 (fitted here at Chebyshev nodes, error 1e-17); up to 8 it is led
 * back to there by the recurrence, beyond by Stirling's series (Abramowitz and Stegun 6.1.41). `digamma` is led up to 8
 * and beyond by 6.3.5 and 6.3.18, `polygamma` by the Euler-Maclaurin sum of the Hurwitz zeta function (23.1.30, 6.4.10).
 * Negative arguments are reflected (6.1.17, 6.3.7, 6.4.7).
 */
import * as e from "../expr.ts";
import type { Expr } from "../expr.ts";
import { polynomial } from "./polynomial.ts";

/** lgamma(t) / ((t - 1) (t - 2)) in powers of 2 t - 3. */
const CENTER: readonly number[] = [
  0.48312895054098089,
  -0.072979947957153043,
  0.015727850268641095,
  -0.0039135609376261826,
  0.0010498186644547402,
  -0.00029455070151964721,
  8.5100903734994313e-5,
  -2.5094328668947194e-5,
  7.5113918556418829e-6,
  -2.2742474102383936e-6,
  6.9484280641863119e-7,
  -2.1386323384115519e-7,
  6.6238780772653007e-8,
  -2.0621027431854286e-8,
  6.4302607276369656e-9,
  -2.0169479556239817e-9,
  6.5664038192631117e-10,
  -2.0874620693971093e-10,
  5.0258222095609346e-11,
  -1.5395748006420786e-11,
  1.1586115295157278e-11,
  -3.803618166622364e-12,
];

/** Bernoulli's numbers B2, B4, ... */
const BERNOULLI: readonly number[] = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
];

/** From here on the asymptotic series are short. */
const FAR = 8;

/** `size` less the nearest integer: pi times that has the sine of pi `size` up to a sign, and no rounding error. */
const beyondInteger = (size: Expr): Expr => e.sub(size, e.round(size));

/** lgamma of a number of [0, 8). */
function lgammaNear(p: Expr): Expr {
  const small = e.less(p, 1);
  let product: Expr = e.constant(1);
  for (let j = 1; j < FAR - 1; j++) product = e.mul(product, e.where(e.less(j + 1, p), e.sub(p, j), 1));
  // How many steps down lead to [1, 2].
  const steps = e.max(e.sub(e.ceil(p), 2), 0);
  const above1 = e.where(small, p, e.sub(e.sub(p, 1), steps));
  const above2 = e.where(small, e.sub(p, 1), e.sub(e.sub(p, 2), steps));
  const center = e.mul(e.mul(above1, above2), polynomial(e.add(above1, above2), CENTER));
  const log = e.log(e.where(small, p, product));
  return e.add(center, e.where(small, e.neg(log), log));
}

/** lgamma from 8 on: Stirling's series. */
function lgammaFar(p: Expr): Expr {
  const w = e.reciprocal(p);
  const series = polynomial(
    e.square(w),
    BERNOULLI.slice(0, 7).map((b, i) => b / ((2 * i + 2) * (2 * i + 1))),
  );
  const stirling = e.mul(e.sub(p, 0.5), e.sub(e.log(p), 1));
  return e.add(e.add(stirling, Math.log(2 * Math.PI) / 2 - 0.5), e.mul(series, w));
}

/** log |gamma(x)| */
export function lgamma(x: Expr): Expr {
  const p = e.abs(x), far = e.where(e.lessEqual(FAR, p), p, FAR);
  const positive = e.where(e.less(p, FAR), lgammaNear(e.where(e.less(p, FAR), p, 1)), lgammaFar(far));
  // |gamma(-p)| = pi / (p |sin(pi p)| gamma(p))
  const sine = e.abs(e.sin(e.mul(Math.PI, beyondInteger(p))));
  const reflected = e.sub(e.sub(Math.log(Math.PI), e.log(sine)), e.add(e.log(p), positive));
  const negative = e.where(e.equal(p, Infinity), Infinity, reflected);
  return e.where(e.isNan(x), NaN, e.where(e.less(x, 0), negative, positive));
}

/** The slope of {@linkcode lgamma}: infinite at 0, NaN at the negative integers. */
export function digamma(x: Expr): Expr {
  const below = e.less(x, 0), p = e.where(below, e.neg(x), x), z = e.add(p, FAR), w = e.reciprocal(z);
  const square = e.square(w);
  const series = e.mul(square, polynomial(square, BERNOULLI.slice(0, 8).map((b, i) => b / (2 * i + 2))));
  let sum: Expr = e.sub(e.sub(e.log(z), e.mul(0.5, w)), series);
  for (let k = FAR - 1; k >= 0; k--) sum = e.sub(sum, e.reciprocal(e.add(p, k)));
  // digamma(-p) = digamma(p) + 1 / p + pi / tan(pi p)
  const rest = beyondInteger(p);
  const cotangent = e.div(Math.PI, e.tan(e.mul(Math.PI, rest)));
  const reflected = e.where(e.equal(rest, 0), NaN, e.add(sum, e.add(e.reciprocal(p), cotangent)));
  return e.where(below, reflected, sum);
}

/** `x` to the whole power `n` above 0. */
function power(x: Expr, n: number): Expr {
  const half = n > 1 ? power(x, Math.floor(n / 2)) : x;
  return n === 1 ? x : n % 2 === 0 ? e.square(half) : e.mul(e.square(half), x);
}

/** The sum of `(q + k)^-s` over all k from 0 on. */
function hurwitzZeta(s: number, q: Expr): Expr {
  const steps = FAR + s;
  const w = e.reciprocal(e.add(q, steps));
  const tail: number[] = [1 / (s - 1), 0.5];
  // B2j / (2j)! s (s + 1) ... (s + 2j - 2)
  let rising = s / 2;
  BERNOULLI.forEach((b, i) => {
    tail.push(b * rising, 0);
    rising *= (s + 2 * i + 1) * (s + 2 * i + 2) / ((2 * i + 3) * (2 * i + 4));
  });
  let sum: Expr = e.mul(power(w, s - 1), polynomial(w, tail.slice(0, -1)));
  for (let k = steps - 1; k >= 0; k--) sum = e.add(sum, power(e.reciprocal(e.add(q, k)), s));
  return sum;
}

/** The `n`-th derivative of cot(pi x) over pi^n, as coefficients of powers of cot(pi x): (-1)^n of a known recurrence. */
function cotangentDerivative(n: number): number[] {
  let p = [0, 1];
  for (let i = 0; i < n; i++) {
    const slope = p.slice(1).map((c, k) => -c * (k + 1));
    p = Array.from({ length: slope.length + 2 }, (_, k) => (slope[k] ?? 0) + (slope[k - 2] ?? 0));
  }
  return p;
}

/** The `n`-th derivative of {@linkcode digamma}, for `n` from 1 on. */
export function polygamma(n: number, x: Expr): Expr {
  const below = e.lessEqual(x, 0), p = e.where(below, e.sub(1, x), x);
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  const size = e.mul(factorial, hurwitzZeta(n + 1, p));
  const cotangent = e.reciprocal(e.tan(e.mul(Math.PI, beyondInteger(x))));
  const turned = e.mul(Math.PI ** (n + 1), polynomial(cotangent, cotangentDerivative(n)));
  return e.where(below, e.neg(e.add(turned, size)), n % 2 === 0 ? e.neg(size) : size);
}
