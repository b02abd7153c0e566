/** Functions of one element. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { booleans, EDGES, given, integers, type Sample, uniform } from "../operand.ts";

type Unary = (x: Tensor) => Tensor;

/** What is tried of a function of one element. */
export interface UnaryOptions extends Omit<OpCase, "name" | "op" | "samples"> {
  /** The smallest number tried. */
  readonly low?: number;
  /** The largest number tried. */
  readonly high?: number;
  /** Whole numbers to try as int32, [low, high); none if null. */
  readonly whole?: readonly [number, number] | null;
  /** Whether zeros, infinities and NaN are tried; true by default. */
  readonly edges?: boolean;
}

/** Cases of a function of one element: small and large, empty, at the edges, and of integers. */
export function unary(name: string, op: Unary, options: UnaryOptions = {}): OpCase {
  const { low = -2, high = 2, whole = [-4, 5], edges = true, ...rest } = options;
  const samples: Sample[] = [[2, 3], [], [0, 3], [5, 67], [3, 2, 5], [67, 3, 51]].map((
    shape,
  ) => [uniform(shape, low, high)]);
  if (edges) samples.push([EDGES]);
  if (whole) {
    samples.push([integers([17], ...whole)], [integers([3, 3], Math.max(whole[0], 0), whole[1], "uint8")]);
  }
  return { name, op, samples, largest: 1e20, ...rest };
}

const {
  exp_,
  sqrt_,
  reciprocal_,
  tanh_,
  sigmoid_,
  neg_,
  abs_,
  floor_,
  ceil_,
  round_,
  square_,
  log_,
  sin_,
  cos_,
  rsqrt_,
  trunc_,
  sign_,
  erf_,
  exp2_,
  expm1_,
  log2_,
  log10_,
  log1p_,
  tan_,
  asin_,
  acos_,
  atan_,
  sinh_,
  cosh_,
  asinh_,
  acosh_,
  atanh_,
  erfc_,
  relu_,
} = core;

// float32 is at the end of its precision where a function is steep.
const STEEP = 2e-5;

const FUNCTIONS: readonly OpCase[] = [
  unary("exp", core.exp, { inPlace: exp_, tolerance: STEEP }),
  unary("exp2", core.exp2, { inPlace: exp2_, tolerance: STEEP }),
  unary("expm1", core.expm1, { inPlace: expm1_, tolerance: STEEP }),
  unary("log", core.log, { low: 0.1, high: 5, whole: [1, 9], inPlace: log_ }),
  unary("log2", core.log2, { inPlace: log2_, low: 0.1, high: 5, whole: [1, 9] }),
  unary("log10", core.log10, { inPlace: log10_, low: 0.1, high: 5, whole: [1, 9] }),
  unary("log1p", core.log1p, { inPlace: log1p_, low: -0.8, high: 3, whole: [0, 9] }),
  unary("sqrt", core.sqrt, { low: 0.1, high: 5, whole: [0, 9], inPlace: sqrt_ }),
  unary("rsqrt", core.rsqrt, { low: 0.2, high: 5, whole: [1, 9], inPlace: rsqrt_ }),
  unary("reciprocal", core.reciprocal, { low: 0.3, high: 3, whole: [1, 9], inPlace: reciprocal_ }),
  unary("sin", core.sin, { largest: 1e4, low: -4, high: 4, inPlace: sin_ }),
  unary("cos", core.cos, { largest: 1e4, low: -4, high: 4, inPlace: cos_ }),
  unary("tan", core.tan, {
    inPlace: tan_,
    largest: 1e4,
    low: -1.2,
    high: 1.2,
    whole: [-1, 2],
    tolerance: STEEP,
  }),
  unary("asin", core.asin, { inPlace: asin_, low: -0.9, high: 0.9, whole: [-1, 2] }),
  unary("acos", core.acos, { inPlace: acos_, low: -0.9, high: 0.9, whole: [-1, 2] }),
  unary("atan", core.atan, { inPlace: atan_ }),
  unary("sinh", core.sinh, { inPlace: sinh_, tolerance: STEEP }),
  unary("cosh", core.cosh, { inPlace: cosh_, tolerance: STEEP }),
  unary("tanh", core.tanh, { inPlace: tanh_ }),
  unary("asinh", core.asinh, { inPlace: asinh_ }),
  unary("acosh", core.acosh, { inPlace: acosh_, low: 1.2, high: 4, whole: [1, 9] }),
  unary("atanh", core.atanh, { inPlace: atanh_, low: -0.9, high: 0.9, whole: [-1, 2] }),
  unary("sigmoid", core.sigmoid, { inPlace: sigmoid_ }),
  unary("erf", core.erf, { inPlace: erf_ }),
  unary("erfc", core.erfc, { inPlace: erfc_ }),
  unary("neg", core.neg, { inPlace: neg_ }),
  unary("abs", core.abs, { inPlace: abs_ }),
  unary("sign", core.sign, { inPlace: sign_ }),
  unary("floor", core.floor, { largest: 1e4, inPlace: floor_ }),
  unary("ceil", core.ceil, { largest: 1e4, inPlace: ceil_ }),
  unary("round", core.round, { largest: 1e4, inPlace: round_ }),
  unary("trunc", core.trunc, { largest: 1e4, inPlace: trunc_ }),
  unary("square", core.square, { inPlace: square_ }),
  unary("logicalNot", core.logicalNot, { differentiable: false }),
  unary("isnan", core.isnan, { differentiable: false }),
  unary("isinf", core.isinf, { differentiable: false }),
  unary("isfinite", core.isfinite, { differentiable: false }),
  {
    name: "round",
    op: core.round,
    samples: [[given([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5])]],
    differentiable: false,
  },
  {
    name: "logicalNot",
    op: core.logicalNot,
    inPlace: (x) => core.logicalNot_(x!),
    samples: [[booleans([5])]],
    differentiable: false,
  },
];

