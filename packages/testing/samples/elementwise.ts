/** Functions of elements. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { booleans, EDGES, given, integers, type Sample, uniform } from "../operand.ts";

type Unary = (x: Tensor) => Tensor;
type Binary = (x: Tensor | number, y: Tensor | number) => Tensor;

interface UnaryOptions extends Omit<OpCase, "name" | "op" | "samples"> {
  readonly low?: number;
  readonly high?: number;
  /** Whole numbers to try as int32, [low, high); none if null. */
  readonly whole?: readonly [number, number] | null;
  readonly edges?: boolean;
}

function unary(name: string, op: Unary, options: UnaryOptions = {}): OpCase {
  const { low = -2, high = 2, whole = [-4, 5], edges = true, ...rest } = options;
  const samples: Sample[] = [[2, 3], [], [0, 3], [5, 67], [3, 2, 5], [67, 3, 51]].map((
    shape,
  ) => [uniform(shape, low, high)]);
  if (edges) samples.push([EDGES]);
  if (whole) {
    samples.push([integers([17], ...whole)], [integers([3, 3], Math.max(whole[0], 0), whole[1], "uint8")]);
  }
  return { name, op, samples, halves: true, ...rest };
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
  relu_,
} = core;

// float32 is at the end of its precision where a function is steep.
const STEEP = 2e-5;

const UNARY: readonly OpCase[] = [
  unary("exp", core.exp, { inPlace: exp_, tolerance: STEEP }),
  unary("exp2", core.exp2, { tolerance: STEEP }),
  unary("expm1", core.expm1, { tolerance: STEEP }),
  unary("log", core.log, { low: 0.1, high: 5, whole: [1, 9], inPlace: log_ }),
  unary("log2", core.log2, { low: 0.1, high: 5, whole: [1, 9] }),
  unary("log10", core.log10, { low: 0.1, high: 5, whole: [1, 9] }),
  unary("log1p", core.log1p, { low: -0.8, high: 3, whole: [0, 9] }),
  unary("sqrt", core.sqrt, { low: 0.1, high: 5, whole: [0, 9], inPlace: sqrt_ }),
  unary("rsqrt", core.rsqrt, { low: 0.2, high: 5, whole: [1, 9], inPlace: rsqrt_ }),
  unary("reciprocal", core.reciprocal, { low: 0.3, high: 3, whole: [1, 9], inPlace: reciprocal_ }),
  unary("sin", core.sin, { low: -4, high: 4, inPlace: sin_ }),
  unary("cos", core.cos, { low: -4, high: 4, inPlace: cos_ }),
  unary("tan", core.tan, { low: -1.2, high: 1.2, whole: [-1, 2], tolerance: STEEP }),
  unary("asin", core.asin, { low: -0.9, high: 0.9, whole: [-1, 2] }),
  unary("acos", core.acos, { low: -0.9, high: 0.9, whole: [-1, 2] }),
  unary("atan", core.atan),
  unary("sinh", core.sinh, { tolerance: STEEP }),
  unary("cosh", core.cosh, { tolerance: STEEP }),
  unary("tanh", core.tanh, { inPlace: tanh_ }),
  unary("asinh", core.asinh),
  unary("acosh", core.acosh, { low: 1.2, high: 4, whole: [1, 9] }),
  unary("atanh", core.atanh, { low: -0.9, high: 0.9, whole: [-1, 2] }),
  unary("sigmoid", core.sigmoid, { inPlace: sigmoid_ }),
  unary("erf", core.erf, { inPlace: erf_ }),
  unary("erfc", core.erfc),
  unary("neg", core.neg, { inPlace: neg_ }),
  unary("abs", core.abs, { inPlace: abs_ }),
  unary("sign", core.sign, { inPlace: sign_ }),
  unary("floor", core.floor, { inPlace: floor_ }),
  unary("ceil", core.ceil, { inPlace: ceil_ }),
  unary("round", core.round, { inPlace: round_ }),
  unary("trunc", core.trunc, { inPlace: trunc_ }),
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
  { name: "logicalNot", op: core.logicalNot, samples: [[booleans([5])]], differentiable: false },
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
  ...casesOf("prelu", {}, [
    (x, w) => core.prelu(x!, w!),
    [uniform([2, 3, 4]), uniform([3])],
    [uniform([2, 5]), uniform([1])],
    [uniform([2, 7, 3, 5]), uniform([7])],
  ]),
  ...casesOf(
    "glu",
    {},
    [(x) => core.glu(x!), [uniform([3, 4])], [uniform([2, 5, 34])]],
    [(x) => core.glu(x!, 0), [uniform([4, 3])]],
  ),
];

