/** Orders of matrix norms and condition numbers. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, linalg, luUnpack, ReferenceBackend, tensor, zeros } from "../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[3, -1], [0, 2]], { device, dtype: "float64" });

const assertNear = (actual: number, expected: number): void =>
  assert(Math.abs(actual - expected) < 1e-12, `${actual} is not ${expected}`);

Deno.test("matrixNorm() has an order for each norm, and the Frobenius norm where nothing is said", () => {
  // A' A = [[9, -3], [-3, 5]], whose eigenvalues are 7 + sqrt 13 and 7 - sqrt 13.
  const [large, small] = [Math.sqrt(7 + Math.sqrt(13)), Math.sqrt(7 - Math.sqrt(13))];
  const norms = [
    ["fro", Math.sqrt(14)],
    ["nuc", large + small],
    [2, large],
    [-2, small],
    [1, 3],
    [-1, 3],
    [Infinity, 4],
    [-Infinity, 2],
  ] as const;
  for (const [ord, expected] of norms) assertNear(linalg.matrixNorm(x, ord).item(), expected);
  const plain = linalg.matrixNorm(x);
  assertNear(plain.item(), Math.sqrt(14));
  assertEquals(plain.shape, []);
  assertEquals(linalg.matrixNorm(x, "fro", undefined, { keepdim: true }).shape, [1, 1]);
});

Deno.test("cond() is the product of the norms of a matrix and its inverse", () => {
  const [large, small] = [Math.sqrt(7 + Math.sqrt(13)), Math.sqrt(7 - Math.sqrt(13))];
  assertNear(linalg.cond(x).item(), large / small);
  assertNear(linalg.cond(x, -2).item(), small / large);
  // The inverse is [[1, 0.5], [0, 1.5]] / 3.
  assertNear(linalg.cond(x, 1).item(), 3 * 2 / 3);
  assertNear(linalg.cond(x, Infinity).item(), 4 * 1.5 / 3);
});

Deno.test("matrixNorm() and cond() of matrices without elements are 0", () => {
  for (const shape of [[0, 0], [2, 0, 0], [2, 0, 3], [3, 0]]) {
    const none = zeros(shape, { device }), wanted = shape.length === 2 ? 0 : [0, 0];
    for (const ord of ["fro", "nuc", 1, 2, Infinity] as const) {
      assertEquals(linalg.matrixNorm(none, ord).tolist(), wanted);
    }
    for (const p of [1, -1, 2, -2, Infinity, -Infinity] as const) {
      assertEquals(linalg.cond(none, p).tolist(), wanted);
    }
  }
  const none = zeros([0, 0], { device });
  for (const ord of [-1, -2, -Infinity] as const) {
    assertThrows(() => linalg.matrixNorm(none, ord), RangeError, "there must be an element to take");
  }
  assertThrows(() => linalg.cond(zeros([0, 3], { device }), "fro"), RangeError, "matrices must be square");
});

Deno.test("lu(), luUnpack() and luSolve() take matrices without elements", () => {
  for (const shape of [[0, 0], [2, 0, 3], [3, 0]]) {
    const none = zeros(shape, { device }), [m, n] = shape.slice(-2), batch = shape.slice(0, -2);
    const { lu, pivots } = linalg.luFactor(none);
    for (const { p, l, u } of [linalg.lu(none), luUnpack(lu, pivots)]) {
      assertEquals([p.shape, l.shape, u.shape], [[...batch, m, m], [...batch, m, 0], [...batch, 0, n]]);
    }
  }
  const { lu, pivots } = linalg.luFactor(zeros([0, 0], { device }));
  assertEquals(linalg.luSolve(lu, pivots, zeros([0, 2], { device })).shape, [0, 2]);
});
