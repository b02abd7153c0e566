/** Writes to views, and what they do to the history of all that share the elements. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { mseLoss, ones, Scope, stack, type Tensor, tensor, tidy, tidySync, zeros } from "@troodon/core";
import {
  checkpoint,
  defineFunction,
  detectAnomaly,
  grad,
  gradcheck,
  gradgradcheck,
  jacobian,
  noGrad,
  vmap,
} from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

/** Rows written one by one, as programs of PyTorch fill a buffer. */
function rows(x: Tensor, count: number, f: (x: Tensor, i: number) => Tensor): Tensor {
  const out = zeros([count, x.numel()], { device: x.device, dtype: x.dtype });
  for (let i = 0; i < count; i++) out.select(0, i).copy_(f(x, i));
  return out;
}

Deno.test("a loop that writes rows of a buffer trains what the rows come from", () => {
  const device = makeDevice(),
    weight = leaf(device, [0, 0]),
    target = constant(device, [[1, 2], [2, 4], [3, 6]]);
  let loss = Infinity;
  for (let step = 0; step < 60; step++) {
    using _ = new Scope();
    const y = mseLoss(rows(weight, 3, (w, i) => w.mul(i + 1)), target);
    loss = y.item();
    weight.grad?.dispose();
    weight.grad = null;
    y.backward();
    noGrad(() => weight.sub_(weight.grad!.mul(0.1)));
  }
  assert(loss < 1e-6, `the loss is ${loss}`);
  assertEquals(device.memory.buffers, 3, "weight, gradient and target");
});

Deno.test("backward() of rows written one by one touches each element of the buffer a few times, not once for each row", () => {
  const device = makeDevice(), x = leaf(device, new Array(8).fill(1));
  const cost = (count: number): number => {
    using _ = new Scope();
    const loss = rows(x, count, (x) => x.mul(2)).square().sum();
    let elements = 0;
    const off = device.listen({
      launch: ({ outputs }) => outputs.forEach((o) => elements += o.shape.reduce((a, b) => a * b, 1)),
    });
    loss.backward();
    off[Symbol.dispose]();
    return elements;
  };
  assert(cost(64) < 2.5 * cost(32), "twice the rows cost twice as much");
});

Deno.test("jacobian(), gradcheck(), vmap() and checkpoint() go through buffers that are written to", () => {
  const device = makeDevice(), x = constant(device, [0.3, -0.7]);
  const f = (x: Tensor): Tensor => {
    const out = rows(x, 2, (x, i) => x.mul(i + 2).sin());
    out.t().select(0, 1).mul_(x);
    return out.slice(1, 1).square_().add(out);
  };
  gradcheck(f, [x]);
  gradgradcheck(f, [x]);
  const [a, b] = [0.3, -0.7];
  assertClose(jacobian((x) => rows(x, 2, (x, i) => x.pow(i + 1)), x), [1, 0, 0, 1, 2 * a, 0, 0, 2 * b]);
  const both = constant(device, [[0.3, -0.7], [0.1, 0.2]]);
  assertClose(vmap(f)(both).select(0, 0), [...f(x).dataSync()].map(Number));
  const own = leaf(device, [0.3, -0.7]), [wanted] = grad(f(own).sum(), own);
  const outer = own.mul(1), seen = outer.slice(0, 1);
  outer.mul_(2);
  // A view that must be looked at again is not a call of the function.
  const again = checkpoint((x) => f(x).add(seen), own);
  assertClose(
    grad(again.sum(), own)[0]!,
    [...wanted!.dataSync()].map((g, i) => Number(g) + (i === 1 ? 8 : 0)),
  );
  const second = (y: Tensor): Tensor => grad(grad(y.sum(), own, { createGraph: true })[0]!.sum(), own)[0]!;
  assertClose(second(checkpoint(f, own)), [...second(f(own)).dataSync()].map(Number));
});

