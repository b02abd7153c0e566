import { assert, assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { full, type GradNode, linalg, Scope, type Tensor, tensor, tidy, zeros } from "@troodon/core";
import { enableGrad, isGradEnabled, noGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("backward() leaves gradients in the leaves and accumulates them", () => {
  const device = makeDevice(), x = leaf(device, [1, 2, 3]);
  x.mul(x).sum().backward();
  assertClose(x.grad, [2, 4, 6]);
  const held = x.grad;
  x.mul(3).sum().backward();
  assertClose(x.grad, [5, 7, 9]);
  assertStrictEquals(x.grad, held, "later gradients are added in place");
  assertEquals(x.grad?.requiresGrad, false);
});

Deno.test("backward() starts from a vector", () => {
  const device = makeDevice(), x = leaf(device, [1, 2, 3]);
  x.mul(x).backward(constant(device, [1, 10, 100]));
  assertClose(x.grad, [2, 40, 600]);
  const y = x.mul(2);
  assertThrows(
    () => y.backward(),
    RangeError,
    "implicitly for a tensor of one element alone: current shape is [3]",
  );
  assertThrows(() => y.backward(constant(device, [1, 2])), RangeError, "current shapes are [2] and [3]");
});

Deno.test("backward() of a leaf leaves 1 in it", () => {
  const device = makeDevice(), x = leaf(device, [[5]]);
  x.backward();
  assertClose(x.grad, [1]);
});

Deno.test("backward() leaves the given gradient alone", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), g = constant(device, [1, 1]);
  x.backward(g);
  x.backward(g);
  assertClose(g, [1, 1]);
  assertClose(x.grad, [2, 2]);
  assert(x.grad!.storage !== g.storage);
});

Deno.test("backward() sums over what was broadcast", () => {
  const device = makeDevice();
  const x = leaf(device, [[1], [2]]), y = leaf(device, [10, 20, 30]), z = leaf(device, 2);
  x.mul(y).mul(z).sum().backward();
  assertClose(x.grad, [120, 120]);
  assertClose(y.grad, [6, 6, 6]);
  assertClose(z.grad, [180]);
  assertEquals([x.grad!.shape, y.grad!.shape, z.grad!.shape], [[2, 1], [3], []]);
});

Deno.test("backward() gives each gradient the dtype of its tensor", () => {
  const device = makeDevice();
  const x = tensor([1, 2], { device, requiresGrad: true }), y = leaf(device, [3, 4]);
  const z = x.mul(y);
  assertEquals(z.dtype, "float64");
  z.sum().backward();
  assertEquals([x.grad!.dtype, y.grad!.dtype], ["float32", "float64"]);
  assertClose(x.grad, [3, 4]);
});

Deno.test("backward() walks a diamond once", () => {
  const device = makeDevice(), x = leaf(device, [3]);
  const calls: number[] = [];
  const y = x.mul(2);
  y.registerHook((g) => void calls.push(g.item()));
  y.mul(y).add(y).add(y).sum().backward();
  assertEquals(calls, [14]);
  assertClose(x.grad, [28]);
});

Deno.test("backward() does not mix up gradients that share memory", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = leaf(device, [3, 4]);
  x.add(y).backward(constant(device, [1, 1]));
  assert(x.grad!.storage !== y.grad!.storage);
  noGrad(() => x.grad!.add_(5));
  assertClose(y.grad, [1, 1]);
  // The same gradient arrives on three ways, one of which goes on.
  const z = leaf(device, [1, 2]);
  const a = z.add(0), b = a.add(a);
  b.add(a).add(z).sum().backward();
  assertClose(z.grad, [4, 4]);
});

Deno.test("backward() knows outputs by their number", () => {
  const device = makeDevice(), x = leaf(device, [3, 1, 2]);
  const { values, indices } = x.sort();
  assertEquals([values.requiresGrad, indices.requiresGrad], [true, false]);
  values.mul(constant(device, [1, 10, 100])).sum().backward();
  assertClose(x.grad, [100, 1, 10]);
});

