/** How the functions of more_ops.json about elementwise functions, statistics and bits read here. */
import * as core from "@troodon/core";
import type { Spelling } from "./replay.ts";

/** One entry for each function; empty where it is spelled as everything. */
export const MATH_OPS: Readonly<Record<string, Spelling>> = {
  bitwise_or: {},
  bitwise_xor: {},
  bitwise_not: {},
  bitwise_right_shift: {},
  gcd: {},
  lcm: {},
  lgamma: {},
  digamma: {},
  polygamma: {},
  multigammaln: {},
  // Near 1 the rounding of the argument to float32 is magnified.
  erfinv: { single: 1e-3 },
  erfc: {},
  logit: {},
  xlogy: {},
  xlog1py: {},
  sinc: {},
  i0: {},
  entr: {},
  copysign: { onceOnly: "a recorded input lies on the kink at 0" },
  heaviside: {},
  hypot: {},
  nextafter: {},
  frexp: {},
  ldexp: { ownGradients: "PyTorch raises the integer 2 to negative integers there, which is 0" },
  float_power: {},
  exp2: {},
  asinh: {},
  acosh: {},
  frac: {},
  deg2rad: {},
  rad2deg: {},
  logaddexp: {},
  logaddexp2: {},
  fmax: {},
  fmin: {},
  signbit: {},
  sgn: {},
  nan_to_num: {
    // The largest numbers are those of float64 where the case is, also on a device without.
    call: (x: core.Tensor, options: core.NanToNumOptions) =>
      core.nanToNum(x, { posinf: Number.MAX_VALUE, neginf: -Number.MAX_VALUE, ...options }),
  },
  isclose: {},
  logical_xor: {},
  threshold: {},
};
