/** Polynomials and Chebyshev series as expressions. */
import * as e from "../expr.ts";
import type { Expr } from "../expr.ts";

/** `c[0] + c[1] x + c[2] x^2 + ...` by Horner's rule. */
export function polynomial(x: Expr, coefficients: readonly number[]): Expr {
  const [last, ...rest] = coefficients.toReversed();
  return rest.reduce<Expr>((sum, c) => e.add(e.mul(sum, x), c), e.constant(last!));
}

/** `c[0] + c[1] T1(t) + c[2] T2(t) + ...` for `t` in [-1, 1], by Clenshaw's recurrence. */
export function chebyshev(t: Expr, coefficients: readonly number[]): Expr {
  const [first, ...rest] = coefficients, twice = e.add(t, t);
  let [ahead, beyond]: Expr[] = [e.constant(0), e.constant(0)];
  for (const c of rest.toReversed()) {
    [ahead, beyond] = [e.add(e.sub(e.mul(twice, ahead!), beyond!), c), ahead];
  }
  return e.add(e.sub(e.mul(t, ahead!), beyond!), first!);
}
