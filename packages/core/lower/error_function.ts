/** The error function and its complement in float32. */
import { exp, expm1Core, horner, powerOfTwo, reduced, withSign } from "./exponential.ts";
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

/** 1 - erf(x): exp(-x^2) times a polynomial in (x - 3) / (x + 3); below 0, 2 minus the value at -x. */
export function erfc(t: Machine, x: Value): Value {
  const three = t.constant(3);
  const size = t.emit("atMost", t.emit("abs", x), t.constant(10.3));
  const q = t.emit("div", t.emit("sub", size, three), t.emit("add", size, three));
  const factor = horner(t, q, [
    5.5964646890060976e-5,
    2.8994107196922414e-5,
    -5.945183802396059e-4,
    7.156782667152584e-4,
    4.2688362300395966e-3,
    -2.439422532916069e-2,
    7.166587561368942e-2,
    -1.5011578798294067e-1,
    2.456037998199463e-1,
    -3.2623356580734253e-1,
    1.7900115251541138e-1,
  ]);
  // x^2 in two parts, the first exact: its rounding error would grow with x.
  const high = t.emit("and", size, t.word(0xfffff000));
  const rest = t.emit("mul", t.emit("sub", size, high), t.emit("add", size, high));
  const { n, r } = reduced(t, t.emit("neg", t.emit("mul", high, high)), -107);
  const decay = t.emit("add", expm1Core(t, t.emit("sub", r, rest)), t.constant(1));
  // Times 2^64 until the end, so that subnormal results are rounded once.
  const raised = t.emit("mul", t.emit("mul", decay, factor), powerOfTwo(t, n, 127 + 64));
  const tail = t.emit("mul", raised, t.constant(2 ** -64));
  return t.emit("select", t.emit("less", x, t.constant(0)), t.emit("sub", t.constant(2), tail), tail);
}
