/** Linear algebra. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase, type OpResult } from "../case.ts";
import { given, type Sample, uniform } from "../operand.ts";

// Gradients multiply inverses in float32.
const TOLERANCE = 2e-5;

/** The identity beside `x`. */
const eyeOf = (x: Tensor): Tensor => core.eye(x.size(-1), x.size(-1), { device: x.device, dtype: x.dtype });

/** Far from singular. */
const regular = (x: Tensor): Tensor => x.add(eyeOf(x).mul(2 * x.size(-1)));

const symmetric = (x: Tensor): Tensor => x.add(x.transpose(-2, -1));

/** Symmetric with eigenvalues far from one another. */
const spread = (x: Tensor): Tensor => {
  const n = x.size(-1), steps = core.arange(n, undefined, 1, { device: x.device, dtype: x.dtype });
  return symmetric(x).add(core.diag(steps.mul(8)));
};

/** With singular values far from one another and from 0. */
const graded = (x: Tensor): Tensor => {
  const n = x.size(-1), m = x.size(-2), options = { device: x.device, dtype: x.dtype };
  return x.add(core.eye(m, n, options).mul(core.arange(1, n + 1, 1, options).mul(6)));
};

const positive = (x: Tensor): Tensor => x.matmul(x.transpose(-2, -1)).add(eyeOf(x));

const SQUARES: readonly Sample[] = [
  [uniform([3, 3])],
  [uniform([1, 1])],
  [uniform([2, 2, 2])],
  [uniform([12, 12])],
  [uniform([2, 3, 5, 5])],
  [uniform([0, 3, 3])],
  [uniform([0, 0])],
];
const SOME: readonly Sample[] = [[uniform([3, 3])], [uniform([2, 2, 2])], [uniform([9, 9])]];
const TALL: readonly Sample[] = [[uniform([4, 2])], [uniform([2, 3, 2])], [uniform([3, 3])], [
  uniform([9, 5]),
]];
const WIDE: readonly Sample[] = [[uniform([2, 4])], [uniform([2, 2, 3])], [uniform([5, 9])]];

// Matrices are made regular for small numbers alone.
const SMALL = { largest: 0 } as const;

const squares = (name: string, op: (x: Tensor) => OpResult, samples = SQUARES): OpCase[] =>
  casesOf(name, { ...SMALL, tolerance: TOLERANCE }, [(x) => op(x!), ...samples]);

/** What a decomposition says, whatever its signs. */
const products = (
  name: string,
  ...calls: readonly (readonly [(x: Tensor) => OpResult, readonly Sample[]])[]
) =>
  calls.flatMap(([op, samples]) => casesOf(name, { ...SMALL, tolerance: 4e-5 }, [(x) => op(x!), ...samples]));

const systems = (
  name: string,
  op: (a: Tensor, b: Tensor) => OpResult,
  ...samples: readonly Sample[]
): OpCase[] => casesOf(name, { ...SMALL, tolerance: TOLERANCE }, [(a, b) => op(a!, b!), ...samples]);

const SYSTEMS: readonly Sample[] = [
  [uniform([3, 3]), uniform([3, 2])],
  [uniform([3, 3]), uniform([3])],
  [uniform([2, 2, 2]), uniform([2, 2])],
  [uniform([2, 1, 2, 2]), uniform([3, 2, 1])],
  [uniform([9, 9]), uniform([9, 33])],
];

const { fft } = core;

const fourier = (op: (x: Tensor) => OpResult, ...shapes: readonly (readonly number[])[]): OpCase[] =>
  casesOf("fft", { tolerance: 2e-5 }, [(x) => op(x!), ...shapes.map((shape) => [uniform(shape)])]);

