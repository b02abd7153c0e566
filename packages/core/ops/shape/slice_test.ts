import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, Device, ReferenceBackend, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 6, 1, { device });
const matrix = x.reshape([2, 3]);

Deno.test("slice() is Python's", () => {
  assertEquals(x.slice(0, 1, -1).tolist(), [1, 2, 3, 4]);
  assertEquals(x.slice(0, -100, 100, 4).tolist(), [0, 4]);
  assertEquals(x.slice(0, undefined, undefined, -2).tolist(), [5, 3, 1]);
  assertEquals(x.slice(0, 1, -100, -1).tolist(), [1, 0]);
  assertEquals(x.slice(0, 4, 1, -1).tolist(), [4, 3, 2]);
  assertEquals(x.slice(0, 4, 2).tolist(), []);
  assertEquals(x.slice(0, 6).shape, [0]);
  assertThrows(() => x.slice(0, 0, 1, 0), RangeError, "step must be an integer other than 0");
});

Deno.test("slice() of a slice composes", () => {
  const y = x.slice(0, 1).slice(0, undefined, undefined, -2).slice(0, 1);
  assertEquals(y.tolist(), [3, 1]);
  assertStrictEquals(y.storage, x.storage);
});

Deno.test("select() drops an axis", () => {
  assertEquals(matrix.select(-1, -1).tolist(), [2, 5]);
  assertEquals(matrix.t().select(0, 1).tolist(), [1, 4]);
  assertThrows(() => matrix.select(0, 2), RangeError, "an integer from -2 to 1: current index is 2");
  assertThrows(() => tensor(1, { device }).select(0, 0), RangeError, "to a scalar");
});

Deno.test("narrow() takes a run of positions", () => {
  assertEquals(matrix.narrow(1, -2, 2).tolist(), [[1, 2], [4, 5]]);
  assertEquals(matrix.narrow(1, 3, 0).shape, [2, 0]);
  assertThrows(() => matrix.narrow(1, 2, 2), RangeError, "within the extent 3");
});

Deno.test("at() takes elements, rows and parts", () => {
  assertEquals(matrix.at(1).tolist(), [3, 4, 5]);
  assertEquals(matrix.at(1, -1).item(), 5);
  assertEquals(matrix.at({ step: -1 }, 0).tolist(), [3, 0]);
  assertThrows(() => matrix.at(0, 0, 0), RangeError, "at most 2 indices");
});

Deno.test("at() is a place to write to", () => {
  const y = matrix.clone();
  y.at(0, { start: 1 }).fill_(9);
  assertEquals(y.tolist(), [[0, 9, 9], [3, 4, 5]]);
});

Deno.test("split() cuts evenly or as told", () => {
  assertEquals(x.split(4).map((p) => p.tolist()), [[0, 1, 2, 3], [4, 5]]);
  assertEquals(x.split([1, 0, 5]).map((p) => p.numel()), [1, 0, 5]);
  assertEquals(x.narrow(0, 0, 0).split(2).map((p) => p.shape), [[0]]);
  assertThrows(() => x.split([1, 2]), RangeError, "add up to 6");
  assertThrows(() => x.split(0), RangeError);
});

Deno.test("unbind() gives the parts at each position", () => {
  assertEquals(matrix.unbind(1).map((p) => p.tolist()), [[0, 3], [1, 4], [2, 5]]);
});

Deno.test("chunk() cuts into at most so many pieces", () => {
  assertEquals(x.chunk(4).map((p) => p.numel()), [2, 2, 2]);
  assertEquals(matrix.chunk(2, 1).map((p) => p.shape), [[2, 2], [2, 1]]);
});

Deno.test("slice(), at() and select() of nothing lie within the memory", () => {
  const none = zeros([0, 2], { device }), y = zeros([3], { device });
  const parts = [
    none.select(1, 1),
    none.slice(0, undefined, undefined, -1),
    none.at({ step: -1 }, 1),
    y.slice(0, 3),
    y.slice(0, 5, 9),
    y.slice(0, 2, 2),
    y.slice(0, 0, 2, -1),
    y.narrow(0, 3, 0),
  ];
  for (const part of parts) assertEquals([part.numel(), part.offset], [0, 0]);
  assertEquals([y.slice(0, 1).offset, y.select(0, 2).offset, y.slice(0, -1, undefined, -1).offset], [
    1,
    2,
    2,
  ]);
});
