/** Order statistics, histograms, covariances and differences. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase } from "../case.ts";
import { booleans, distinct, given, integers, type Operand, type Sample, uniform } from "../operand.ts";

const discrete = { differentiable: false } as const;

const { cumsum_, cumprod_ } = core;

/** Some NaN among numbers, none in the second row; more of them in the third, and nothing else in the last. */
const NANS = given([1, NaN, 3, -2, 0.5, 4, 2, -1, NaN, NaN, 7, -3, NaN, NaN, NaN, NaN], [4, 4]);

/** Some elements equal. */
const TIES = given([2, -1, 2, 5, 5, 3, 5, -3], [2, 4]);

const MEDIANS: readonly OpCase[] = [
  ...[["median", core.median] as const, ["nanmedian", core.nanmedian] as const].flatMap(([name, op]) => [
    ...casesOf(
      name,
      {},
      [(x) => op(x!), [distinct([2, 3])], [distinct([67])], [distinct([])]],
      [(x) => op(x!, 1), [distinct([2, 4])], [distinct([5, 33])]],
      [(x) => op(x!, 0, { keepdim: true }), [distinct([5, 2])], [distinct([3, 5, 7])]],
    ),
    // The gradient is shared by equal elements, of which differences see one.
    ...casesOf(name, { derivative: false }, [(x) => op(x!), [TIES], [given([3, 3, 3])]]),
    ...casesOf(name, discrete, [(x) => op(x!, 1), [NANS], [integers([3, 5], -9, 9)]], [
      (x) => op(x!),
      [NANS],
      [
        uniform([0]),
      ],
    ]),
  ]),
  ...casesOf(
    "kthvalue",
    {},
    [(x) => core.kthvalue(x!, 2), [distinct([2, 3])], [distinct([5, 67])], [integers([3, 5], -9, 9)]],
    [(x) => core.kthvalue(x!, 3, 0, { keepdim: true }), [distinct([5, 2])], [distinct([3, 5, 7])]],
    [(x) => core.kthvalue(x!, 1), [distinct([])], [distinct([0, 3])]],
  ),
  ...casesOf("kthvalue", discrete, [(x) => core.kthvalue(x!, 3, 1), [NANS]]),
  ...casesOf("mode", { derivative: false }, [
    (x) => core.mode(x!),
    [TIES],
    [integers([9, 40], -3, 3)],
    [integers([7, 1], 0, 3, "uint8")],
  ], [(x) => core.mode(x!, 0, { keepdim: true }), [TIES], [integers([33, 5], 0, 4)], [
    integers([1, 4, 3], 0, 4),
  ]]),
  ...casesOf("mode", {}, [(x) => core.mode(x!), [distinct([2, 3])], [distinct([])]]),
];

type Quantile = typeof core.quantile;

const shares = (...values: number[]): Operand => given(values);

const quantiles = (name: string, op: Quantile): OpCase[] => [
  ...(["linear", "lower", "higher", "midpoint", "nearest"] as const).flatMap((interpolation) =>
    casesOf(
      name,
      { tolerance: 1e-5, halves: false },
      [(x) => op(x!, 0.3, 1, { interpolation }), [distinct([2, 5])], [distinct([5, 67])], [
        distinct([2, 3, 4]),
      ]],
      [(x) => op(x!, 0.7, undefined, { interpolation, keepdim: true }), [distinct([2, 5])], [distinct([])]],
    )
  ),
  // Shares whose ranks lie between the same elements in every floating type.
  ...casesOf(
    name,
    { tolerance: 1e-5, halves: false },
    [
      (x) => core.tidySync(() => op(x!, x!.newEmpty([]).fill_(0.4), 0, { keepdim: true })),
      [distinct([5, 3])],
      [
        distinct([33, 5]),
      ],
    ],
  ).map((c) => ({ ...c, anyLayout: false })),
  ...casesOf(
    name,
    { tolerance: 1e-5, halves: false, largest: 0, derivative: false },
    [(x, q) => op(x!, q!, 1), [distinct([3, 5]), shares(0, 0.3, 1)], [distinct([5, 67]), shares(0.6)]],
    [(x, q) => op(x!, q!, 0, { keepdim: true }), [distinct([5, 3]), shares(0.1, 0.9)]],
    [(x, q) => op(x!, q!), [distinct([5, 3]), shares(0.2, 0.9, 0.55)]],
  ),
  ...casesOf(name, { tolerance: 1e-5, halves: false, ...discrete }, [(x) => op(x!, 0.4, 1), [NANS]], [
    (x) => op(x!, 0.4),
    [
      NANS,
    ],
  ]),
];