const FOURIER: readonly OpCase[] = [
  ...fourier((x) => fft.fft(x), [4, 2], [2, 5, 2], [1, 2], [0, 3, 2]),
  ...fourier((x) => fft.fft(x, { norm: "ortho" }), [3, 128, 2], [105, 2], [134, 2], [263, 2]),
  ...fourier((x) => fft.ifft(x, { dim: 0, n: 6, norm: "ortho" }), [4, 3, 2], [9, 2]),
  ...fourier((x) => fft.rfft(x, { norm: "forward" }), [6], [2, 5], [3, 72]),
  ...fourier((x) => fft.irfft(x), [4, 2], [2, 37, 2]),
  ...fourier((x) => fft.irfft(x, { n: 7, dim: 0 }), [4, 2, 2]),
  ...fourier((x) => fft.ifft2(fft.fft2(x, { s: [3, 4] })), [3, 3, 2]),
  ...fourier((x) => fft.irfft2(fft.rfft2(x)), [3, 4], [2, 8, 6]),
  ...fourier((x) => fft.mul(fft.rfftn(x), fft.conj(fft.rfftn(x))), [3, 4]),
  ...fourier((x) => fft.abs(x.add(3)), [3, 2]),
  ...fourier((x) => fft.ifftshift(fft.fftshift(x, 0)), [5, 2]),
];

