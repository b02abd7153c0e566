/** Gradients that meet in one tensor, plain ones and differentiable ones, in each order. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Scope, type Tensor } from "@troodon/core";
import { grad, noGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

const cube = (x: Tensor): Tensor => x.mul(x).mul(x).sum();

Deno.test("backward() adds to a gradient of createGraph without changing that", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  cube(x).backward({ createGraph: true });
  const first = x.grad!;
  assertEquals(first.requiresGrad, true);
  x.mul(5).sum().backward();
  assertClose(x.grad, [8, 17]);
  assertEquals([x.grad!.requiresGrad, x.grad!.gradFn], [false, null], "a plain sum has no history");
  assert(x.grad !== first);
  // What createGraph left is still there, and still differentiable.
  assertClose(first, [3, 12]);
  assertClose(grad(first.sum(), x)[0]!, [6, 12]);
});

Deno.test("backward() with createGraph adds to a plain gradient without changing that", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  x.mul(5).sum().backward();
  const plain = x.grad!;
  cube(x).backward({ createGraph: true });
  assertClose(plain, [5, 5]);
  assertClose(x.grad, [8, 17]);
  const sum = x.grad!;
  x.grad = null;
  assertClose(grad(sum.sum(), x)[0]!, [6, 12]);
});

Deno.test("backward() twice with createGraph leaves the sum, differentiable", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  cube(x).backward({ createGraph: true });
  cube(x).backward({ createGraph: true });
  assertClose(x.grad, [6, 24]);
  const sum = x.grad!;
  x.grad = null;
  assertClose(grad(sum.sum(), x)[0]!, [12, 24]);
});

Deno.test("backward() with createGraph leaves the given gradient alone", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), g = constant(device, [1, 10]);
  x.add(0).backward({ gradient: g, createGraph: true });
  assert(x.grad!.storage !== g.storage);
  noGrad(() => x.grad!.detach().add_(1));
  assertClose(g, [1, 10]);
});

Deno.test("backward() outlives the scope it was called in", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  for (const createGraph of [false, true]) {
    x.grad = null;
    {
      using _ = new Scope();
      cube(x).backward({ createGraph });
    }
    assertClose(x.grad, [3, 12]);
  }
  {
    using _ = new Scope();
    cube(x).backward();
  }
  assertClose(x.grad, [6, 24]);
});

Deno.test("createGraph keeps the graph unless retainGraph is false", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const kept = cube(x);
  const [g] = grad(kept, x, { createGraph: true });
  assertClose(grad(kept, x)[0]!, [3, 12]);
  assertClose(grad(cube(x), x)[0]!, [3, 12]);
  assertEquals(g!.requiresGrad, true);
});

Deno.test("createGraph with retainGraph false gives the memory of the forward pass back", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const measure = (retainGraph: boolean | undefined): number => {
    using _ = new Scope();
    const y = x.exp().exp().sum(), before = device.memory.buffers;
    const options = retainGraph === undefined ? {} : { retainGraph };
    const [g] = grad(y, x, { createGraph: true, ...options });
    const e = [Math.exp(1), Math.exp(2)];
    assertClose(g!, e.map((v) => v * Math.exp(v)));
    let failed = false;
    try {
      grad(y, x);
    } catch (error) {
      failed = error instanceof ReferenceError && error.message.includes("a second time");
    }
    assertEquals(failed, retainGraph === false);
    return device.memory.buffers - before;
  };
  measure(false);
  measure(true);
  measure(undefined);
});

Deno.test("backward() adds in place where nobody else holds the first gradient, and where somebody does", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  x.mul(2).sum().backward();
  const first = x.grad!, view = first.at({ end: 1 });
  x.mul(3).sum().backward();
  assertStrictEquals(x.grad, first);
  assertClose(view, [5]);
});

Deno.test("backward() does not give away a seed, a saved value or a view as the gradient", () => {
  const device = makeDevice(), x = leaf(device, [[1, 2], [3, 4]]);
  // The gradient of a sum is a view of one element repeated; it must be laid out before it is kept.
  x.sum().backward();
  assertEquals([x.grad!.isContiguous(), x.grad!.storage.references], [true, 1]);
  assertEquals(x.grad!.storage.bytes, 4 * 8);
  x.grad = null;
  const g = constant(device, [[1, 2], [3, 4]]);
  x.t().backward(g);
  assertEquals(g.storage.references, 1);
  noGrad(() => x.grad!.zero_());
  assertClose(g, [1, 2, 3, 4]);
});