Deno.test("a change in place that a tape is to record is refused for leaves, their views, and views it knows nothing of", () => {
  const device = makeDevice(), x = leaf(device, [[1, 2], [3, 4]]), y = x.mul(1);
  const early = zeros([2, 2], { device, dtype: "float64" }), view = early.select(0, 0);
  early.requiresGrad_();
  const hidden = noGrad(() => y.select(0, 0)), buffer = zeros([2], { device, dtype: "float64" });
  const refused: readonly (readonly [() => unknown, string])[] = [
    [() => x.add_(1), "a leaf that"],
    [() => x.select(0, 0).add_(1), "a view of a leaf that"],
    [() => x.t().select(0, 0).zero_(), "a view of a leaf that"],
    [() => view.add_(1), "a view of a leaf that"],
    [() => hidden.add_(1), "while calls were not recorded"],
    [
      () => noGrad(() => buffer.slice(0, 1)).copy_(y.select(0, 0).slice(0, 1)),
      "while calls were not recorded",
    ],
    [() => y.unbind(0)[0]!.add_(1), "one of several views"],
    [() => y.split(1)[1]!.slice(0, 0, 1).add_(1), "one of several views"],
    [() => y.chunk(1)[0]!.add_(1), "one of several views"],
    [() => y.unsqueeze(0).expand([3, 2, 2]).detach().select(0, 1).copy_(y), "whose elements share places"],
  ];
  for (const [change, message] of refused) assertThrows(change, TypeError, message);
  assertClose(y, [1, 2, 3, 4]);
  // Nothing of it matters where nothing is recorded.
  noGrad(() => y.unbind(0)[0]!.add_(1));
  noGrad(() => hidden.add_(1));
  buffer.unbind(0)[0]!.add_(1);
  assertClose(y, [3, 4, 3, 4]);
  y.mul_(2);
  assertThrows(() => hidden.mul(2), TypeError, "make the view again");
  assertEquals(noGrad(() => hidden.mul(2).tolist()), [12, 16]);
});

Deno.test("results of functions with a gradient of their own may be changed in place, but for views of their inputs", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = x.mul(1);
  const made = defineFunction({
    name: "Made",
    forward: (_, x) => x.mul(2).view([2, 1]),
    backward: (_, g) => g.mul(2).view([2]),
  });
  const z = made(y);
  z.select(0, 1).mul_(3);
  z.sum().backward();
  assertClose(x.grad, [2, 6]);
  const seen = defineFunction({
    name: "Seen",
    forward: (_, x) => x.view([2, 1]),
    backward: (_, g) => g.view([2]),
  });
  assertThrows(() => seen(y).mul_(3), TypeError, "in a custom function");
});

Deno.test("an error of a value that was changed names the op, the shape, both versions and the way out", () => {
  const device = makeDevice(), y = leaf(device, [1, 2]).mul(1), z = y.exp();
  z.slice(0, 1).add_(1);
  assertThrows(
    () => z.sum().backward(),
    TypeError,
    "through exp() as its output 0 of shape [2], which its gradient reads, was changed by an in-place op: " +
      "it is at version 1, and was at 0",
  );
  const w = leaf(device, [1, 2]).mul(1);
  w.mul_(w);
  assertThrows(() => w.sum().backward(), TypeError, "through mul() as its input 1");
});

Deno.test("a gradient that nobody wants reads nothing: what it would have read may change", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]).mul(1), c = constant(device, [3, 4]);
  const y = x.mul(c), m = leaf(device, [[1, 2]]).matmul(constant(device, [[1], [1]]));
  x.add_(1);
  y.sum().backward();
  c.add_(1);
  m.backward(ones([1, 1], { device, dtype: "float64" }));
  const z = leaf(device, [1, 2]).mul(c);
  c.add_(1);
  assertThrows(() => z.sum().backward(), TypeError, "its input 1");
});

Deno.test("detach() shares elements and not the history; detach_() ends that of a base, and none of a view", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = x.mul(3), d = y.detach();
  d.select(0, 0).copy_(x.select(0, 1));
  assertEquals([d.requiresGrad, y.gradFn!.name], [true, "MulBackward0"]);
  assertClose(y, [2, 6]);
  y.sum().backward();
  assertClose(x.grad, [3, 3]);
  x.grad = null;
  d.sum().backward();
  assertClose(x.grad, [0, 1]);
  const z = x.mul(2), view = z.slice(0, 1);
  assertThrows(() => view.detach_(), TypeError, "as the tensor is a view");
  assertEquals([z.detach_(), z.requiresGrad, z.isLeaf], [z, false, true]);
  view.sum().backward();
  assertClose(x.grad, [0, 3]);
});

Deno.test("a leaf that is a view stays a leaf, and unfrozen leaves are those of their views", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), buffer = zeros([2, 2], { device, dtype: "float64" });
  const own = buffer.select(0, 0).requiresGrad_();
  buffer.select(0, 1).copy_(x);
  assertEquals([own.isLeaf, buffer.requiresGrad], [true, true]);
  own.mul(2).sum().backward();
  assertClose(own.grad, [2, 2]);
  const w = constant(device, [1, 2]), view = w.slice(0, 1);
  w.requiresGrad_();
  view.mul(3).sum().backward();
  assertClose(w.grad, [0, 3]);
  w.requiresGrad_(false);
  w.slice(0, 1).mul_(2);
  assertClose(w, [1, 4]);
});