Deno.test("backward() walks a chain of 20,000 calls", () => {
  const device = makeDevice(), x = leaf(device, [1]);
  using _ = new Scope();
  let y: Tensor = x;
  for (let i = 0; i < 20_000; i++) y = y.add(1);
  y.sum().backward();
  assertClose(x.grad, [1]);
});

Deno.test("backward() a second time needs retainGraph", () => {
  const device = makeDevice(), x = leaf(device, [2]);
  const y = x.exp().sum();
  y.backward({ retainGraph: true });
  y.backward();
  assertClose(x.grad, [2 * Math.exp(2)]);
  assertThrows(
    () => y.backward(),
    ReferenceError,
    "through exp() a second time as what it saved was freed by the first",
  );
});

Deno.test("backward() frees the graph and its own temporaries", () => {
  const device = makeDevice(), x = leaf(device, [[1, 2], [3, 4]]);
  x.grad = zeros([2, 2], { device, dtype: "float64" });
  const before = device.memory.buffers;
  {
    using _ = new Scope();
    const y = x.mul(x).exp().matmul(x).add(x.t()), loss = y.mul(y).sum();
    const forward = device.memory.buffers;
    loss.backward();
    assertEquals(device.memory.buffers, forward, "nothing but the handles of the user is left");
  }
  assertEquals(device.memory.buffers, before);
});

Deno.test("backward() frees saved tensors when they were read", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const before = device.memory.buffers;
  const y = tidy(() => x.exp().exp().exp().sum());
  // Three results of exp and the sum.
  assertEquals(device.memory.buffers, before + 4);
  y.backward();
  assertEquals(device.memory.buffers, before + 2, "the sum and the gradient");
});

Deno.test("backward() stores the first gradient without a copy", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(2).sum();
  const launches: string[] = [];
  using _ = device.listen(({ call }) => void launches.push(call.kernel));
  y.backward();
  assertEquals(launches, ["map", "map"], "1, and 1 times 2");
});

Deno.test("backward() after the end of a scope is a clear error", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  let y: Tensor;
  {
    using _ = new Scope();
    y = x.exp().sum();
    y.adopt();
  }
  assertThrows(() => y.backward(), ReferenceError, "freed at the end of a Scope");
});

Deno.test("tidy() returns a tensor with what its history saved", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = tidy(() => x.exp().mul(x).sum());
  y.backward();
  assertClose(x.grad, [2 * Math.E, 3 * Math.exp(2)]);
});

Deno.test("gradFn names the calls from the loss to the leaves", () => {
  const device = makeDevice(), w = leaf(device, [[1, 2], [3, 4]]), b = leaf(device, [1, 2]);
  const x = constant(device, [[1, 0]]);
  const loss = x.matmul(w).add(b).relu().mean();
  const names: string[] = [];
  let node: GradNode | null = loss.gradFn;
  while (node) {
    names.push(node.name);
    node = node.nextFunctions[0]?.[0] ?? null;
  }
  assertEquals(names.slice(0, 3), ["MeanBackward0", "ReluBackward0", "AddBackward0"]);
  const add = loss.gradFn!.nextFunctions[0]![0]!.nextFunctions[0]![0]!;
  assertEquals(add.nextFunctions[1]![0]!.name, "AccumulateGrad");
  assertEquals(add.nextFunctions[1]![0]!.isLeaf, true);
  assertStrictEquals(w.gradFn, null);
  assertEquals([w.isLeaf, loss.isLeaf], [true, false]);
  const product = add.nextFunctions[0]![0]!;
  assertStrictEquals(product.nextFunctions[0]![0], null, "the data need no gradient");
  assertEquals(loss.toString().includes("grad_fn=<MeanBackward0>"), true);
});

Deno.test("noGrad() records nothing", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  {
    using _ = noGrad();
    assertEquals(x.mul(2).requiresGrad, false);
    assertEquals(full([2], 1, { device, requiresGrad: true }).requiresGrad, true);
  }
  assertEquals(x.mul(2).requiresGrad, true);
});

