/** How to call methods of special functions, bits and statistics in `methods_test.ts`. */
import * as core from "./mod.ts";
import type { Tensor } from "./mod.ts";

/** Operands of these calls. */
interface Operands {
  /** [2, 3], all between 0 and 1. */
  readonly x: Tensor;
  /** [2, 3], between 1 and 3. */
  readonly y: Tensor;
  /** int32 [2, 3]. */
  readonly bits: Tensor;
  /** int32 [2, 3], of 0 and 1. */
  readonly index: Tensor;
}

type Arguments = (o: Operands) => readonly [receiver: Tensor, ...rest: unknown[]];

const named = (names: string, call: Arguments): Readonly<Record<string, Arguments>> =>
  Object.fromEntries(names.split(" ").map((name) => [name, call]));

/** Calls by the names of methods. */
export const MATH_CALLS: Readonly<Record<string, Arguments>> = {
  ...named(
    "eq_ ne_ lt_ le_ gt_ ge_ logicalAnd_ logicalOr_ logicalXor_ atan2_ hypot_ xlogy xlogy_ copysign copysign_ fmax fmin heaviside heaviside_ ldexp ldexp_ logaddexp2 floatPower floatPower_ nextafter nextafter_",
    ({ x, y }) => [x, y],
  ),
  ...named(
    "bitwiseAnd_ bitwiseOr_ bitwiseXor_ bitwiseLeftShift bitwiseLeftShift_ bitwiseRightShift bitwiseRightShift_ gcd gcd_ lcm lcm_",
    ({ bits, index }) => [bits, index.add(2)],
  ),
  ...named("bitwiseNot bitwiseNot_", ({ bits }) => [bits]),
  ...named("polygamma polygamma_", ({ x }) => [x, 2]),
  ...named("mvlgamma mvlgamma_", ({ y }) => [y, 2]),
  ...named("logit logit_", ({ x }) => [x, { eps: 0.3 }]),
  ...named("nanmedian nansum nanmean aminmax", ({ x }) => [x, 1, { keepdim: true }]),
  ...named("cumsum_ cumprod_", ({ x }) => [x, 0]),
  ...named("quantile nanquantile", ({ x }) => [x, 0.3, 1, { keepdim: true, interpolation: "higher" }]),
  kthvalue: ({ x }) => [x, 2, 0, { keepdim: true }],
  mode: ({ bits }) => [bits, 0, { keepdim: true }],
  histc: ({ x }) => [x, { bins: 3, max: 1 }],
  histogram: ({ x, y }) => [x, 3, { weight: y }],
  diff: ({ x, y }) => [x, 1, 0, { append: y }],
  cov: ({ x }) => [x, { correction: 0 }],
  acosh_: ({ y }) => [y],
  nanToNum_: ({ x }) => [x.log().div(0), { nan: 1, posinf: 2, neginf: 3 }],
};

/** Methods whose function takes its arguments in another order, or goes by another name. */
export const MATH_RENAMED: Readonly<Record<string, (x: Tensor, ...rest: never[]) => unknown>> = {
  polygamma: (x, n: number) => core.polygamma(n, x),
};