/** Decompositions, equations, norms and products of matrices. */
export const LINALG: readonly OpCase[] = [
  ...squares("inv", (x) => core.inv(regular(x))),
  ...squares("inverse", (x) => regular(x).inverse(), SOME),
  ...squares("det", (x) => core.det(regular(x).div(4)), [[uniform([3, 3])], [uniform([1, 1])], [
    uniform([2, 2, 2]),
  ]]),
  ...squares("det", (x) => regular(x).det(), [[uniform([2, 2])]]),
  // Rank 2 of 3: a gradient, but no second.
  ...casesOf("det", { tolerance: TOLERANCE, twice: false, anyLayout: false }, [
    (x) => core.det(x!),
    [given([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3])],
    [given([1, 2, 2, 4], [2, 2])],
  ]),
  ...squares("slogdet", (x) => core.slogdet(regular(x).neg())),
  ...squares("logdet", (x) => core.logdet(regular(x)), SOME),
  ...systems("solve", (a, b) => core.solve(regular(a), b), ...SYSTEMS),
  ...systems("solve", (a, b) => core.solve(regular(a), b, { left: false }), [
    uniform([3, 3]),
    uniform([2, 3]),
  ]),
  ...[true, false].flatMap((upper) => [
    ...systems("solveTriangular", (a, b) => core.solveTriangular(regular(a), b, { upper }), ...SYSTEMS),
    ...systems(
      "solveTriangular",
      (a, b) => core.solveTriangular(regular(a), b, { upper, left: false, unitriangular: true }),
      [
        uniform([3, 3], -0.5, 0.5),
        uniform([2, 3]),
      ],
    ),
  ]),
  ...squares("cholesky", (x) => core.cholesky(positive(x))),
  ...squares("cholesky", (x) => core.cholesky(positive(x), { upper: true }), SOME),
  ...squares("lu", (x) => core.lu(regular(x)), [...SOME, [uniform([0, 3, 3])]]),
  ...squares("lu", (x) => core.lu(x), [[given([1, 4, 2, 3], [2, 2])]]),
  ...squares("luFactor", (x) => core.luFactor(regular(x)), SOME),
  ...systems(
    "luSolve",
    (a, b) => {
      const { lu, pivots } = core.luFactor(regular(a));
      return core.luSolve(lu, pivots, b);
    },
    [uniform([3, 3]), uniform([3, 2])],
    [uniform([2, 2, 2]), uniform([2, 1])],
  ),
  ...squares("matrixExp", (x) => core.matrixExp(x.div(2)), [[uniform([3, 3])], [uniform([2, 2, 2])], [
    uniform([0, 0]),
  ]]),
  ...products(
    "qr",
    [(x) => core.qr(graded(x)), [...TALL, ...WIDE, [uniform([3, 0])], [uniform([0, 3, 2])]]],
    [(x) => core.qr(graded(x), "complete"), WIDE],
    [(x) => core.qr(graded(x).detach(), "complete"), [[uniform([4, 2])]]],
  ),
  ...products("eigh", [(x) => core.eigh(spread(x)), [...SOME, [uniform([1, 1])], [uniform([0, 2, 2])]]], [
    (x) => core.eigh(spread(x), { uplo: "U" }),
    SOME,
  ]),
  ...products("eigvalsh", [(x) => core.eigvalsh(spread(x)), SOME], [
    (x) => core.eigvalsh(spread(x), { uplo: "U" }),
    SOME,
  ]),
  ...products("svd", [(x) => core.svd(graded(x), { fullMatrices: false }), [...TALL, ...WIDE]], [(x) => {
    const { u, s, vh } = core.svd(graded(x)), k = s.size(-1);
    return { u: u.narrow(-1, 0, k), s, vh: vh.narrow(-2, 0, k) };
  }, [[uniform([4, 2])], [uniform([2, 3])]]], [
    (x) => core.svd(x.detach()),
    [[uniform([5, 3])], [uniform([3, 0])], [uniform([0, 2])]],
  ]),
  ...products("svdvals", [(x) => core.svdvals(graded(x)), [...TALL, ...WIDE, [uniform([2, 0])]]]),
  ...products("pinv", [(x) => core.pinv(graded(x)), [...TALL, ...WIDE, [uniform([2, 0])]]], [
    // Of rank 1, wherever it moves.
    (x) => core.pinv(x.unsqueeze(1).mul(x)),
    [[uniform([3], 1, 2)]],
  ]),
  ...products("pinverse", [(x) => graded(x).pinverse(), [[uniform([3, 2])]]]),
  ...systems(
    "lstsq",
    (a, b) => core.lstsq(graded(a), b),
    [uniform([4, 2]), uniform([4, 3])],
    [uniform([4, 2]), uniform([4])],
    [uniform([2, 3]), uniform([2, 1])],
    [uniform([2, 4, 2]), uniform([4, 1])],
  ),
  ...casesOf("matrixRank", { differentiable: false }, [
    (x) => core.matrixRank(x!),
    [given([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3])],
    [uniform([2, 4, 3])],
    [given([0, 0, 0, 0], [2, 2])],
  ]),
  ...(["fro", "nuc", 1, -1, 2, -2, Infinity, -Infinity] as const).flatMap((ord) =>
    products(
      "matrixNorm",
      [(x) => core.matrixNorm(x, ord), [[uniform([3, 2])], [uniform([2, 2, 3])]]],
      [(x) => core.matrixNorm(x, ord, [0, 2], { keepdim: true }), [[uniform([2, 2, 2])]]],
      // Repeated rows leave one singular value, whose vectors alone can be differentiated.
    ).map((one) => ({ ...one, anyLayout: false }))
  ),
  ...casesOf("vectorNorm", { tolerance: 1e-5 }, [(x) => core.vectorNorm(x!, 3, 1), [uniform([3, 4])]]),
  ...products("cond", [(x) => core.cond(graded(x)), TALL], [(x) => core.cond(graded(x), -2), WIDE], [
    (x) => core.cond(regular(x), 1),
    SOME,
  ]),
  ...casesOf("cross", {}, [(a, b) => core.cross(a!, b!), [uniform([2, 3]), uniform([1, 3])], [
    uniform([3]),
    uniform([3]),
  ]], [(a, b) => a!.cross(b!, 0), [uniform([3, 4]), uniform([3, 4])]]),
  ...casesOf("kron", {}, [
    (a, b) => core.kron(a!, b!),
    [uniform([2, 3]), uniform([3, 2])],
    [uniform([2]), uniform([2, 2, 1])],
    [uniform([]), uniform([2, 2])],
  ]),
  ...[0, 1, 2, 5, -1, -3].flatMap((n) =>
    squares("matrixPower", (x) => core.matrixPower(regular(x).div(4), n), SOME)
  ),
  ...FOURIER,
];
