import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { empty, ones, type Tensor, zeros } from "@troodon/core";
import { init, Linear } from "./mod.ts";
import { useReference } from "./support_test.ts";

const numbers = (t: Tensor): number[] => Array.from(t.dataSync(), Number);

Deno.test("orthogonal_() makes the fewer of rows and columns orthonormal", () => {
  useReference();
  for (const shape of [[3, 5], [5, 3], [4, 2, 3], [2, 2]]) {
    const t = init.orthogonal_(empty(shape, { dtype: "float64" }), 2);
    const matrix = t.reshape([shape[0]!, -1]), [rows, columns] = matrix.shape as [number, number];
    const product = rows <= columns ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);
    const n = Math.min(rows, columns);
    numbers(product).forEach((x, i) => assertAlmostEquals(x, i % (n + 1) === 0 ? 4 : 0, 1e-12));
  }
});

Deno.test("eye_() and dirac_() let inputs pass", () => {
  useReference();
  assertEquals(init.eye_(ones([2, 3])).tolist(), [[1, 0, 0], [0, 1, 0]]);
  const window = init.dirac_(zeros([4, 2, 3]), 2);
  assertEquals(numbers(window.select(2, 1)), [1, 0, 0, 1, 1, 0, 0, 1]);
  assertEquals(numbers(window.select(2, 0)).every((x) => x === 0), true);
  assertThrows(() => init.eye_(zeros([2])), RangeError, "two axes");
  assertThrows(() => init.dirac_(zeros([2, 2])), RangeError, "three to five axes");
});

Deno.test("sparse_() sets part of each column to 0", () => {
  useReference();
  const rows = init.sparse_(empty([10, 4]), 0.25, 3).tolist() as number[][];
  for (let column = 0; column < 4; column++) {
    assertEquals(rows.filter((row) => row[column] === 0).length, 3);
  }
});

Deno.test("truncNormal_() stays within its bounds, near the middle and in the tail", () => {
  useReference();
  const middle = numbers(init.truncNormal_(empty([2000]), 1, 2, -1, 3));
  assert(middle.every((x) => x >= -1 && x <= 3));
  assertAlmostEquals(middle.reduce((a, b) => a + b) / 2000, 1, 0.1);
  const tail = numbers(init.truncNormal_(empty([2000]), 0, 1, 3, 10));
  assert(tail.every((x) => x >= 3 && x <= 10));
  // The mean of a normal variable above 3.
  assertAlmostEquals(tail.reduce((a, b) => a + b) / 2000, 3.283, 0.04);
  assertThrows(() => init.truncNormal_(empty([2]), 0, 1, 1, 1), RangeError, "low below high");
  // Bounds that are never reached.
  const far = numbers(init.truncNormal_(empty([2000]), 1, 0.02));
  assertAlmostEquals(far.reduce((a, b) => a + b) / 2000, 1, 0.002);
  assertAlmostEquals(Math.sqrt(far.reduce((a, b) => a + (b - 1) ** 2, 0) / 2000), 0.02, 0.0016);
});

Deno.test("init of matrices leaves the parameter a leaf", () => {
  const device = useReference();
  const { weight } = new Linear(3, 3), before = device.memory.buffers;
  init.orthogonal_(weight);
  assert(weight.isLeaf && weight.requiresGrad);
  assertEquals(device.memory.buffers, before);
});
