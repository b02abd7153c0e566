/** The error function and its complement in float64. */

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);
/** From here on the continued fraction is shorter than the series. */
const FAR = 1.5;

/** exp(-x * x), whose rounding error does not grow with x: x * x is taken apart. */
function gauss(x: number): number {
  const high = Math.fround(x);
  return Math.exp(-high * high) * Math.exp((high - x) * (high + x));
}

/** erf by its all-positive series, so that no digit is lost to cancellation (Abramowitz and Stegun 7.1.6). */
function series(x: number): number {
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= 2 * x * x / (2 * n + 1);
    sum += term;
  }
  return TWO_OVER_ROOT_PI * gauss(x) * sum;
}

/** erfc of a large x by its continued fraction (Abramowitz and Stegun 7.1.14). */
function fraction(x: number): number {
  let tail = x;
  for (let n = Math.ceil(20 + 300 / (x * x)); n > 0; n--) tail = x + n / 2 / tail;
  return gauss(x) / tail / Math.sqrt(Math.PI);
}

/** 2 / sqrt(pi) times the integral of exp(-t * t) from 0 to `x`. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  if (Math.abs(x) < FAR) return series(x);
  return x > 0 ? 1 - fraction(x) : x < 0 ? fraction(-x) - 1 : x;
}

/** 1 - erf(x), with all its digits where that is small. */
export function erfc(x: number): number {
  // Below 0.5 the difference cancels by less than a binary digit.
  return x > 28 ? 0 : x > 0.5 ? fraction(x) : 1 - erf(x);
}