interface BinaryOptions extends Omit<OpCase, "name" | "op" | "samples" | "inPlace"> {
  readonly low?: number;
  readonly high?: number;
  readonly low2?: number;
  readonly high2?: number;
  readonly whole?: readonly [number, number] | null;
  readonly edges?: boolean;
  readonly inPlace?: (x: Tensor, y: Tensor | number) => Tensor;
}

function binary(name: string, op: Binary, options: BinaryOptions = {}): OpCase[] {
  const { low = -2, high = 2, low2 = low, high2 = high, whole = [1, 9], edges = true, inPlace, ...rest } =
    options;
  const a = (shape: readonly number[]) => uniform(shape, low, high);
  const b = (shape: readonly number[]) => uniform(shape, low2, high2);
  const samples: Sample[] = [
    [a([2, 3]), b([2, 3])],
    [a([2, 1, 3]), b([4, 1])],
    [a([]), b([3])],
    [a([4]), b([])],
    [a([0, 3]), b([3])],
    [a([5, 67]), b([67])],
    [a([9, 1]), b([1, 7])],
    [a([31, 37, 11]), b([37, 11])],
  ];
  const mixed: Sample[] = whole
    ? [
      [integers([2, 3], ...whole), integers([3], ...whole)],
      [integers([7], ...whole, "uint8"), integers([7], ...whole)],
      [integers([4], ...whole), b([4])],
      [booleans([4]), integers([4], ...whole)],
    ]
    : [];
  const edge: Sample[] = edges
    ? [[EDGES, given([...Array(14).keys()].map((i) => [1.5, -2, 0][i % 3]!))], [EDGES, EDGES]]
    : [];
  const pair: OpCase = {
    name,
    op: (x, y) => op(x!, y!),
    samples: [...samples, ...mixed, ...edge],
    halves: true,
    ...rest,
  };
  // Exact in every floating type, so that whole multiples of it are, too.
  const number = Math.round(4 * (low2 + 3 * high2)) / 16;
  return [
    inPlace ? { ...pair, inPlace: (x, y) => inPlace(x!, y!) } : pair,
    {
      name,
      op: (x) => op(x!, number),
      samples: [[a([2, 3])], [a([35])], ...(whole ? [[integers([5], ...whole)]] : [])],
      ...(inPlace && { inPlace: (x: Tensor) => inPlace(x, number) }),
      ...rest,
    },
    {
      name,
      op: (x) => op(Math.round(4 * (low + 3 * high)) / 16, x!),
      samples: [[b([2, 3])], [b([35])]],
      ...rest,
    },
  ];
}

const { add_, sub_, mul_, div_, pow_, remainder_, fmod_, floorDivide_ } = core;
const bool = { differentiable: false } as const;

