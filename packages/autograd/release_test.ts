/** What calls outside of any scope hold on to after they return or fail: their results and nothing else. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Device, ones, type Tensor, tensor } from "@troodon/core";
import { defineFunction, grad, gradOf, requireGrad, valueAndGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

const failing = defineFunction({
  name: "Failing",
  forward: (_, x) => x.mul(2),
  backward: () => {
    throw new RangeError("in the rule");
  },
});

/** Asserts that `run` leaves as many buffers as it returns tensors, and none once these are disposed of. */
function assertHolds(device: Device, run: () => readonly Tensor[]): void {
  const { buffers } = device.memory, results = run();
  assertEquals(device.memory.buffers, buffers + results.length);
  for (const t of results) t.dispose();
  assertEquals(device.memory.buffers, buffers);
}

Deno.test("gradOf() and valueAndGrad() let go of their inputs", () => {
  const device = makeDevice(), x = constant(device, [1, 2]), y = constant(device, [3]);
  const held = () => [x, y].map((t) => t.storage.references);
  const product = ([a, b]: readonly [Tensor, Tensor]): Tensor => a.mul(a).mul(a).sum().mul(b).sum();
  const [first, second] = gradOf(product)([x, y]);
  assertEquals([first.tolist(), second.tolist(), held()], [[9, 36], [9], [1, 1]]);
  const [value, slope] = valueAndGrad((x: Tensor) => x.exp().sum())(x);
  assertClose(value, [Math.E + Math.exp(2)]);
  assertClose(slope, [Math.E, Math.exp(2)]);
  assertEquals(held(), [1, 1]);
});

Deno.test("gradOf() frees the gradient that it starts from, also where the walk fails", () => {
  const device = makeDevice(), x = constant(device, 2), value = constant(device, 1), made: Tensor[] = [];
  assertHolds(device, () => [gradOf((_: Tensor) => value)(x)]);
  const { buffers } = device.memory, broken = gradOf((x: Tensor) => made[0] = failing(x));
  assertThrows(() => broken(x), RangeError, "in the rule");
  made[0]!.dispose();
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("grad() frees the seeds that it made and leaves those that were given", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = x.mul(3), loss = y.sum();
  const single = tensor([1, 4], { device, dtype: "float32" }), double = constant(device, [1, 5]);
  assertHolds(device, () => grad(loss, x, { retainGraph: true }));
  for (const gradOutputs of [single, double]) {
    assertHolds(device, () => grad(y, x, { gradOutputs, retainGraph: true }));
    assert(!gradOutputs.isDisposed);
    assertEquals(gradOutputs.storage.references, 1);
  }
});

Deno.test("grad() that fails frees the gradients that it had found already", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), inner = failing(x), outer = inner.mul(3);
  const loss = outer.exp().sum(), { buffers } = device.memory;
  assertThrows(() => grad(loss, [outer, inner, x], { retainGraph: true }), RangeError, "in the rule");
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("grad() names the first output before the inputs that require no gradient", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), plain = constant(device, [1, 2]);
  assertThrows(() => grad([x.sum(), plain.sum()], [x, plain]), TypeError, "output 1 does not require");
  assertThrows(() => grad(x.sum(), [x, plain]), TypeError, "input 1 does not require");
});

Deno.test("requireGrad() records on the tape of the device, and keeps a history that is there", () => {
  const device = makeDevice();
  const x = requireGrad(ones([2], { device }));
  assertEquals([x.isLeaf, x.gradFn, requireGrad(x)], [true, null, x]);
  const y = x.mul(2), { node } = y;
  assert(requireGrad(y).node === node);
  // A leaf that was frozen is the same leaf again.
  const { node: before } = x;
  assert(requireGrad(x.requiresGrad_(false)).node === before);
  assertThrows(() => requireGrad(ones([2], { device, dtype: "int32" })), TypeError, "int32");
});

Deno.test("backward() from a seed of another dtype leaves the seed, and frees its copy", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = x.mul(3);
  const seed = tensor([1, 2], { device, dtype: "float32" }), { buffers } = device.memory;
  y.backward({ gradient: seed, retainGraph: true });
  assertClose(x.grad, [3, 6]);
  assertEquals([device.memory.buffers, seed.isDisposed], [buffers + 1, false]);
});
