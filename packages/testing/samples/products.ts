/** Products with sums, chains of products, contractions, distances of points. */
import { sizeOf } from "@troodon/core/kernel";
import * as core from "@troodon/core";
import type { AddmmOptions, Tensor } from "@troodon/core";
import { casesOf, type OpCase, prepared } from "../case.ts";
import { given, type Sample, uniform } from "../operand.ts";

const TOLERANCE = 1e-5;
const near = { tolerance: TOLERANCE } as const;

const shapes = (...list: readonly (readonly number[])[]): Sample => list.map((shape) => uniform(shape));

type Sum = (x: Tensor, a: Tensor, b: Tensor, options?: AddmmOptions) => Tensor;

/** A product with a sum, with factors and without, and in place. */
const sums = (
  name: string,
  op: Sum,
  inPlace: Sum,
  whole: Sample,
  ...samples: readonly Sample[]
): OpCase[] => [
  ...casesOf(
    name,
    near,
    [(x, a, b) => op(x!, a!, b!), whole, ...samples],
    [(x, a, b) => op(x!, a!, b!, { beta: 0.5, alpha: -2 }), whole, ...samples],
    // NaN that is not read.
    [
      (x, a, b) => op(x!, a!, b!, { beta: 0 }),
      [given(new Array(sizeOf(whole[0]!.shape)).fill(NaN), whole[0]!.shape), ...whole.slice(1)],
    ],
  ),
  ...casesOf(name, near, [(x, a, b) => op(x!, a!, b!, { beta: 2 }), whole]).map((one) => ({
    ...one,
    inPlace: (x: Tensor, a: Tensor, b: Tensor) => inPlace(x, a, b, { beta: 2 }),
  })),
];

const SUMS: readonly OpCase[] = [
  ...sums("addmm", core.addmm, core.addmm_, shapes([2, 4], [2, 3], [3, 4]), shapes([4], [2, 3], [3, 4])),
  ...sums(
    "baddbmm",
    core.baddbmm,
    core.baddbmm_,
    shapes([2, 2, 3], [2, 2, 2], [2, 2, 3]),
    shapes([3], [2, 2, 2], [2, 2, 3]),
    shapes([17, 33], [3, 17, 9], [3, 9, 33]),
  ),
  ...sums(
    "addbmm",
    core.addbmm,
    core.addbmm_,
    shapes([2, 3], [2, 2, 2], [2, 2, 3]),
    shapes([3], [2, 2, 2], [2, 2, 3]),
    shapes([17, 33], [3, 17, 9], [3, 9, 33]),
  ),
  ...sums("addmv", core.addmv, core.addmv_, shapes([2], [2, 3], [3]), shapes([], [17, 33], [33])),
  ...sums("addr", core.addr, core.addr_, shapes([2, 3], [2], [3]), shapes([33], [17], [33])),
];

const CHAINS: readonly OpCase[] = [
  ...casesOf(
    "chainMatmul",
    near,
    [
      (...matrices) => core.chainMatmul(...matrices),
      shapes([2, 3]),
      shapes([2, 3], [3, 1], [1, 4]),
      shapes([1, 4], [4, 3], [3, 2], [2, 5]),
    ],
  ),
  ...casesOf(
    "multiDot",
    near,
    [
      (...tensors) => core.multiDot(tensors),
      shapes([2, 3], [3, 2]),
      shapes([2], [2, 3], [3]),
      shapes([3], [3, 2]),
    ],
  ),
  ...casesOf(
    "tensordot",
    near,
    [(a, b) => core.tensordot(a!, b!), shapes([2, 3, 2], [3, 2, 4]), shapes([5, 9, 7], [9, 7, 33])],
    [(a, b) => core.tensordot(a!, b!, 0), shapes([2], [3])],
    [(a, b) => core.tensordot(a!, b!, [[0, -1], [1, 0]]), shapes([2, 3, 4], [4, 2])],
    [
      (a, b) => core.tensordot(a!, b!),
      shapes([2, 1, 3], [4, 1, 2]),
      shapes([1, 2], [2, 1]),
      shapes([0, 2], [1, 2]),
    ],
  ),
  ...casesOf("inner", near, [
    (a, b) => core.inner(a!, b!),
    shapes([3], [3]),
    shapes([2, 3], [4, 3]),
    shapes([], [2, 2]),
    shapes([5, 65], [3, 9, 65]),
  ]),
  ...casesOf("vecdot", near, [(a, b) => core.vecdot(a!, b!), shapes([2, 3], [3]), shapes([7, 65], [7, 65])], [
    (a, b) => core.vecdot(a!, b!, { dim: 0 }),
    shapes([3, 2], [3, 1]),
  ]),
];