const BINARY: readonly OpCase[] = [
  ...binary("add", core.add, { inPlace: add_ }),
  ...binary("sub", core.sub, { inPlace: sub_ }),
  ...binary("mul", core.mul, { inPlace: mul_ }),
  ...binary("div", core.div, { low2: 0.5, inPlace: div_ }),
  ...binary("maximum", core.maximum),
  ...binary("minimum", core.minimum),
  ...binary("pow", core.pow, { low: 0.3, high: 2, whole: [1, 4], tolerance: STEEP, inPlace: pow_ }),
  ...binary("atan2", core.atan2, { low2: 0.5 }),
  ...binary("fmod", core.fmod, { low: -5, high: 5, low2: 0.7, high2: 1.9, edges: false, inPlace: fmod_ }),
  ...binary("remainder", core.remainder, {
    low: -5,
    high: 5,
    low2: 0.7,
    high2: 1.9,
    edges: false,
    inPlace: remainder_,
  }),
  ...binary("floorDivide", core.floorDivide, {
    low: -5,
    high: 5,
    low2: 0.7,
    high2: 1.9,
    edges: false,
    inPlace: floorDivide_,
  }),
  ...binary("hypot", core.hypot),
  ...binary("logaddexp", core.logaddexp),
  ...[["eq", core.eq], ["ne", core.ne], ["lt", core.lt], ["le", core.le], ["gt", core.gt], ["ge", core.ge]]
    .flatMap(
      ([name, op]) => binary(name as string, op as Binary, bool),
    ),
  ...binary("logicalAnd", core.logicalAnd, bool),
  ...binary("logicalOr", core.logicalOr, bool),
  ...binary("logicalXor", core.logicalXor, bool),
  ...[["bitwiseAnd", core.bitwiseAnd], ["bitwiseOr", core.bitwiseOr], ["bitwiseXor", core.bitwiseXor]]
    .flatMap(
      ([name, op]) =>
        casesOf(name as string, bool, [
          (x, y) => (op as Binary)(x!, y!),
          [integers([2, 3], -9, 9), integers([3], -9, 9)],
          [booleans([5]), booleans([5])],
          [integers([37], 0, 255, "uint8"), integers([37], 0, 255, "uint8")],
        ], [(x) => (op as Binary)(x!, 5), [integers([7], -9, 9)]]),
    ),
];

const SELECTION: readonly OpCase[] = [
  ...casesOf(
    "where",
    { halves: true },
    [
      (c, x, y) => core.where(c!, x!, y!),
      [booleans([2, 3]), uniform([2, 3]), uniform([2, 3])],
      [booleans([3]), uniform([2, 1]), uniform([])],
      [booleans([5, 67]), uniform([67]), uniform([5, 67])],
      [booleans([4]), integers([4], -9, 9), integers([4], -9, 9)],
    ],
    [(c, x) => core.where(c!, x!, 0.5), [booleans([2, 3]), uniform([3])]],
    [(c, x) => core.where(c!, 0.5, x!), [booleans([2, 3]), uniform([3])]],
  ),
  {
    name: "maskedFill",
    op: (x, m) => core.maskedFill(x!, m!, -1.5),
    inPlace: (x, m) => core.maskedFill_(x!, m!, -1.5),
    samples: [[uniform([2, 3]), booleans([2, 3])], [uniform([2, 35]), booleans([35])]],
  },
  {
    name: "clamp",
    op: (x) => core.clamp(x!, { min: -0.5, max: 1 }),
    inPlace: (x) => core.clamp_(x!, { min: -0.5, max: 1 }),
    samples: [[uniform([2, 3])], [uniform([67])], [EDGES]],
  },
  ...casesOf(
    "clamp",
    {},
    [(x) => core.clamp(x!, { min: 0.2 }), [uniform([2, 3])], [integers([5], -3, 4)]],
    [(x) => core.clamp(x!, { max: 0.2 }), [uniform([2, 3])]],
  ),
  {
    name: "lerp",
    op: (x, y) => core.lerp(x!, y!, 0.3),
    inPlace: (x, y) => core.lerp_(x!, y!, 0.3),
    samples: [[uniform([2, 3]), uniform([2, 3])], [uniform([2, 35]), uniform([35])]],
  },
  ...casesOf("lerp", {}, [(x, y, w) => core.lerp(x!, y!, w!), [
    uniform([2, 3]),
    uniform([3]),
    uniform([2, 1]),
  ]]),
  {
    name: "addcmul",
    op: (x, a, b) => core.addcmul(x!, a!, b!, { value: 0.5 }),
    inPlace: (x, a, b) => core.addcmul_(x!, a!, b!, { value: 0.5 }),
    samples: [[uniform([2, 3]), uniform([2, 3]), uniform([3])], [uniform([67]), uniform([67]), uniform([])]],
  },
  {
    name: "addcdiv",
    op: (x, a, b) => core.addcdiv(x!, a!, b!, { value: 0.5 }),
    inPlace: (x, a, b) => core.addcdiv_(x!, a!, b!, { value: 0.5 }),
    samples: [[uniform([2, 3]), uniform([2, 3]), uniform([3], 0.5, 2)], [
      uniform([67]),
      uniform([67]),
      uniform([], 0.5, 2),
    ]],
  },
  ...casesOf("nanToNum", {}, [
    (x) => core.nanToNum(x!, { nan: 0.5, posinf: 9, neginf: -9 }),
    [uniform([2, 3])],
    [EDGES],
  ]),
];

