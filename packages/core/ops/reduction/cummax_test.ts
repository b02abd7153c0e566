import { assertEquals, assertThrows } from "@std/assert";
import { cummax, cummin, Device, ReferenceBackend, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[3, 1, 3, 2], [0, 5, 5, 7]], { device });

Deno.test("cummax() and cummin() give the last position of equals", () => {
  const largest = cummax(x, 1), smallest = cummin(x, -1);
  assertEquals(largest.values.tolist(), [[3, 3, 3, 3], [0, 5, 5, 7]]);
  assertEquals(largest.indices.tolist(), [[0, 0, 2, 2], [0, 1, 2, 3]]);
  assertEquals(largest.indices.dtype, "int64");
  assertEquals(smallest.values.tolist(), [[3, 1, 1, 1], [0, 0, 0, 0]]);
  assertEquals(smallest.indices.tolist(), [[0, 1, 1, 1], [0, 0, 0, 0]]);
});

Deno.test("cummax() runs along any axis of any layout, and of a scalar", () => {
  assertEquals(x.cummax(0).indices.tolist(), [[0, 0, 0, 0], [0, 1, 1, 1]]);
  assertEquals(x.t().cummax(0).values.tolist(), [[3, 0], [3, 5], [3, 5], [3, 7]]);
  const { values, indices } = tensor(4, { device }).cummax(0);
  assertEquals([values.shape, values.item(), indices.shape, indices.item()], [[], 4, [], 0]);
  assertEquals(zeros([2, 0], { device }).cummin(1).indices.shape, [2, 0]);
});

Deno.test("cummax() keeps NaN from where it occurs, at its latest position", () => {
  for (const run of [cummax, cummin]) {
    const { values, indices } = run(tensor([1, NaN, 2, NaN, 0], { device }), 0);
    assertEquals(values.tolist(), [1, NaN, NaN, NaN, NaN]);
    assertEquals(indices.tolist(), [0, 1, 1, 3, 3]);
  }
});

Deno.test("cummax() keeps the dtype of integers and booleans", () => {
  const { values, indices } = tensor([false, true, false], { device }).cummax(0);
  assertEquals([values.dtype, values.tolist(), indices.tolist()], ["bool", [false, true, true], [0, 1, 1]]);
  const bytes = tensor([200, 255, 7], { device, dtype: "uint8" });
  assertEquals([bytes.cummin(0).values.dtype, bytes.cummin(0).values.tolist()], ["uint8", [200, 200, 7]]);
});

Deno.test("cummin() refuses an axis that is not there", () => {
  assertThrows(() => cummin(x, 2), RangeError, "cummin()");
});
