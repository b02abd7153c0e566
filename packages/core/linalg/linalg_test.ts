import { cross as lastCross } from "./mod.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  arange,
  cholesky,
  cond,
  cross,
  det,
  Device,
  eigh,
  eye,
  fromTypedArray,
  Generator,
  inv,
  linalg,
  lstsq,
  lu,
  luFactor,
  luSolve,
  luUnpack,
  matrixExp,
  matrixNorm,
  matrixPower,
  matrixRank,
  pinv,
  qr,
  ReferenceBackend,
  Scope,
  type Shape,
  slogdet,
  solve,
  solveTriangular,
  svd,
  svdvals,
  type Tensor,
  tensor,
  zeros,
} from "../mod.ts";
import { sizeOf } from "../kernel.ts";

const device = new Device(new ReferenceBackend());
const float64 = { device, dtype: "float64" } as const;
const mT = (x: Tensor): Tensor => x.transpose(-2, -1);

function random(shape: Shape, seed = 1): Tensor {
  const generator = new Generator(seed);
  return fromTypedArray(Float64Array.from({ length: sizeOf(shape) }, () => generator.normal()), shape, {
    device,
  });
}

function assertClose(a: Tensor, b: Tensor, atol = 1e-12): void {
  assertEquals(a.shape, b.shape);
  const largest = a.numel() === 0 ? 0 : a.sub(b).abs().amax().item();
  assert(largest <= atol, `off by ${largest}`);
}

const identity = (n: number): Tensor => eye(n, n, float64);

Deno.test("linalg holds the functions that core exports", () => {
  assertEquals(linalg.inv, inv);
  assertEquals(linalg.svd, svd);
});

Deno.test("inv() and solve() name the matrix that is singular", () => {
  const x = tensor([[[1, 0], [0, 1]], [[2, 1], [1, 2]], [[1, 2], [2, 4]]], float64);
  assertThrows(() => inv(x), RangeError, "Cannot apply inv() as matrix 2 of the batch is singular");
  assertThrows(() => inv(x.at(2)), RangeError, "Cannot apply inv() as the matrix is singular");
  assertThrows(
    () => solve(x.unsqueeze(0), x),
    RangeError,
    "solve() as matrix [0, 2] of the batch is singular",
  );
  assertThrows(() => inv(zeros([2, 3], float64)), RangeError, "must be square: current shape is [2, 3]");
  assertThrows(() => inv(zeros([2], float64)), RangeError, "matrices [..., m, n]: current shape is [2]");
  assertThrows(() => inv(zeros([2, 2], { device, dtype: "int32" })), TypeError, "current dtype is int32");
  assertThrows(() => solve(x, zeros([3, 1], float64)), RangeError, "shapes are [3, 2, 2] and [3, 3, 1]");
  assertThrows(() => solve(x, zeros([2, 1], { device })), TypeError, "float64 and float32");
});

Deno.test("inv() frees its result when it fails", () => {
  using _ = new Scope();
  const own = new Device(new ReferenceBackend()),
    x = zeros([2, 2], { device: own }),
    { buffers } = own.memory;
  assertThrows(() => inv(x), RangeError);
  assertEquals(own.memory.buffers, buffers);
});

Deno.test("inv() is a clear error on a device that cannot wait", () => {
  const backend = new ReferenceBackend();
  Object.defineProperty(backend, "readSync", { value: undefined });
  const x = zeros([2, 2], { device: new Device(backend) });
  assertThrows(
    () => inv(x),
    TypeError,
    "Cannot apply inv() as it is calculated on the host and reference cannot wait",
  );
});

Deno.test("inv() pivots", () => {
  assertEquals(inv(tensor([[0, 2], [1, 0]], float64)).tolist(), [[0, 1], [0.5, 0]]);
  const x = random([30, 30]);
  assertClose(x.matmul(inv(x)), identity(30), 1e-11);
});

