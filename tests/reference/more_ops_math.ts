/** How the functions of more_ops.json about elementwise functions, statistics and bits read here. */
import * as core from "@troodon/core";
import type { Spelling } from "./replay.ts";

const overDim: Spelling = { positional: ["dim"] };

const TIES = "of equal elements PyTorch takes any";
const JUMPS = "where elements are equal, differences show jumps";

/** Points are left out where there are none. */
const integral = (call: typeof core.trapezoid): Spelling => ({
  call: (y: core.Tensor, ...rest: (core.Tensor | core.TrapezoidOptions)[]) =>
    rest[0] instanceof core.Tensor ? call(y, rest[0], rest[1] as core.TrapezoidOptions) : call(y, null, rest[0]),
});

/** One entry for each function; empty where it is spelled as everything. */
export const MATH_OPS: Readonly<Record<string, Spelling>> = {
  bitwise_and: {},
  bitwise_left_shift: {},
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
  nan_to_num: {},
  isclose: {},
  logical_xor: {},
  threshold: {},
  quantile: { positional: ["dim"] },
  nanquantile: { positional: ["dim"] },
  nanmean: overDim,
  nansum: overDim,
  nanmedian: { ...overDim, anyIndices: TIES },
  kthvalue: { anyIndices: TIES,  positional: ["dim"] },
  mode: { ...overDim, anyIndices: TIES, onceOnly: JUMPS },

  histc: {},
  histogram: {},
  cummax: { onceOnly: JUMPS },
  cummin: { onceOnly: JUMPS },
  logcumsumexp: {},
  diff: { positional: ["n", "dim"] },
  cov: {},
  corrcoef: {},
  count_nonzero: overDim,
  argsort: overDim,
  aminmax: overDim,
  std_mean: overDim,
  var_mean: overDim,
  trapezoid: integral(core.trapezoid),
  cumulative_trapezoid: integral(core.cumulativeTrapezoid),
  vander: {},
};
