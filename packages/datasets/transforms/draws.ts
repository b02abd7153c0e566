/** Random shares for mixing images. */
import type { Generator } from "@troodon/core";

/** Draws a number from the gamma distribution (Marsaglia and Tsang, "A simple method", 2000). */
function gamma(shape: number, generator: Generator): number {
  if (shape < 1) return gamma(shape + 1, generator) * (1 - generator.random()) ** (1 / shape);
  const d = shape - 1 / 3, c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = generator.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - generator.random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * Checks the parameter of a beta or Dirichlet distribution.
 *
 * @throws {RangeError} If the parameter is not a positive, finite number.
 */
export function checkAlpha(name: string, alpha: number): number {
  if (alpha > 0 && alpha < Infinity) return alpha;
  throw new RangeError(
    `Cannot make a ${name} as alpha must be positive and finite: current alpha is ${alpha}`,
  );
}

/** Draws a share between 0 and 1 from the beta distribution with both parameters `alpha`. */
export function beta(alpha: number, generator: Generator): number {
  const a = gamma(alpha, generator), b = gamma(alpha, generator);
  return a / (a + b);
}

/** Draws `n` shares that add up to 1 from the Dirichlet distribution with all parameters `alpha`. */
export function dirichlet(n: number, alpha: number, generator: Generator): number[] {
  const parts = Array.from({ length: n }, () => gamma(alpha, generator));
  const sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((part) => part / sum);
}
