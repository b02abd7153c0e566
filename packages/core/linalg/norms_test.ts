/** Orders of matrix norms and condition numbers. */
import { assert, assertEquals } from "@std/assert";
import { Device, linalg, ReferenceBackend, tensor } from "../mod.ts";

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