Deno.test("what is overwritten as a whole has no history: buffers in a loop keep none", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), buffer = zeros([2], { device, dtype: "float64" });
  const depth = (): number => {
    let count = 0;
    const stack = [buffer.node];
    while (stack.length > 0) {
      const node = stack.pop();
      if (!node) continue;
      count++;
      stack.push(...node.nextFunctions.map(([next]) => next));
    }
    return count;
  };
  const depths = new Set<number>();
  for (
    const write of [() => buffer.copy_(x.mul(2)), () => buffer.view([2, 1]).copy_(x.mul(2).view([2, 1]))]
  ) {
    depths.clear();
    for (let step = 0; step < 5; step++) {
      using _ = new Scope();
      write();
      buffer.mul(3).sum().backward();
      depths.add(depth());
    }
    assertEquals(depths.size, 1);
  }
  assertClose(x.grad, [60, 60]);
  for (
    const end of [() => buffer.zero_(), () => buffer.floor_(), () => buffer.eq_(0), () => buffer.normal_()]
  ) {
    using _ = new Scope();
    buffer.copy_(x.mul(2));
    end();
    assertEquals([buffer.requiresGrad, depth()], [true, 1]);
  }
  assertEquals(device.memory.buffers, 3, "x, its gradient and the buffer");
});

Deno.test("a buffer that is written to in part is let go by detach_() between the steps", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), buffer = zeros([3, 2], { device, dtype: "float64" });
  for (let step = 0; step < 3; step++) {
    using _ = new Scope();
    buffer.select(0, step).copy_(x.exp());
    buffer.sum().backward();
    buffer.detach_();
  }
  assertClose(x.grad, [3 * Math.E, 3 * Math.exp(2)]);
  assertEquals([buffer.requiresGrad, device.memory.buffers], [false, 3]);
});

Deno.test("tidy() keeps what the history of a base saved that is returned, by itself or by a view", () => {
  for (const give of [(y: Tensor) => y, (y: Tensor) => y.view([4]), (y: Tensor) => y.select(0, 0)]) {
    const device = makeDevice(), x = leaf(device, [1, 2]);
    const y = tidySync(() => {
      const base = stack([x, x]);
      base.select(0, 0).sin_();
      base.select(0, 1).copy_(tidy(() => x.exp()));
      return give(base);
    });
    const loss = y.sum();
    loss.backward();
    const expected = [1, 2].map((v) => Math.cos(v) + (y.numel() === 4 ? Math.exp(v) : 0));
    assertClose(x.grad, expected);
    for (const t of [y, loss]) t.dispose();
    assertEquals(device.memory.buffers, 2);
  }
});

Deno.test("a hook sees the gradient of the value that its tensor had, retainGrad() leaves that of the last", () => {
  const device = makeDevice(), x = leaf(device, [1, 2, 3]), y = x.mul(1), view = y.slice(0, 0, 2);
  const seen: unknown[] = [];
  const note = (name: string) => (g: Tensor) => void seen.push([name, g.tolist()]);
  y.registerHook(note("before"));
  y.retainGrad();
  view.retainGrad();
  view.mul_(3);
  y.registerHook(note("between"));
  y.mul_(2);
  y.registerHook(note("after"));
  assertEquals(view.requiresGrad, true);
  view.mul(5).sum().backward();
  assertEquals(seen, [["after", [5, 5, 0]], ["between", [10, 10, 0]], ["before", [30, 30, 0]]]);
  assertClose(y.grad, [5, 5, 0]);
  assertClose(view.grad, [5, 5]);
  assertClose(x.grad, [30, 30, 0]);
});

Deno.test("detectAnomaly() names what was written to a view", () => {
  const device = makeDevice(), x = leaf(device, [4, 0]);
  using _ = detectAnomaly();
  const y = x.mul(1);
  y.slice(0, 1).sqrt_();
  assertThrows(() => y.sum().backward(), RangeError, "the gradient of sqrt()");
  assertThrows(() => x.mul(1).slice(0, 1).log_(), RangeError, "log() as its result 0");
});

Deno.test("split(), chunk() and unbind() are views of 16 bits as well, in place and backward", () => {
  const device = makeDevice();
  const x = tensor([1, 2, 3], { device, dtype: "bfloat16", requiresGrad: true }), y = x.mul(1);
  for (const parts of [y.split([1, 2]), y.chunk(3), y.unbind()]) {
    assertThrows(() => parts[0]!.mul_(2), TypeError, "split");
  }
  const [a, b] = x.split([1, 2]);
  a!.sum().add(b!.mul(2).sum()).backward();
  assertEquals([x.grad!.dtype, x.grad!.tolist()], ["bfloat16", [1, 2, 2]]);
});
