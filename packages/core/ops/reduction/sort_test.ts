import { assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, sort, tensor, topk, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[2, 1, 2], [NaN, 5, -Infinity]], { device });

Deno.test("sort() is stable and puts NaN last", () => {
  const { values, indices } = sort(x);
  assertEquals(values.tolist(), [[1, 2, 2], [-Infinity, 5, NaN]]);
  assertEquals(indices.tolist(), [[1, 0, 2], [2, 1, 0]]);
  assertEquals(sort(x, 1, { descending: true }).indices.tolist(), [[0, 2, 1], [0, 1, 2]]);
  assertEquals(sort(tensor(1, { device })).indices.item(), 0);
  assertEquals(zeros([0], { device }).sort().values.shape, [0]);
});

Deno.test("argsort() gives positions alone", () => {
  assertEquals(x.t().argsort(0).tolist(), [[1, 2], [0, 1], [2, 0]]);
});

Deno.test("topk() takes from either end", () => {
  assertEquals(topk(x, 2).values.tolist(), [[2, 2], [NaN, 5]]);
  assertEquals(topk(x, 1, 0, { largest: false }).indices.tolist(), [[0, 0, 1]]);
  assertEquals(topk(x, 0).values.shape, [2, 0]);
  assertThrows(() => topk(x, 4), RangeError, "an integer from 0 to 3");
});

Deno.test("topk() lays what it found out in row-major order", () => {
  const { values, indices } = topk(tensor([[3, 1, 2], [6, 5, 4]], { device }), 2);
  assertEquals([values.isContiguous(), indices.isContiguous()], [true, true]);
});
