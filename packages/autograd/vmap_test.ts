import { assertEquals, assertThrows } from "@std/assert";
import type { Tensor } from "@troodon/core";
import { gradOf, hessian, jacobian, vmap } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("vmap() maps axes of inputs and puts them where outputs want them", () => {
  const device = makeDevice(), x = constant(device, [[1, 2], [3, 4], [5, 6]]), w = constant(device, [1, 10]);
  const dot = (x: Tensor, w: Tensor): Tensor => x.dot(w);
  assertClose(vmap(dot, { inDims: [0, null] })(x, w), [21, 43, 65]);
  assertClose(vmap((x: Tensor) => x.sum(), { inDims: 1 })(x), [9, 12]);
  const turned = vmap((x: Tensor) => x.mul(2), { outDims: -1 })(x);
  assertEquals(turned.tolist(), [[2, 6, 10], [4, 8, 12]]);
  const [sum, same] = vmap((x: Tensor) => [x.sum(), x], { outDims: [0, 1] })(x);
  assertClose(sum!, [3, 7, 11]);
  assertEquals(same!.shape, [2, 3]);
});

Deno.test("vmap() nests and is differentiable", () => {
  const device = makeDevice(), x = leaf(device, [1, 2, 3]), y = constant(device, [10, 20]);
  const table = vmap((a: Tensor) => vmap((b: Tensor) => a.mul(b))(y))(x);
  assertEquals(table.tolist(), [[10, 20], [20, 40], [30, 60]]);
  table.sum().backward();
  assertClose(x.grad, [30, 30, 30]);
});

Deno.test("vmap() of gradients gives one for each sample", () => {
  const device = makeDevice(), x = constant(device, [[1, 2], [3, 4]]);
  const f = (x: Tensor): Tensor => x.pow(3).sum();
  assertClose(vmap(gradOf(f))(x), [3, 12, 27, 48]);
  assertEquals(vmap((x: Tensor) => hessian(f, x))(x).shape, [2, 2, 2]);
  assertClose(vmap((x: Tensor) => jacobian(f, x))(x), [3, 12, 27, 48]);
});

Deno.test("vmap() refuses inputs that count differently", () => {
  const device = makeDevice(), x = constant(device, [1, 2]), y = constant(device, [1, 2, 3]);
  const add = (x: Tensor, y: Tensor): Tensor => x.add(y);
  assertThrows(() => vmap(add)(x, y), RangeError, "current shapes are [2], [3], mapped axes 0, 0");
  assertThrows(() => vmap(add, { inDims: null })(x, x), RangeError, "mapped axes");
  const none = constant(device, [[], []]);
  assertThrows(
    () => vmap(add, { inDims: 1 })(none, none),
    RangeError,
    "from 1: current shapes are [2, 0], [2, 0]",
  );
  assertThrows(() => vmap(add, { inDims: 2 })(x, x), RangeError, "vmap()");
});

Deno.test("vmap() maps no input beyond the list of axes, and puts outputs beyond theirs first", () => {
  const device = makeDevice(), x = constant(device, [[1, 2], [3, 4], [5, 6]]), w = constant(device, [1, 10]);
  assertClose(vmap((x: Tensor, w: Tensor) => x.dot(w), { inDims: [0] })(x, w), [21, 43, 65]);
  assertEquals(vmap((x: Tensor) => x, { outDims: [] })(x).shape, [3, 2]);
  const [first, second] = vmap((x: Tensor) => [x, x], { outDims: [1] })(x);
  assertEquals([first!.shape, second!.shape], [[2, 3], [3, 2]]);
  const [a, b] = vmap((x: Tensor) => [x, x], { outDims: 1 })(x);
  assertEquals([a!.shape, b!.shape], [[2, 3], [2, 3]]);
});

Deno.test("vmap() frees all but its results", () => {
  const device = makeDevice(), x = constant(device, [[1, 2], [3, 4], [5, 6]]), { buffers } = device.memory;
  const [sum, twice] = vmap((x: Tensor) => [x.exp().log().sum(), x.mul(2)])(x);
  assertEquals(device.memory.buffers, buffers + 2);
  assertEquals([sum!.shape, twice!.shape], [[3], [3, 2]]);
});
