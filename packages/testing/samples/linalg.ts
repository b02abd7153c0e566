/** Linear algebra. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { casesOf, type OpCase, type OpResult, prepared, type PreparedCall } from "../case.ts";
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

/** An op whose first operand is to be made by `make`. */
const of = (make: (x: Tensor) => Tensor, op: (x: Tensor, ...rest: Tensor[]) => OpResult): PreparedCall =>
  prepared((x, ...rest) => [make(x!), ...rest], op);

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
// Decompositions are of float32 and float64 alone, as in PyTorch.
const SMALL = { largest: 0, halves: false } as const;

const squares = (name: string, op: (x: Tensor) => OpResult, samples = SQUARES): OpCase[] =>
  casesOf(name, { ...SMALL, tolerance: TOLERANCE }, [op, ...samples]);

/** What a decomposition says, whatever its signs. */
const products = (
  name: string,
  ...calls: readonly (readonly [(x: Tensor) => OpResult, readonly Sample[]])[]
) => calls.flatMap(([op, samples]) => casesOf(name, { ...SMALL, tolerance: 4e-5 }, [op, ...samples]));

const systems = (
  name: string,
  op: (a: Tensor, b: Tensor) => OpResult,
  ...samples: readonly Sample[]
): OpCase[] => casesOf(name, { ...SMALL, tolerance: TOLERANCE }, [op, ...samples]);

const SYSTEMS: readonly Sample[] = [
  [uniform([3, 3]), uniform([3, 2])],
  [uniform([3, 3]), uniform([3])],
  [uniform([2, 2, 2]), uniform([2, 2])],
  [uniform([2, 1, 2, 2]), uniform([3, 2, 1])],
  [uniform([9, 9]), uniform([9, 33])],
];

const { fft } = core;

const fourier = (op: (x: Tensor) => OpResult, ...shapes: readonly (readonly number[])[]): OpCase[] =>
  casesOf("fft", { tolerance: 2e-5, halves: false }, [op, ...shapes.map((shape) => [uniform(shape)])]);

const FOURIER: readonly OpCase[] = [
  ...fourier((x) => fft.fft(x), [4, 2], [2, 5, 2], [1, 2], [0, 3, 2]),
  ...fourier((x) => fft.fft(x, { norm: "ortho" }), [3, 128, 2], [105, 2], [134, 2], [263, 2]),
  ...fourier((x) => fft.ifft(x, { dim: 0, n: 6, norm: "ortho" }), [4, 3, 2], [9, 2]),
  ...fourier((x) => fft.rfft(x, { norm: "forward" }), [6], [2, 5], [3, 72]),
  ...fourier((x) => fft.irfft(x), [4, 2], [2, 37, 2]),
  ...fourier((x) => fft.irfft(x, { n: 7, dim: 0 }), [4, 2, 2]),
  ...fourier(of((x) => fft.fft2(x, { s: [3, 4] }), (x) => fft.ifft2(x)), [3, 3, 2]),
  ...fourier((x) => fft.fft2(x, { s: [3, 4] }), [3, 3, 2]),
  ...fourier(of((x) => fft.rfft2(x), (x) => fft.irfft2(x)), [3, 4], [2, 8, 6]),
  ...fourier(prepared((x) => [fft.rfftn(x!), fft.conj(fft.rfftn(x!))], fft.mul), [3, 4]),
  ...fourier((x) => fft.rfft2(x), [3, 4]),
  ...fourier((x) => fft.rfftn(x), [3, 4]),
  ...fourier((x) => fft.conj(x), [3, 2]),
  ...fourier(of((x) => x.add(3), fft.abs), [3, 2]),
  ...fourier(of((x) => fft.fftshift(x, 0), (x) => fft.ifftshift(x)), [5, 2]),
  ...fourier((x) => fft.fftshift(x, 0), [5, 2]),
];

