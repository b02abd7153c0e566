import { assertEquals, assertThrows } from "@std/assert";
import { argmax, argmin, Device, max, min, ReferenceBackend, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, 7, 7], [NaN, 9, NaN]], { device });

Deno.test("max() and min() give values and first positions", () => {
  const { values, indices } = max(x, 1);
  assertEquals(values.tolist(), [7, NaN]);
  assertEquals([indices.tolist(), indices.dtype], [[1, 0], "int64"]);
  assertEquals(min(x.t(), 0, { keepdim: true }).indices.tolist(), [[0, 0]]);
  assertEquals(max(tensor([3, 5], { device })).item(), 5);
  assertEquals(max(tensor(4, { device }), 0).values.item(), 4);
});

Deno.test("argmax() and argmin() search an axis or everything", () => {
  assertEquals(argmax(x, 0).tolist(), [1, 1, 1]);
  assertEquals(argmax(x).item(), 3);
  assertEquals(argmax(x.t()).item(), 1);
  assertEquals(argmin(tensor([[4, 2], [2, 8]], { device }), 1, { keepdim: true }).tolist(), [[1], [0]]);
  assertEquals(argmin(x, undefined, { keepdim: true }).shape, [1, 1]);
  assertEquals(argmax(zeros([0, 2], { device }), 1).shape, [0]);
  assertThrows(() => argmax(zeros([0, 2], { device }), 0), RangeError, "there must be an element");
  assertThrows(() => argmax(zeros([0], { device })), RangeError);
});

Deno.test("argmax() and argmin() give the first NaN, wherever it is, and of ties the first", () => {
  const of = (values: number[]) => {
    const x = tensor(values, { device });
    return [x.argmax().item(), x.argmin().item(), x.max(0).indices.item(), x.min(0).indices.item()];
  };
  assertEquals(of([1, NaN, 5, NaN]), [1, 1, 1, 1]);
  assertEquals(of([NaN, 9, -9]), [0, 0, 0, 0]);
  assertEquals(of([9, -9, NaN]), [2, 2, 2, 2]);
  assertEquals(of([2, 7, 7, 2]), [1, 0, 1, 0]);
  assertEquals(of([-Infinity, Infinity]), [1, 0, 1, 0]);
});
