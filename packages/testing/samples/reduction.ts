/** What brings elements together, follows them along an axis, or orders them. */
import * as core from "@troodon/core";
import type { Dims, Tensor } from "@troodon/core";
import { casesOf, type OpCase, type OpResult } from "../case.ts";
import {
  booleans,
  distinct,
  EDGES,
  given,
  integers,
  type Operand,
  type Sample,
  uniform,
} from "../operand.ts";

type Reduction = (x: Tensor, dim?: Dims, options?: { keepdim?: boolean }) => Tensor;

interface ReductionOptions extends Omit<OpCase, "name" | "op" | "samples"> {
  /** Makes operands; uniform by default. */
  readonly floats?: (shape: readonly number[]) => Operand;
  /** Whether it takes integers and bool. */
  readonly whole?: boolean;
  /** Whether it takes no elements at all. */
  readonly none?: boolean;
}

function reduction(name: string, op: Reduction, options: ReductionOptions = {}): OpCase[] {
  const { floats = uniform, whole = true, none = true, ...rest } = options;
  const discrete: Sample[] = whole
    ? [[integers([3, 5], 0, 4)], [integers([7], 0, 4, "uint8")], [booleans([2, 4])]]
    : [];
  return casesOf(
    name,
    { tolerance: 3e-5, ...rest },
    [
      (x) => op(x!),
      [floats([2, 3])],
      [floats([])],
      [floats([4, 5, 67])],
      ...discrete,
      ...(none ? [[floats([0, 3])]] : []),
    ],
    [(x) => op(x!, 0), [floats([3, 4])], [floats([33, 5])], [floats([1030, 33])], ...discrete],
    [
      (x) => op(x!, -1, { keepdim: true }),
      [floats([3, 4])],
      [floats([5, 67])],
      [floats([33, 1030])],
      ...(none ? [[floats([3, 0])]] : []),
    ],
    [(x) => op(x!, [0, 2]), [floats([2, 3, 2])], [floats([3, 5, 17])]],
    [(x) => op(x!, []), [floats([2, 3])]],
    [(x) => op(x!, [1], { keepdim: true }), [floats([2, 3, 2])], [floats([3, 17, 9])], [floats([9, 70, 33])]],
  );
}

const REDUCTIONS: readonly OpCase[] = [
  ...reduction("sum", core.sum),
  ...reduction("mean", core.mean, { whole: false }),
  ...casesOf("mean", {}, [(x) => core.mean(x!, 0, { dtype: "float32" }), [integers([3, 2], 0, 9)]]),
  ...casesOf("sum", {}, [(x) => core.sum(x!, 0, { dtype: "int32" }), [integers([3, 2], 0, 9, "uint8")]]),
  ...reduction("prod", core.prod, { floats: (shape) => uniform(shape, 0.8, 1.2) }),
  // With one zero, and with two.
  ...casesOf(
    "prod",
    {},
    [(x) => core.prod(x!), [given([2, 0, 3])], [given([2, 0, 0])]],
    [(x) => core.prod(x!, 1), [given([1, 2, 0, 3, 0, 4], [2, 3])]],
  ),
  ...reduction("amax", core.amax, { floats: distinct, none: false }),
  ...reduction("amin", core.amin, { floats: distinct, none: false }),
  ...reduction("all", core.all, { differentiable: false }),
  ...reduction("any", core.any, { differentiable: false }),
  ...reduction("countNonzero", core.countNonzero, { differentiable: false }),
  ...reduction("variance", core.variance, { whole: false, none: false, floats: distinct }).slice(1),
  ...casesOf("variance", {}, [(x) => core.variance(x!, 1, { correction: 0, keepdim: true }), [
    uniform([2, 4]),
  ]], [
    (x) => core.variance(x!),
    [uniform([2, 4])],
    [uniform([5, 67])],
  ]),
  ...casesOf("var", { tolerance: 1e-5 }, [(x) => x!.var(1), [uniform([2, 4])], [uniform([5, 67])]]),
  ...casesOf(
    "std",
    { tolerance: 1e-5 },
    [(x) => core.std(x!), [uniform([2, 4])], [uniform([5, 67])]],
    [(x) => core.std(x!, 0, { correction: 0 }), [uniform([4, 2])], [uniform([33, 5])]],
  ),
  ...casesOf("varMean", { tolerance: 1e-5 }, [(x) => core.varMean(x!, 1), [uniform([2, 4])], [
    uniform([5, 67]),
  ]]),
  ...([0, 1, 2, 3, -1, Infinity, -Infinity] as const).flatMap((p) =>
    casesOf(
      "norm",
      { tolerance: 1e-5 },
      [(x) => core.norm(x!, p), [distinct([2, 3])], [distinct([67])]],
      [(x) => core.norm(x!, p, 1, { keepdim: true }), [distinct([2, 3])], [distinct([5, 33])]],
    )
  ),
  ...casesOf(
    "logsumexp",
    { tolerance: 1e-5 },
    [(x) => core.logsumexp(x!, 1), [uniform([2, 3])], [uniform([5, 67], -50, 80)]],
    [(x) => core.logsumexp(x!, [0, 1], { keepdim: true }), [uniform([2, 3])]],
  ),
  ...casesOf("sum", { differentiable: false }, [(x) => core.sum(x!), [EDGES]]),
  ...casesOf("amax", { differentiable: false }, [(x) => core.amax(x!), [EDGES]], [(x) => core.amin(x!), [
    EDGES,
  ]]),
];