/** Decompositions, equations, norms and products of matrices. */
export const LINALG: readonly OpCase[] = [
  ...squares("inv", of(regular, core.inv)),
  ...squares("inverse", of(regular, (x) => x.inverse()), SOME),
  ...squares("det", of((x) => regular(x).div(4), core.det), [[uniform([3, 3])], [uniform([1, 1])], [
    uniform([2, 2, 2]),
  ]]),
  ...squares("det", of(regular, (x) => x.det()), [[uniform([2, 2])]]),
  // Rank 2 of 3: a gradient, but no second.
  ...casesOf("det", { tolerance: TOLERANCE, twice: false, anyLayout: false, halves: false }, [
    (x) => core.det(x!),
    [given([1, 2, 3, 4, 5, 6, 7, 8, 9], [3, 3])],
    [given([1, 2, 2, 4], [2, 2])],
  ]),
  ...squares("slogdet", of((x) => regular(x).neg(), core.slogdet)),
  ...squares("logdet", of(regular, core.logdet), SOME),
  ...systems("solve", of(regular, (a, b) => core.solve(a, b!)), ...SYSTEMS),
  ...systems("solve", of(regular, (a, b) => core.solve(a, b!, { left: false })), [
    uniform([3, 3]),
    uniform([2, 3]),
  ]),
  ...[true, false].flatMap((upper) => [
    ...systems("solveTriangular", of(regular, (a, b) => core.solveTriangular(a, b!, { upper })), ...SYSTEMS),
    ...systems(
      "solveTriangular",
      of(regular, (a, b) => core.solveTriangular(a, b!, { upper, left: false, unitriangular: true })),
      [
        uniform([3, 3], -0.5, 0.5),
        uniform([2, 3]),
      ],
    ),
  ]),
  ...squares("cholesky", of(positive, (x) => core.cholesky(x))),
  ...squares("cholesky", of(positive, (x) => core.cholesky(x, { upper: true })), SOME),
  ...squares("lu", of(regular, core.lu), [...SOME, [uniform([0, 3, 3])], [uniform([2, 0, 0])]]),
  ...squares("lu", (x) => core.lu(x), [[given([1, 4, 2, 3], [2, 2])]]),
  ...squares("luFactor", of(regular, core.luFactor), SOME),
  ...systems(
    "luSolve",
    prepared((a, b) => {
      const { lu, pivots } = core.luFactor(regular(a!));
      return [lu, pivots, b!];
    }, core.luSolve),
    [uniform([3, 3]), uniform([3, 2])],
    [uniform([2, 2, 2]), uniform([2, 1])],
  ),
  ...squares("matrixExp", of((x) => x.div(2), core.matrixExp), [[uniform([3, 3])], [uniform([2, 2, 2])], [
    uniform([0, 0]),
  ]]),
  ...products(
    "qr",
    [of(graded, (x) => core.qr(x)), [...TALL, ...WIDE, [uniform([3, 0])], [uniform([0, 3, 2])]]],
    [of(graded, (x) => core.qr(x, "complete")), WIDE],
    [of((x) => graded(x).detach(), (x) => core.qr(x, "complete")), [[uniform([4, 2])]]],
  ),
  ...products("eigh", [of(spread, (x) => core.eigh(x)), [...SOME, [uniform([1, 1])], [uniform([0, 2, 2])]]], [
    of(spread, (x) => core.eigh(x, { uplo: "U" })),
    SOME,
  ]),
  ...products("eigvalsh", [of(spread, (x) => core.eigvalsh(x)), SOME], [
    of(spread, (x) => core.eigvalsh(x, { uplo: "U" })),
    SOME,
  ]),
  ...products("svd", [of(graded, (x) => core.svd(x, { fullMatrices: false })), [...TALL, ...WIDE]], [
    of(graded, (x) =>
      core.tidySync(() => {
        const { u, s, vh } = core.svd(x), k = s.size(-1);
        return { u: u.narrow(-1, 0, k), s, vh: vh.narrow(-2, 0, k) };
      })),
    [[uniform([4, 2])], [uniform([2, 3])]],
  ], [
    of((x) => x.detach(), (x) => core.svd(x)),
    [[uniform([5, 3])], [uniform([3, 0])], [uniform([0, 2])]],
  ]),
  ...products("svdvals", [of(graded, core.svdvals), [...TALL, ...WIDE, [uniform([2, 0])]]]),
  ...products("pinv", [of(graded, (x) => core.pinv(x)), [...TALL, ...WIDE, [uniform([2, 0])]]], [
    // Of rank 1, wherever it moves.
    of((x) => x.unsqueeze(1).mul(x), (x) => core.pinv(x)),
    [[uniform([3], 1, 2)]],
  ]),
  ...products("pinverse", [of(graded, (x) => x.pinverse()), [[uniform([3, 2])]]]),
  ...systems(
    "lstsq",
    of(graded, (a, b) => core.lstsq(a, b!)),
    [uniform([4, 2]), uniform([4, 3])],
    [uniform([4, 2]), uniform([4])],
    [uniform([2, 3]), uniform([2, 1])],
    [uniform([2, 4, 2]), uniform([4, 1])],
  ),
  ...casesOf("matrixRank", { differentiable: false, halves: false }, [
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
  ...products("cond", [of(graded, (x) => core.cond(x)), TALL], [of(graded, (x) => core.cond(x, -2)), WIDE], [
    of(regular, (x) => core.cond(x, 1)),
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
    squares("matrixPower", of((x) => regular(x).div(4), (x) => core.matrixPower(x, n)), SOME)
  ),
  ...FOURIER,
];