Deno.test("noGrad() restores the state before, whatever happens", async () => {
  assertThrows(() =>
    noGrad(() => {
      throw new RangeError("inside");
    }), RangeError);
  assertEquals(isGradEnabled(), true);
  {
    using _ = noGrad();
    assertEquals([isGradEnabled(), enableGrad(isGradEnabled)], [false, true]);
  }
  await assertRejects(() => noGrad(() => Promise.reject(new RangeError("later"))), RangeError, "later");
  assertEquals(isGradEnabled(), true);
});

Deno.test("an in-place change of what a gradient reads is an error", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(2), z = y.mul(y);
  y.add_(1);
  assertThrows(
    () => z.sum().backward(),
    TypeError,
    "through mul() as its input 1 of shape [2], which its gradient reads, was changed by an in-place op",
  );
  // What no gradient reads may change.
  const a = x.mul(4), s = a.sum();
  a.mul_(3);
  s.backward();
  assertClose(x.grad, [4, 4]);
  const w = x.exp(), u = w.mul(1).sum();
  w.add_(1);
  assertThrows(() => u.backward(), TypeError, "its output 0 of shape [2]");
});

Deno.test("in-place calls take their place in the history", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(3);
  y.mul_(2);
  assertEquals(y.gradFn!.name, "MulBackward0");
  assertEquals(y.gradFn!.nextFunctions[0]![0]!.name, "MulBackward0");
  y.sum().backward();
  assertClose(x.grad, [6, 6]);
  const z = x.mul(1);
  z.mul_(x.detach());
  z.sum().backward();
  assertClose(x.grad, [7, 8]);
  const w = x.mul(1);
  w.mul_(x);
  w.sum().backward();
  // The old values were kept for the gradient of x.
  assertClose(x.grad, [9, 12]);
  assertThrows(() => x.add_(1), TypeError, "leaf");
});

Deno.test("an in-place copy of differentiable values gives a plain tensor a history", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = constant(device, [[0, 0], [0, 0]]);
  y.copy_(x.mul(2));
  y.mul(constant(device, [[1, 2], [3, 4]])).sum().backward();
  assertClose(x.grad, [8, 12]);
});

Deno.test("requiresGrad_(false) freezes a leaf", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = leaf(device, [3, 4]);
  x.requiresGrad_(false);
  x.mul(y).sum().backward();
  assertEquals(x.grad, null);
  assertClose(y.grad, [1, 2]);
});

Deno.test("nextFunctions leads from a node to those of its inputs, with the outputs that they were", () => {
  const device = makeDevice(), x = leaf(device, [[3, 1, 2]]), { values } = x.exp().sort(1);
  const { gradFn } = values.mul(tensor([1, 2, 3], { device }));
  const [first, second] = gradFn!.nextFunctions;
  assertEquals([gradFn!.name, first![0]!.name, first![1], second], ["MulBackward0", "SortBackward0", 0, [
    null,
    0,
  ]]);
  assertEquals(gradFn!.nextFunctions[0]![0]!.nextFunctions[0]![0]!.name, "ExpBackward0");
  const { r } = linalg.qr(leaf(device, [[1, 2], [3, 4]]));
  assertEquals(r.mul(2).gradFn!.nextFunctions[0]![1], 1);
});

Deno.test("backward() of what no gradient flows to says why, and what to do", () => {
  const device = makeDevice(),
    w = leaf(device, [1, 2]),
    missing = "Cannot call backward() as the tensor does not require a gradient: ";
  const behind = noGrad(() => w.mul(2).sum());
  for (const y of [constant(device, [1]), behind, w.detach().sum()]) {
    assertEquals(
      assertThrows(() => y.backward(), TypeError).message,
      missing + "it was not calculated from a tensor that does, or was within noGrad() or behind detach(): " +
        "make what is learnt with { requiresGrad: true }",
    );
  }
  using _ = noGrad();
  assertEquals(
    assertThrows(() => w.mul(2).sum().backward(), TypeError).message,
    missing + "nothing is recorded within noGrad(): calculate it before, or in a block of enableGrad()",
  );
});
