import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { arange, Device, flatten, ReferenceBackend, reshape, tensor, unflatten } from "../../mod.ts";
import { viewStrides } from "../../kernel.ts";

const device = new Device(new ReferenceBackend());
const x = arange(0, 24, 1, { device }).reshape([2, 3, 4]);

Deno.test("reshape() shares memory where strides allow", () => {
  const halves = x.slice(2, 0, undefined, 2);
  assertStrictEquals(x.reshape([4, -1]).storage, x.storage);
  assertStrictEquals(x.transpose(0, 1).reshape([3, 2, 2, 2]).storage, x.storage);
  assertStrictEquals(halves.reshape([12]).storage, x.storage);
  assertEquals(halves.reshape([12]).strides, [2]);
});

Deno.test("reshape() copies where axes do not lie behind one another", () => {
  const y = x.transpose(0, 1).reshape([-1]);
  assertEquals(y.isContiguous(), true);
  assertEquals(y.dataSync(), x.transpose(0, 1).dataSync());
});

Deno.test("reshape() keeps the order of elements under every layout", () => {
  const layouts = [
    x,
    x.permute([2, 0, 1]),
    x.slice(1, undefined, undefined, -1),
    x.narrow(2, 1, 2).transpose(0, 1),
  ];
  for (const layout of layouts) {
    const flat = layout.dataSync();
    for (const shape of [[-1], [2, -1], [-1, 2], [1, -1, 2, 1]]) {
      assertEquals(reshape(layout, shape).dataSync(), flat);
    }
  }
});

Deno.test("reshape() handles scalars and nothing", () => {
  assertEquals(tensor(3, { device }).reshape([1, 1]).tolist(), [[3]]);
  assertEquals(tensor([3], { device }).reshape([]).item(), 3);
  assertEquals(tensor([], { device }).reshape([3, 0, 2]).shape, [3, 0, 2]);
  assertThrows(() => tensor([], { device }).reshape([0, -1]), RangeError);
});

Deno.test("reshape() refuses another size", () => {
  assertThrows(
    () => reshape(x, [5, -1]),
    RangeError,
    "Cannot apply reshape() as the new shape must have 24 elements and at most one -1: " +
      "current shapes are [2, 3, 4] and [5, -1]",
  );
  assertThrows(() => reshape(x, [-1, -1, 24]), RangeError);
  assertThrows(() => reshape(x, [2.5, -1]), RangeError);
});

Deno.test("view() never copies", () => {
  assertStrictEquals(x.view([6, 4]).storage, x.storage);
  assertThrows(() => x.transpose(0, 1).view([24]), RangeError, "use reshape()");
});

Deno.test("viewStrides() splits, joins and refuses", () => {
  assertEquals(viewStrides({ shape: [2, 6], strides: [12, 2] }, [2, 2, 3]), [12, 6, 2]);
  assertEquals(viewStrides({ shape: [2, 6], strides: [12, 2] }, [12]), [2]);
  assertEquals(viewStrides({ shape: [2, 6], strides: [13, 2] }, [12]), null);
  assertEquals(viewStrides({ shape: [3, 1, 2], strides: [2, 77, 1] }, [6]), [1]);
  assertEquals(viewStrides({ shape: [4], strides: [0] }, [2, 2]), [0, 0]);
});

Deno.test("flatten() joins a range of axes", () => {
  assertEquals(flatten(x).shape, [24]);
  assertEquals(flatten(x, 1).shape, [2, 12]);
  assertEquals(flatten(x, 0, -2).shape, [6, 4]);
  assertEquals(flatten(tensor(1, { device })).shape, [1]);
  assertEquals(flatten(tensor(1, { device }), -1, 0).shape, [1]);
  for (const [start, end] of [[0, 1], [-2, 0], [1, 1]]) {
    assertThrows(() => flatten(tensor(1, { device }), start, end), RangeError, "from -1 to 0");
  }
  assertThrows(() => flatten(x, 2, 1), RangeError, "startDim must not come after endDim");
});

Deno.test("unflatten() splits an axis", () => {
  assertEquals(unflatten(x, -1, [2, -1]).shape, [2, 3, 2, 2]);
  assertThrows(() => unflatten(x, 1, [2, 2]), RangeError, "sizes must multiply to 3");
});

Deno.test("squeeze() and unsqueeze() drop and add axes of extent 1", () => {
  const y = x.reshape([1, 24, 1]);
  assertEquals(y.squeeze().shape, [24]);
  assertEquals(y.squeeze(-1).shape, [1, 24]);
  assertEquals(y.squeeze([0, 1]).shape, [24, 1]);
  assertEquals(x.unsqueeze(-1).shape, [2, 3, 4, 1]);
  assertEquals(x.unsqueeze(0).shape, [1, 2, 3, 4]);
  assertThrows(() => x.unsqueeze(4), RangeError);
});

Deno.test("unflatten() refuses a tensor without axes", () => {
  assertThrows(() => tensor(1, { device }).unflatten(0, [1, 1]), RangeError, "there must be an axis");
});
