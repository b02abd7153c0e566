/** Functions of two elements. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { OpCase } from "../case.ts";
import { booleans, EDGES, given, integers, type Sample, uniform } from "../operand.ts";

type Binary = (x: Tensor | number, y: Tensor | number) => Tensor;

// float32 is at the end of its precision where a function is steep.
const STEEP = 2e-5;

/** What is tried of a function of two elements. */
export interface BinaryOptions extends Omit<OpCase, "name" | "op" | "samples" | "inPlace"> {
  /** The smallest first operand tried. */
  readonly low?: number;
  /** The largest first operand tried. */
  readonly high?: number;
  /** The smallest second operand tried. */
  readonly low2?: number;
  /** The largest second operand tried. */
  readonly high2?: number;
  /** Whole numbers to try, [low, high); none if null. */
  readonly whole?: readonly [number, number] | null;
  /** Whether zeros, infinities and NaN are tried; true by default. */
  readonly edges?: boolean;
  /** The form in place. */
  readonly inPlace?: (x: Tensor, y: Tensor | number) => Tensor;
}

/** Cases of a function of two elements: of two tensors, and of a tensor and a number on either side. */
export function binary(name: string, op: Binary, options: BinaryOptions = {}): OpCase[] {
  const { low = -2, high = 2, low2 = low, high2 = high, whole = [1, 9], edges = true, inPlace, ...own } =
    options;
  const rest = { largest: 1e20, ...own };
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

const { add_, sub_, mul_, div_, pow_, remainder_, fmod_, floorDivide_, atan2_, hypot_ } = core;
const bool = { differentiable: false } as const;

const { eq_, ne_, lt_, le_, gt_, ge_, logicalAnd_, logicalOr_, logicalXor_ } = core;

/** Of bool, whose results fit into their place. */
const ofTruth = (name: string, op: Binary, inPlace: (x: Tensor, y: Tensor | number) => Tensor): OpCase[] => [
  {
    name,
    op: (x, y) => op(x!, y!),
    inPlace: (x, y) => inPlace(x!, y!),
    samples: [[booleans([5]), booleans([5])], [booleans([9, 3]), booleans([3])]],
    ...bool,
  },
];

/** Arithmetic, comparison, logic and bits. */
export const BINARY: readonly OpCase[] = [
  ...binary("add", core.add, { inPlace: add_ }),
  ...binary("sub", core.sub, { inPlace: sub_ }),
  ...binary("mul", core.mul, { inPlace: mul_ }),
  ...binary("div", core.div, { low2: 0.5, inPlace: div_ }),
  ...(["trunc", "floor"] as const).flatMap((roundingMode) =>
    binary("div", (x, y) => core.div(x, y, { roundingMode }), {
      largest: 1e4,
      low: -5,
      high: 5,
      low2: 0.7,
      high2: 1.9,
      edges: false,
    })
  ),
  ...binary("maximum", core.maximum),
  ...binary("minimum", core.minimum),
  ...binary("pow", core.pow, { low: 0.3, high: 2, whole: [1, 4], tolerance: STEEP, inPlace: pow_ }),
  ...binary("atan2", core.atan2, { low2: 0.5, inPlace: atan2_ }),
  ...binary("fmod", core.fmod, {
    largest: 1e4,
    low: -5,
    high: 5,
    low2: 0.7,
    high2: 1.9,
    edges: false,
    inPlace: fmod_,
  }),
  ...binary("remainder", core.remainder, {
    largest: 1e4,
    low: -5,
    high: 5,
    low2: 0.7,
    high2: 1.9,
    edges: false,
    inPlace: remainder_,
  }),
  ...binary("floorDivide", core.floorDivide, {
    largest: 1e4,
    low: -5,
    high: 5,
    low2: 0.7,
    high2: 1.9,
    edges: false,
    inPlace: floorDivide_,
  }),
  ...binary("hypot", core.hypot, { inPlace: hypot_ }),
  ...binary("logaddexp", core.logaddexp),
  ...binary("eq", core.eq, bool),
  ...binary("ne", core.ne, bool),
  ...binary("lt", core.lt, bool),
  ...binary("le", core.le, bool),
  ...binary("gt", core.gt, bool),
  ...binary("ge", core.ge, bool),
  ...binary("logicalAnd", core.logicalAnd, bool),
  ...binary("logicalOr", core.logicalOr, bool),
  ...binary("logicalXor", core.logicalXor, bool),
  ...ofTruth("eq", core.eq, eq_),
  ...ofTruth("ne", core.ne, ne_),
  ...ofTruth("lt", core.lt, lt_),
  ...ofTruth("le", core.le, le_),
  ...ofTruth("gt", core.gt, gt_),
  ...ofTruth("ge", core.ge, ge_),
  ...ofTruth("logicalAnd", core.logicalAnd, logicalAnd_),
  ...ofTruth("logicalOr", core.logicalOr, logicalOr_),
  ...ofTruth("logicalXor", core.logicalXor, logicalXor_),
];