Deno.test("solve() broadcasts batches and takes vectors", () => {
  const a = random([2, 1, 3, 3]), b = random([4, 3, 2], 2), x = solve(a, b);
  assertEquals(x.shape, [2, 4, 3, 2]);
  assertClose(a.matmul(x), b.expand([2, 4, 3, 2]));
  const v = random([2, 1, 3], 3);
  assertClose(a.matmul(solve(a, v).unsqueeze(-1)).squeeze(-1), v);
  const row = random([3], 4), left = solve(a.at(0, 0), row, { left: false });
  assertClose(left.matmul(a.at(0, 0)), row);
});

Deno.test("solveTriangular() reads one triangle", () => {
  const a = tensor([[2, 7], [1, 4]], float64), b = tensor([2, 8], float64);
  assertEquals(solveTriangular(a, b, { upper: false }).tolist(), [1, 1.75]);
  assertEquals(solveTriangular(a, b, { upper: true }).tolist(), [-6, 2]);
  assertEquals(solveTriangular(a, b, { upper: false, unitriangular: true }).tolist(), [2, 6]);
});

Deno.test("det() and slogdet() know signs, nothing and what overflows", () => {
  assertEquals(det(tensor([[0, 1], [1, 0]], float64)).item(), -1);
  assertEquals(det(tensor([[1, 2], [2, 4]], float64)).item(), 0);
  assertEquals(det(zeros([0, 0], float64)).item(), 1);
  const { sign, logabsdet } = slogdet(identity(200).mul(-100));
  assertEquals([sign.item(), Math.round(logabsdet.item() * 1e6)], [1, Math.round(200 * Math.log(100) * 1e6)]);
  const singular = slogdet(zeros([2, 2], float64));
  assertEquals([singular.sign.item(), singular.logabsdet.item()], [0, -Infinity]);
  assertEquals(tensor([[0, 1], [1, 0]], float64).logdet().item(), NaN);
  assertEquals(zeros([2, 2], float64).logdet().item(), -Infinity);
});

Deno.test("cholesky() names the matrix that is not positive definite", () => {
  const x = tensor([[[4, 9], [2, 10]], [[1, 0], [2, 1]]], float64);
  assertEquals(cholesky(x.at(0)).tolist(), [[2, 0], [1, 3]]);
  assertEquals(cholesky(x.at(0), { upper: true }).tolist(), [[2, 1], [0, 3]]);
  assertThrows(() => cholesky(x), RangeError, "cholesky() as matrix 1 of the batch is not positive definite");
});

Deno.test("lu() gives factors whose product is the matrix", () => {
  for (const shape of [[2, 5, 3], [3, 5], [2, 0]]) {
    const x = random(shape), { p, l, u } = lu(x), m = shape.at(-2)!, n = shape.at(-1)!, k = Math.min(m, n);
    assertEquals([p, l, u].map((t) => t.shape.slice(-2)), [[m, m], [m, k], [k, n]]);
    assert(p.matmul(l).matmul(u).allclose(x));
    const factors = luFactor(x), unpacked = luUnpack(factors.lu, factors.pivots);
    assertEquals(factors.pivots.shape, [...shape.slice(0, -2), k]);
    assertEquals(Object.values(unpacked).map((t) => t.tolist()), [p, l, u].map((t) => t.tolist()));
  }
  const x = random([2, 6, 6]), { p, l, u } = lu(x);
  assertClose(p.matmul(l).matmul(u), x);
  assertClose(u, u.triu());
  assertEquals(luFactor(tensor([[1, 2], [4, 3]], float64)).pivots.tolist(), [2, 2]);
});

Deno.test("qr() has LAPACK's signs", () => {
  const { q, r } = qr(tensor([[3, 1], [4, 2]], float64));
  assertClose(q, tensor([[-0.6, -0.8], [-0.8, 0.6]], float64));
  assertClose(r, tensor([[-5, -2.2], [0, 0.4]], float64));
  assertEquals(qr(tensor([[2, 1], [0, -3]], float64)).r.tolist(), [[2, 1], [0, -3]]);
});

