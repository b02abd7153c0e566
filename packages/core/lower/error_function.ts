/** The error function and its complement in float32. */
import { exp, expOf, horner, reduced, withSign } from "./exponential.ts";
import type { Machine, Value } from "./machine.ts";

/** erf(x) / x - 1 of s = x^2 below 0.927734375. */
function inner(t: Machine, s: Value): Value {
  return horner(t, s, [
    -5.96761703e-4,
    4.99119423e-3,
    -2.67681349e-2,
    1.12819925e-1,
    -3.76125336e-1,
    1.28379166e-1,
  ]);
}

/** Error function: a polynomial near 0, and one under an exponential elsewhere. */
export function erf(t: Machine, x: Value): Value {
  const size = t.emit("abs", x);
  const near = t.emit("madd", inner(t, t.emit("mul", x, x)), x, x);
  const power = horner(t, size, [
    -1.72853470e-5,
    3.83197126e-4,
    -3.88396438e-3,
    2.42546219e-2,
    -1.06777877e-1,
    -6.34846687e-1,
    -1.28717512e-1,
  ]);
  const decay = exp(t, t.emit("madd", power, size, t.emit("neg", size)));
  const far = withSign(t, t.emit("sub", t.constant(1), decay), x);
  return t.emit("select", t.emit("less", size, t.constant(0.927734375)), near, far);
}

/** 1 - erf(x): exp(-x^2) times a polynomial in (x - 2) / (x + 2) from a half on. */
export function erfc(t: Machine, x: Value): Value {
  const one = t.constant(1), two = t.constant(2);
  const size = t.emit("atMost", t.emit("abs", x), t.constant(10.3));
  const q = t.emit("div", t.emit("sub", size, two), t.emit("add", size, two));
  const scaled = horner(t, q, [
    0.000144753684,
    6.42421932e-05,
    -0.000970345467,
    -0.000853919007,
    0.00699553203,
    0.00373385604,
    -0.0789784606,
    0.241658145,
    -0.427185849,
    0.255395677,
  ]);
  // x^2 in two parts, the first exact: its rounding error would grow with x.
  const high = t.emit("and", size, t.word(0xfffff000));
  const rest = t.emit("mul", t.emit("sub", size, high), t.emit("add", size, high));
  const { n, r } = reduced(t, t.emit("neg", t.emit("mul", high, high)), -107, 0);
  const tail = t.emit("mul", expOf(t, t.emit("sub", r, rest), n), scaled);
  const far = t.emit("select", t.emit("less", x, t.constant(0)), t.emit("sub", two, tail), tail);
  const near = t.emit("sub", one, t.emit("madd", inner(t, t.emit("mul", x, x)), x, x));
  return t.emit("select", t.emit("less", t.emit("abs", x), t.constant(0.5)), near, far);
}