type Extreme = typeof core.max;

const extreme = (name: string, op: Extreme): OpCase[] =>
  casesOf(
    name,
    {},
    [(x) => op(x!), [distinct([2, 3])], [distinct([5, 67])], [integers([3, 5], -9, 9)]],
    [(x) => op(x!, 1), [distinct([2, 3])], [distinct([5, 67])], [integers([3, 5], -3, 3)], [
      integers([3, 5], 0, 2, "uint8"),
    ]],
    [(x) => op(x!, 0, { keepdim: true }), [distinct([4, 3])], [distinct([33, 5])]],
    [(x) => op(x!, 1), [distinct([2, 3, 2])]],
  );

const ORDER: readonly OpCase[] = [
  ...extreme("max", core.max),
  ...extreme("min", core.min),
  ...[["argmax", core.argmax] as const, ["argmin", core.argmin] as const].flatMap(([name, op]) =>
    casesOf(
      name,
      { differentiable: false },
      [(x) => op(x!), [distinct([2, 3])], [integers([5, 7], 0, 3)]],
      [(x) => op(x!, 1), [distinct([2, 3])], [distinct([5, 67])], [integers([5, 7], 0, 3, "uint8")], [
        booleans([3, 4]),
      ]],
      [(x) => op(x!, 0, { keepdim: true }), [distinct([33, 5])], [given([1, NaN, NaN])]],
    )
  ),
  ...casesOf(
    "sort",
    {},
    [(x) => core.sort(x!), [distinct([2, 3])], [distinct([5, 67])], [integers([3, 9], 0, 4)], [uniform([0])]],
    [(x) => core.sort(x!, 0, { descending: true }), [distinct([4, 3])], [integers([9, 3], 0, 4)]],
  ),
  ...casesOf("sort", { differentiable: false }, [(x) => core.sort(x!), [given([1, NaN, 2, -1])], [EDGES]]),
  ...casesOf(
    "argsort",
    { differentiable: false },
    [(x) => core.argsort(x!), [distinct([2, 3])], [integers([3, 9], 0, 4)]],
    [(x) => core.argsort(x!, 0, { descending: true }), [distinct([4, 3])], [integers([9, 3], 0, 4, "uint8")]],
  ),
  ...casesOf(
    "topk",
    {},
    [(x) => core.topk(x!, 2), [distinct([2, 5])], [integers([3, 9], 0, 4)]],
    [(x) => core.topk(x!, 3, 0, { largest: false }), [distinct([5, 2])]],
  ),
];

const scan = (
  name: string,
  op: (x: Tensor, dim: number) => Tensor,
  floats: (shape: readonly number[]) => Operand = uniform,
) =>
  casesOf(
    name,
    { tolerance: 3e-5 },
    [(x) => op(x!, 0), [floats([3, 4])], [floats([33, 5])], [floats([0])]],
    [(x) => op(x!, -1), [floats([3, 4])], [floats([5, 67])], [floats([2, 3, 5])], [floats([9, 1003])]],
    [(x) => op(x!, 1), [floats([2, 3, 2])]],
  );

/** Some elements equal, some NaN, and infinities. */
const TIES = given([2, -1, 2, 5, 5, 3, 5, -Infinity], [2, 4]);
const NANS = given([1, NaN, 2, NaN, 0, 3, 3, Infinity], [4, 2]);

/** Running extremes and where they are: of equals the last. */
const runs = (name: string, op: (x: Tensor, dim: number) => OpResult): OpCase[] => [
  ...casesOf(
    name,
    {},
    [(x) => op(x!, 0), [distinct([3, 4])], [uniform([0])], [uniform([])]],
    [(x) => op(x!, -1), [distinct([2, 3, 5])], [uniform([9, 1003])]],
  ),
  // Where elements are equal, differences say nothing.
  ...casesOf(name, { derivative: false }, [(x) => op(x!, 1), [TIES]], [(x) => op(x!, 0), [NANS]]),
  ...casesOf(
    name,
    { differentiable: false },
    [(x) => op(x!, 0), [booleans([7])], [integers([9], 0, 256, "uint8")]],
    // Of elements that are equal in most places.
    [(x) => op(x!, 1), [integers([3, 300], -2, 2)]],
  ),
];

const SCANS: readonly OpCase[] = [
  ...runs("cummax", core.cummax),
  ...runs("cummin", core.cummin),
  ...scan("cumsum", core.cumsum),
  ...scan("cumprod", core.cumprod, (shape) => uniform(shape, 0.7, 1.3)),
  ...scan("logcumsumexp", core.logcumsumexp),
  ...casesOf("cumsum", { differentiable: false }, [(x) => core.cumsum(x!, 0), [integers([5, 3], -4, 4)], [
    booleans([7]),
  ]]),
  ...casesOf("cumprod", {}, [(x) => core.cumprod(x!, 0), [given([2, 0, 3, 4])], [integers([5], 1, 4)]]),
];

/** Reductions, extremes and order, running results. */
export const REDUCTION: readonly OpCase[] = [...REDUCTIONS, ...ORDER, ...SCANS];
