import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "@troodon/core";
import { maxNorm_, Parameter } from "../mod.ts";
import { useReference } from "../support_test.ts";

Deno.test("maxNorm_() shortens the rows that are too long", () => {
  const device = useReference();
  const weight = new Parameter(tensor([[3, 4], [0.3, 0.4], [0, 0]], { dtype: "float64" }));
  const before = device.memory.buffers;
  maxNorm_(weight, 1);
  assertEquals(device.memory.buffers, before);
  const rows = weight.tolist() as number[][];
  assertAlmostEquals(rows[0]![0]!, 0.6, 1e-12);
  assertAlmostEquals(rows[0]![1]!, 0.8, 1e-12);
  assertEquals(rows.slice(1), [[0.3, 0.4], [0, 0]]);
  assertEquals(weight.isLeaf, true);
});

Deno.test("maxNorm_() goes along another axis", () => {
  useReference();
  const weight = tensor([[3, 0.3], [4, 0.4]], { dtype: "float64" });
  maxNorm_(weight, 2.5, { dim: 1 });
  assertEquals(weight.tolist(), [[1.5, 0.3], [2, 0.4]]);
  assertThrows(() => maxNorm_(weight, 0), RangeError, "above 0");
});
