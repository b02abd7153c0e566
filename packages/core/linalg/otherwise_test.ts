/**
 * Functions of `linalg` that differ from the core functions of the same name. Expected values are PyTorch's.
 */
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, linalg, ReferenceBackend, tensor } from "../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[3, -1], [0, 2]], { device, dtype: "float64" });

Deno.test("norm() of linalg takes matrices as such", () => {
  assertAlmostEquals(linalg.norm(x).item(), Math.sqrt(14), 1e-12);
  assertAlmostEquals(linalg.norm(x, 2).item(), Math.sqrt(7 + Math.sqrt(13)), 1e-12);
  assertEquals(linalg.norm(x, 1).item(), 3);
  assertEquals(linalg.norm(x, 1, 0).tolist(), [3, 3]);
  assertEquals(linalg.norm(x, Infinity, [0, 1], { keepdim: true }).tolist(), [[4]]);
  assertEquals(linalg.norm(x.select(0, 0), 1).item(), 4);
  assertAlmostEquals(linalg.norm(x.expand([2, 2, 2])).item(), Math.sqrt(28), 1e-12);
  assertEquals(linalg.norm(x, 1, null, { dtype: "float32" }).dtype, "float32");
  assertThrows(() => linalg.norm(x.expand([2, 2, 2]), 2), RangeError, "a vector or a matrix");
  const byName: unknown = { dim: 0 };
  assertThrows(
    () => linalg.norm(x, 2, byName as number),
    TypeError,
    "dim must be an axis or a list of axes: current dim is { dim: 0 }",
  );
  assertThrows(() => linalg.norm(x, "nuc", 0), RangeError, 'no norm "nuc"');
});

Deno.test("diagonal() of linalg takes the last two axes", () => {
  const cube = tensor([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], { device });
  assertEquals(linalg.diagonal(cube).tolist(), [[1, 4], [5, 8]]);
  assertEquals(linalg.diagonal(cube, { offset: 1 }).tolist(), [[2], [6]]);
  assertEquals(linalg.diagonal(cube, { dim1: 0, dim2: 1 }).tolist(), [[1, 7], [2, 8]]);
});

Deno.test("vander() of linalg has powers rise, for vectors in rows", () => {
  assertEquals(linalg.vander(tensor([2, 3], { device })).tolist(), [[1, 2], [1, 3]]);
  assertEquals(linalg.vander(tensor([[2], [3]], { device }), { N: 3 }).tolist(), [[[1, 2, 4]], [[1, 3, 9]]]);
});

Deno.test("linalg has matmul() and vecdot()", () => {
  assertEquals(linalg.matmul(x, x).tolist(), [[9, -5], [0, 4]]);
  assertEquals(linalg.vecdot(x, x).tolist(), [10, 4]);
});