const ORDERS = [1, 2, 3, Infinity] as const;

const DISTANCES: readonly OpCase[] = [
  ...ORDERS.flatMap((p) => [
    ...casesOf("dist", near, [(a, b) => core.dist(a!, b!, p), shapes([2, 3], [3]), shapes([7, 33], [7, 33])]),
    ...casesOf("pdist", { ...near, anyLayout: false }, [
      (x) => core.pdist(x!, p),
      shapes([4, 3]),
      shapes([1, 3]),
      shapes([9, 17]),
    ]),
    ...casesOf("renorm", near, [(x) => core.renorm(x!, p, 1, 1.5), shapes([3, 4]), shapes([2, 3, 2])])
      .map((one) => ({ ...one, inPlace: (x: Tensor) => core.renorm_(x, p, 1, 1.5) })),
  ]),
];

const triangle = (x: Tensor, upper: boolean): Tensor => {
  const part = upper ? x.triu() : x.tril(), n = x.size(-1);
  return part.add(core.eye(n, n, { device: x.device, dtype: x.dtype }).mul(4));
};

// The gradient of a factor is that of all of it, of which one triangle is read: what follows here comes from a triangle.
const FACTORS: readonly OpCase[] = [false, true].flatMap((upper) => [
  ...casesOf("choleskySolve", { ...near, largest: 0, halves: false }, [
    prepared((b, x) => [b!, triangle(x!, upper)], (b, factor) => core.choleskySolve(b!, factor!, { upper })),
    shapes([3, 2], [3, 3]),
    shapes([2, 1], [2, 2, 2]),
    shapes([9, 17], [9, 9]),
  ]),
  ...casesOf("choleskyInverse", { ...near, largest: 0, halves: false }, [
    prepared((x) => [triangle(x!, upper)], (factor) => core.choleskyInverse(factor!, { upper })),
    shapes([3, 3]),
    shapes([2, 2, 2]),
    shapes([0, 2, 2]),
  ]),
]);

/** Far from dependent rows or columns, in whatever order. */
const graded = (x: Tensor): Tensor => {
  const n = x.size(-1), m = x.size(-2), options = { device: x.device, dtype: x.dtype };
  return x.add(core.eye(m, n, options).mul(core.arange(1, n + 1, 1, options).mul(6))).flip([-1]);
};

const RECTANGLES: readonly Sample[] = [shapes([4, 2]), shapes([2, 3]), shapes([2, 3, 2]), shapes([5, 9])];

const FACTORIZED: readonly OpCase[] = ([["lu", core.lu], ["luFactor", core.luFactor]] as const).flatMap((
  [name, op],
) =>
  casesOf(name, { tolerance: 4e-5, largest: 0, halves: false }, [
    prepared((x) => [graded(x!)], (x) => op(x!)),
    ...RECTANGLES,
  ])
);

const UNPACKED: readonly OpCase[] = casesOf("luUnpack", { ...near, largest: 0, halves: false }, [
  prepared(
    (x) => Object.values(core.luFactor(graded(x!))) as Tensor[],
    (lu, pivots) => core.luUnpack(lu!, pivots!),
  ),
  shapes([3, 3]),
  ...RECTANGLES,
]);

/** Products with sums, chains of products, contractions, distances of points, systems of triangles. */
export const PRODUCTS: readonly OpCase[] = [
  ...SUMS,
  ...CHAINS,
  ...DISTANCES,
  ...FACTORS,
  ...FACTORIZED,
  ...UNPACKED,
];