/** Reductions of what is not NaN. */
const numbers = (name: string, op: typeof core.nansum, whole: readonly Sample[]): OpCase[] => [
  ...casesOf(
    name,
    { tolerance: 3e-5 },
    [(x) => op(x!), [uniform([2, 3])], [uniform([])], [uniform([4, 5, 67])], ...whole],
    [(x) => op(x!, 0), [uniform([3, 4])], [uniform([33, 5])], ...whole],
    [(x) => op(x!, [0, -1], { keepdim: true }), [uniform([2, 3, 2])], [uniform([5, 67, 3])]],
  ),
  ...casesOf(name, discrete, [(x) => op(x!, 1), [NANS]], [(x) => op(x!), [NANS]]),
];

const REDUCTIONS: readonly OpCase[] = [
  ...numbers("nansum", core.nansum, [[integers([3, 5], 0, 4)], [booleans([2, 4])]]),
  ...numbers("nanmean", core.nanmean, []),
  ...casesOf(
    "aminmax",
    {},
    [(x) => core.aminmax(x!), [distinct([2, 3])], [distinct([5, 67])], [integers([3, 5], -9, 9)]],
    [(x) => core.aminmax(x!, 1), [distinct([2, 3])], [distinct([5, 67])]],
    [(x) => core.aminmax(x!, 0, { keepdim: true }), [distinct([4, 3])]],
  ),
  ...casesOf(
    "stdMean",
    { tolerance: 1e-5 },
    [(x) => core.stdMean(x!, 1), [uniform([2, 4])], [uniform([5, 67])]],
    [(x) => core.stdMean(x!, undefined, { correction: 0 }), [uniform([2, 4])]],
  ),
];

const HISTOGRAMS: readonly OpCase[] = [
  ...casesOf(
    "histc",
    discrete,
    [
      (x) => core.histc(x!, { bins: 4, min: -1, max: 1 }),
      [uniform([67])],
      [uniform([3, 5])],
      [uniform([0])],
      [NANS],
    ],
    [(x) => core.histc(x!, { bins: 3 }), [given([1, 2, 1.5, 7, 4, 3])], [given([2, 2, 2])]],
    [(x) => core.histc(x!, { bins: 2, min: 3, max: 3 }), [given([1, 2.5, 4, 3.5])]],
  ),
  ...casesOf(
    "histogram",
    discrete,
    [(x) => core.histogram(x!, 4, { range: [-1, 1] }), [uniform([67])], [uniform([3, 5])]],
    [(x) => core.histogram(x!, 4), [given([1, 2, 1.5, 7, 4, 3])], [given([2, 2, 2])]],
    [(x, w) => core.histogram(x!, 4, { weight: w!, density: true }), [
      given([1, 2, 1.5, 7, 4, 3]),
      uniform([6], 1, 2),
    ]],
    [(x, edges) => core.histogram(x!, edges!), [uniform([5, 7]), given([-1.5, -0.5, 0, 1.25])], [
      given([0, 1, 2, 3, 2.5]),
      given([0, 1, 2.5, 3]),
    ]],
  ),
];

const observed = (x: Tensor): Tensor => x.newEmpty([5], "int32").fill_(1).cumsum(0);