const answer = (x: Tensor, yes: boolean): Tensor => core.full([], Number(yes), { device: x.device });

const CLOSENESS: readonly OpCase[] = [
  ...casesOf(
    "isclose",
    bool,
    [(x, y) => core.isclose(x!, y!, { rtol: 0.5, atol: 0.1 }), [uniform([5, 7]), uniform([7])], [
      EDGES,
      EDGES,
    ]],
    [(x, y) => core.isclose(x!, y!, { equalNan: true }), [EDGES, EDGES]],
  ),
  ...casesOf("allclose", bool, [
    (x, y) => answer(x!, core.allclose(x!, y!, { atol: 1 })),
    [uniform([2, 3]), uniform([2, 3])],
    [uniform([2, 3], 0, 0.5), uniform([3], 0, 0.5)],
  ]),
  ...casesOf("equal", bool, [
    (x, y) => answer(x!, core.equal(x!, y!)),
    [integers([2], 0, 1), integers([2], 0, 1)],
    [uniform([2, 3]), uniform([2, 3])],
    [uniform([2, 3]), uniform([3])],
  ]),
];

const COPIES: readonly OpCase[] = [
  ...casesOf("clone", { halves: true }, [(x) => core.clone(x!), [uniform([2, 3])], [integers([4], -4, 4)], [
    uniform([0]),
  ]]),
  ...casesOf("contiguous", {}, [(x) => core.contiguous(x!), [uniform([2, 3])], [booleans([2, 3])]]),
  ...(["float32", "float64", "float16", "bfloat16", "int32", "uint8", "bool"] as const).flatMap((dtype) =>
    casesOf(
      "to",
      { differentiable: false },
      [
        (x) =>
          x!.device.backend.limits.dtypes.includes(dtype)
            ? core.to(core.to(x!, dtype), "float32")
            : x!.to("float32"),
        [given([0, 1, 2.5, 3.75, 100, 0.5])],
        [integers([9], 0, 200)],
        [booleans([5])],
      ],
    )
  ),
  ...casesOf("to", { twice: false, tolerance: 1e-5 }, [(x) => core.to(x!.mul(2), x!.dtype), [
    uniform([2, 3]),
  ]]),
  ...casesOf("float", bool, [(x) => x!.float(), [integers([4], -4, 4)]]),
  ...casesOf("int", bool, [(x) => x!.int(), [given([-2.7, -0.5, 0, 1.5, 2.9])]]),
  ...casesOf("bool", bool, [(x) => x!.bool(), [given([-2.7, 0, 0, 1.5, NaN])]]),
  ...casesOf("double", bool, [
    (x) => x!.device.backend.limits.dtypes.includes("float64") ? x!.double().float() : x!.float(),
    [uniform([4])],
  ]),
  ...casesOf("copy_", { anyLayout: false }, [
    (x, y) => core.copy_(x!.mul(1), y!),
    [uniform([2, 3]), uniform([3])],
    [uniform([2, 3]), integers([2, 3], -4, 4)],
    [integers([2, 3], -4, 4), integers([2, 3], 0, 4, "uint8")],
  ]),
  ...casesOf("fill_", {}, [(x) => core.fill_(x!.mul(2), 1.5), [uniform([2, 3])], [uniform([0])]]),
  ...casesOf("zero_", {}, [(x) => core.zero_(x!.mul(2)), [uniform([2, 3])], [integers([7], 1, 4)]]),
];

/** Functions of elements: of one, of two, activations, choices, comparisons, copies and conversions. */
export const ELEMENTWISE: readonly OpCase[] = [
  ...UNARY,
  ...ACTIVATIONS,
  ...BINARY,
  ...SELECTION,
  ...CLOSENESS,
  ...COPIES,
];
