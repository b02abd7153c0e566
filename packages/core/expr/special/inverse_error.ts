/** The inverse of the error function as an expression. */
import * as e from "../expr.ts";
import type { Expr } from "../expr.ts";

/** Of Winitzki's approximation (2008), which is nowhere off by more than 4e-3. */
const A = 0.147;

/**
 * The number whose error function is `x`: an approximation with two of Halley's steps, each of which triples its
 * digits. Above a half the complement is what is compared, as erf(y) comes too close to 1.
 */
export function erfinv(x: Expr): Expr {
  const size = e.abs(x), large = e.less(0.5, size), rest = e.sub(1, size);
  const log = e.log(e.mul(rest, e.add(1, size)));
  const b = e.add(2 / (Math.PI * A), e.mul(0.5, log)), c = e.max(e.mul(-1 / A, log), 0);
  let y: Expr = e.sqrt(e.div(c, e.add(e.sqrt(e.add(e.square(b), c)), b)));
  for (let step = 0; step < 2; step++) {
    const off = e.where(large, e.sub(rest, e.erfc(y)), e.sub(e.erf(y), size));
    const newton = e.mul(e.mul(Math.sqrt(Math.PI) / 2, off), e.exp(e.square(y)));
    y = e.sub(y, e.div(newton, e.add(1, e.mul(y, newton))));
  }
  const signed = e.where(e.less(x, 0), e.neg(y), e.where(e.equal(x, 0), x, y));
  return e.where(e.equal(size, 1), e.mul(x, Infinity), signed);
}