Deno.test("qr() gives orthonormal columns of any shape", () => {
  for (const [m, n] of [[7, 4], [4, 7], [20, 20], [3, 0], [0, 2]] as const) {
    for (const mode of ["reduced", "complete"] as const) {
      const x = random([m, n]), { q, r } = qr(x, mode), k = mode === "complete" ? m : Math.min(m, n);
      assertEquals([q.shape, r.shape], [[m, k], [k, n]]);
      assertClose(q.matmul(r), x);
      assertClose(mT(q).matmul(q), identity(k));
      assertClose(r, r.triu());
    }
  }
});

Deno.test("eigh() gives orthonormal eigenvectors in order", () => {
  for (const n of [1, 2, 3, 10, 40]) {
    const x = random([n, n]), a = x.add(mT(x)), { eigenvalues, eigenvectors: v } = eigh(a);
    assertClose(v.mul(eigenvalues).matmul(mT(v)), a, 1e-11);
    assertClose(mT(v).matmul(v), identity(n), 1e-11);
    assertClose(eigenvalues, eigenvalues.sort().values);
    assertClose(linalg.eigvalsh(a), eigenvalues, 1e-11);
    assertClose(linalg.eigvalsh(a.triu(), { uplo: "U" }), eigenvalues, 1e-11);
  }
  // Equal eigenvalues, and zeros.
  assertClose(eigh(identity(5)).eigenvalues, identity(5).diagonal());
  assertClose(eigh(zeros([3, 3], float64)).eigenvectors.abs(), identity(3));
  assertThrows(
    () => eigh(tensor([[NaN]], float64)),
    RangeError,
    "the matrix has elements that are not finite",
  );
});

Deno.test("svd() rebuilds matrices of any shape and rank", () => {
  const low = random([7, 2]).matmul(random([2, 5], 2));
  const shapes: Shape[] = [[4, 4], [7, 3], [3, 7], [1, 5], [30, 20], [3, 0], [0, 2]];
  for (const x of [...shapes.map((shape) => random(shape)), low, mT(low), zeros([3, 2], float64)]) {
    const [m, n] = x.shape as [number, number], k = Math.min(m, n);
    for (const fullMatrices of [true, false]) {
      const { u, s, vh } = svd(x, { fullMatrices });
      assertEquals(
        [u.shape, s.shape, vh.shape],
        fullMatrices ? [[m, m], [k], [n, n]] : [[m, k], [k], [k, n]],
      );
      assertClose(u.narrow(1, 0, k).mul(s).matmul(vh.narrow(0, 0, k)), x);
      assertClose(mT(u).matmul(u), identity(u.size(1)));
      assertClose(vh.matmul(mT(vh)), identity(vh.size(0)));
      assertClose(s, s.sort(-1, { descending: true }).values);
      assertClose(svdvals(x), s);
    }
  }
});

Deno.test("svd() keeps very large and very small matrices", () => {
  for (const scale of [1e200, 1e-200]) {
    const x = random([5, 3]), s = svdvals(x.mul(scale));
    assertClose(s.div(scale), svdvals(x));
  }
  // Hilbert's matrix: values down to 1e-13 of the largest.
  const i = arange(0, 10, 1, float64), hilbert = i.unsqueeze(1).add(i).add(1).reciprocal();
  const least = svdvals(hilbert).at(-1).item();
  assert(Math.abs(least - 1.0931538193e-13) < 1e-16, `the smallest is ${least}`);
});

Deno.test("pinv() fulfils Penrose's equations at every rank", () => {
  for (
    const x of [random([5, 3]), random([3, 5]), random([5, 2]).matmul(random([2, 4])), zeros([2, 3], float64)]
  ) {
    const y = pinv(x), xy = x.matmul(y), yx = y.matmul(x);
    assertClose(xy.matmul(x), x);
    assertClose(yx.matmul(y), y);
    assertClose(mT(xy), xy);
    assertClose(mT(yx), yx);
  }
  assertEquals(pinv(tensor([[4, 0], [0, 0.1]], float64), { atol: 1 }).tolist(), [[0.25, 0], [0, 0]]);
});