const activation = (name: string, op: Unary, options: UnaryOptions = {}) =>
  unary(name, op, { whole: null, ...options });

const ACTIVATIONS: readonly OpCase[] = [
  unary("relu", core.relu, { inPlace: relu_ }),
  activation("relu6", core.relu6, { low: -3, high: 9 }),
  activation("silu", core.silu),
  activation("mish", core.mish),
  activation("logsigmoid", core.logsigmoid),
  activation("softsign", core.softsign),
  activation("tanhshrink", core.tanhshrink),
  activation("hardsigmoid", core.hardsigmoid, { low: -4, high: 4 }),
  activation("hardswish", core.hardswish, { low: -4, high: 4 }),
  activation("selu", core.selu),
  activation("gelu", core.gelu),
  activation("gelu", (x) => core.gelu(x, { approximate: "tanh" })),
  activation("elu", core.elu),
  activation("elu", (x) => core.elu(x, { alpha: 0.7 })),
  activation("celu", (x) => core.celu(x, { alpha: 0.7 })),
  activation("leakyRelu", core.leakyRelu),
  activation("leakyRelu", (x) => core.leakyRelu(x, { negativeSlope: 0.3 })),
  activation("hardtanh", (x) => core.hardtanh(x, { minVal: -0.5, maxVal: 1 })),
  activation("softshrink", core.softshrink),
  activation("hardshrink", core.hardshrink),
  activation("softplus", core.softplus),
  activation("softplus", (x) => core.softplus(x, { beta: 2, threshold: 3 })),
  ...casesOf("prelu", { largest: 1e20 }, [
    (x, w) => core.prelu(x!, w!),
    [uniform([2, 3, 4]), uniform([3])],
    [uniform([2, 5]), uniform([1])],
    [uniform([2, 7, 3, 5]), uniform([7])],
  ]),
  ...casesOf(
    "glu",
    { largest: 1e20 },
    [(x) => core.glu(x!), [uniform([3, 4])], [uniform([2, 5, 34])]],
    [(x) => core.glu(x!, 0), [uniform([4, 3])]],
  ),
];

/** Functions of one element, activations among them. */
export const UNARY: readonly OpCase[] = [...FUNCTIONS, ...ACTIVATIONS];