const TOGETHER: readonly OpCase[] = [
  ...casesOf(
    "cov",
    { tolerance: 2e-5 },
    [(x) => core.cov(x!), [uniform([3, 5])], [uniform([6])], [uniform([7, 67])]],
    [(x) => core.cov(x!, { correction: 0 }), [uniform([2, 4])]],
    [(x, w) => core.cov(x!, { aweights: w! }), [uniform([3, 5]), uniform([5], 0.5, 2)]],
    [(x) => core.tidySync(() => core.cov(x!, { fweights: observed(x!) })), [uniform([3, 5])]],
    [
      (x, w) => core.tidySync(() => core.cov(x!, { fweights: observed(x!), aweights: w!, correction: 2 })),
      [uniform([3, 5]), uniform([5], 0.5, 2)],
    ],
  ),
  ...casesOf("cov", discrete, [(x) => core.cov(x!), [integers([3, 5], -4, 4)]]),
  ...casesOf("corrcoef", { tolerance: 2e-5, twice: false }, [
    (x) => core.corrcoef(x!),
    [uniform([3, 5])],
    [uniform([4, 67])],
  ]),
  ...casesOf("corrcoef", { tolerance: 2e-5 }, [
    (x) => core.tidySync(() => core.corrcoef(x!).select(0, 0).select(0, 1)),
    [uniform([3, 5])],
  ]).map((c) => ({ ...c, anyLayout: false })),
];

const NEIGHBORS: readonly OpCase[] = [
  ...casesOf(
    "diff",
    {},
    [(x) => core.diff(x!), [uniform([3, 5])], [uniform([5, 67])], [integers([3, 5], -4, 4)], [
      booleans([2, 7]),
    ], [
      uniform([0]),
    ]],
    [(x) => core.diff(x!, 2, 0), [uniform([5, 3])], [uniform([1, 3])]],
    [(x) => core.diff(x!, 0), [uniform([5])]],
    [
      (x, a, b) => core.diff(x!, 1, 1, { prepend: a!, append: b! }),
      [uniform([2, 3]), uniform([2, 1]), uniform([2, 2])],
    ],
  ),
  ...[
    ["trapezoid", core.trapezoid] as const,
    ["cumulativeTrapezoid", core.cumulativeTrapezoid] as const,
  ].flatMap(([name, op]) =>
    casesOf(
      name,
      { tolerance: 1e-5 },
      [(y) => op(y!), [uniform([3, 5])], [uniform([5, 67])], [uniform([3, 1])]],
      [(y) => op(y!, null, { dx: 0.5, dim: 0 }), [uniform([4, 3])]],
      [(y, x) => op(y!, x!), [uniform([3, 5]), uniform([5])], [uniform([2, 5]), uniform([2, 5])]],
      [(y, x) => op(y!, x!, { dim: 0 }), [uniform([4, 3]), uniform([4])]],
      [(y) => op(y!, null, { dx: 2 }), [integers([3, 5], -9, 9)], [integers([67], 0, 200, "uint8")]],
    )
  ),
  ...casesOf(
    "vander",
    { tolerance: 2e-5, largest: 0 },
    [(x) => core.vander(x!), [uniform([4])], [uniform([1])], [uniform([0])]],
    [(x) => core.vander(x!, { N: 3, increasing: true }), [uniform([5])], [uniform([67])]],
    [(x) => core.vander(x!, { N: 1 }), [uniform([3])]],
    [(x) => core.vander(x!, { N: 0 }), [uniform([3])]],
  ),
  ...casesOf("cumsum", {}, [(x) => core.cumsum(x!, 0), [uniform([3, 4])], [uniform([])]])
    .map((c) => ({ ...c, inPlace: (x: Tensor) => cumsum_(x, 0) })),
  ...casesOf("cumprod", {}, [(x) => core.cumprod(x!, 0), [uniform([3, 4])], [uniform([])]])
    .map((c) => ({ ...c, inPlace: (x: Tensor) => cumprod_(x, 0) })),
];

/** Order statistics, histograms, covariances and differences. */
export const STATISTICS: readonly OpCase[] = [
  ...MEDIANS,
  ...quantiles("quantile", core.quantile),
  ...quantiles("nanquantile", core.nanquantile),
  ...REDUCTIONS,
  ...HISTOGRAMS,
  ...TOGETHER,
  ...NEIGHBORS,
];