Deno.test("matrixRank() counts what is not rounding", () => {
  const x = random([5, 2]).matmul(random([2, 4]));
  assertEquals([matrixRank(x).item(), matrixRank(x.to("float32")).item()], [2, 2]);
  assertEquals(matrixRank(identity(3).unsqueeze(0)).tolist(), [3]);
});

Deno.test("lstsq() finds the smallest of the best", () => {
  const a = random([6, 3]), b = random([6, 2]), { solution, residuals, rank, singularValues } = lstsq(a, b);
  const gap = a.matmul(solution).sub(b);
  assertClose(mT(a).matmul(gap), zeros([3, 2], float64));
  assertClose(residuals, gap.square().sum(0));
  assertEquals([rank.item(), singularValues.shape], [3, [3]]);
  assertClose(lstsq(tensor([[1, 1]], float64), tensor([2], float64)).solution, tensor([1, 1], float64));
});

Deno.test("matrixNorm() refuses what is no norm", () => {
  const x = tensor([[3, 0], [0, -4]], float64);
  assertEquals([2, -2, Infinity, -1].map((p) => Math.round(matrixNorm(x, p).item())), [4, 3, 4, 3]);
  assertThrows(() => matrixNorm(x, 3), RangeError, "current order is 3");
  assertThrows(() => matrixNorm(x, "fro", [0, -2]), RangeError, "dims [0, -2]");
  assertEquals([cond(x).item(), cond(x, 1).item()].map((c) => c.toFixed(6)), ["1.333333", "1.333333"]);
});

Deno.test("matrixPower() multiplies", () => {
  const x = tensor([[1, 1], [0, 1]], float64);
  assertEquals([7, 0, -3].map((n) => matrixPower(x, n).tolist()), [[[1, 7], [0, 1]], [[1, 0], [0, 1]], [[
    1,
    -3,
  ], [0, 1]]]);
  assertThrows(() => matrixPower(x, 0.5), RangeError, "current power is 0.5");
});

Deno.test("luSolve() uses what luFactor() made", () => {
  const a = random([2, 5, 5]), b = random([5, 3], 2), { lu, pivots } = luFactor(a);
  assertClose(a.matmul(luSolve(lu, pivots, b)), b.expand([2, 5, 3]), 1e-11);
  assertThrows(() => luSolve(lu, pivots.at(0), b), RangeError, "must be int32 of shape [2, 5]");
});

Deno.test("matrixExp() of small, large and nilpotent matrices", () => {
  assertEquals(matrixExp(zeros([2, 2], float64)).tolist(), [[1, 0], [0, 1]]);
  assertClose(matrixExp(tensor([[0, 3], [0, 0]], float64)), tensor([[1, 3], [0, 1]], float64));
  const x = random([6, 6]), { eigenvalues, eigenvectors: v } = eigh(x.add(mT(x)).mul(3));
  const wanted = v.mul(eigenvalues.exp()).matmul(mT(v)), scale = wanted.abs().amax();
  assertClose(matrixExp(x.add(mT(x)).mul(3)).div(scale), wanted.div(scale));
  const turn = tensor([[0, -40], [40, 0]], float64);
  assertClose(
    matrixExp(turn),
    tensor([[Math.cos(40), -Math.sin(40)], [Math.sin(40), Math.cos(40)]], float64),
  );
  assertThrows(() => matrixExp(tensor([[Infinity]], float64)), RangeError, "not finite");
});

Deno.test("cross() is taken along the first axis of extent 3 where none is named, and that of linalg along the last", () => {
  const a = tensor([[1, 0, 0], [0, 1, 0], [0, 0, 0]], { device }), b = a.roll([1], [0]);
  assertEquals(cross(a, b).tolist(), cross(a, b, 0).tolist());
  assertEquals(a.cross(b).tolist(), cross(a, b, 0).tolist());
  assertEquals(lastCross(a, b).tolist(), [[0, 0, 0], [0, 0, -1], [0, 0, 0]]);
});
