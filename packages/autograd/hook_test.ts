import { assertEquals, assertThrows } from "@std/assert";
import { linalg, Scope, type Tensor } from "@troodon/core";
import { grad, noGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("registerHook() sees the gradient of a leaf and of a result until disposed of", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(x), seen: string[] = [];
  const one = x.registerHook((g) => void seen.push(`x ${g.tolist()}`));
  using _ = y.registerHook((g) => void seen.push(`y ${g.tolist()}`));
  y.sum().backward({ retainGraph: true });
  assertEquals(seen, ["y 1,1", "x 2,4"]);
  one[Symbol.dispose]();
  y.sum().backward();
  assertEquals(seen, ["y 1,1", "x 2,4", "y 1,1"]);
});

Deno.test("registerHook() puts another gradient in its place, one hook after the other", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(3);
  y.registerHook((g) => g.mul(10));
  y.registerHook((g) => g.add(1));
  y.sum().backward();
  assertClose(x.grad, [33, 33]);
  const z = x.mul(3);
  z.registerHook(() => constant(device, [1]));
  assertThrows(
    () => z.sum().backward(),
    RangeError,
    "Cannot put the result of a hook in the place of a gradient as shapes must be equal: current shapes are [1] and [2]",
  );
});

Deno.test("registerHook() may keep what it sees", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const kept: Tensor[] = [];
  const y = x.mul(2);
  y.registerHook((g) => void kept.push(g, g.mul(2)));
  x.registerHook((g) => void kept.push(g));
  y.add(x).sum().backward();
  x.mul(5).sum().backward();
  assertClose(kept[0]!, [1, 1]);
  assertClose(kept[1]!, [2, 2]);
  assertClose(kept[2]!, [3, 3]);
  assertClose(x.grad, [8, 8]);
});

Deno.test("retainGrad() leaves the gradient of a result, and accumulates it", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(3);
  y.retainGrad();
  y.retainGrad();
  x.retainGrad();
  y.registerHook((g) => g.mul(2));
  const z = y.mul(y).sum();
  z.backward({ retainGraph: true });
  assertClose(y.grad, [12, 24]);
  z.backward();
  assertClose(y.grad, [24, 48]);
  assertClose(x.grad, [72, 144]);
});

Deno.test("registerHook() calls hooks in the order they came, on leaves too, and not after dispose", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), seen: string[] = [];
  const y = x.mul(3);
  const hooks = ["a", "b", "c"].map((name) =>
    y.registerHook((g) => {
      seen.push(`${name}${g.tolist()}`);
      return g.add(1);
    })
  );
  x.registerHook((g) => g.mul(10));
  hooks[1]![Symbol.dispose]();
  hooks[1]![Symbol.dispose]();
  y.sum().backward({ retainGraph: true });
  assertEquals(seen, ["a1,1", "c2,2"]);
  assertClose(x.grad, [90, 90]);
  for (const h of hooks) h[Symbol.dispose]();
  seen.length = 0;
  y.sum().backward();
  assertEquals(seen, []);
  assertClose(x.grad, [120, 120]);
});

Deno.test("registerHook() of one result leaves the other results of its call alone", () => {
  const device = makeDevice(), x = leaf(device, [[3, 1], [2, 4]]);
  const [first, second] = x.split(1);
  first!.registerHook((g) => g.mul(100));
  first!.add(second!).sum().backward();
  assertClose(x.grad, [100, 100, 1, 1]);
  const seen: number[] = [];
  const { q, r } = linalg.qr(x);
  r.registerHook((g) => void seen.push(g.numel()));
  q.registerHook(() => void seen.push(-1));
  r.sum().backward();
  assertEquals(seen, [4], "no gradient arrives at the other one");
});

Deno.test("registerHook() sees each gradient once, when all of it is there", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), seen: unknown[] = [];
  x.registerHook((g) => void seen.push(g.tolist()));
  x.mul(2).add(x.mul(3)).add(x).sum().backward();
  assertEquals(seen, [[6, 6]]);
});

Deno.test("registerHook() may be disposed of, and register more, while it runs", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), seen: string[] = [];
  const y = x.mul(3);
  const once = y.registerHook(() => {
    seen.push("once");
    once[Symbol.dispose]();
    y.registerHook(() => void seen.push("later"));
  });
  y.registerHook(() => void seen.push("always"));
  y.sum().backward({ retainGraph: true });
  assertEquals(seen, ["once", "always"]);
  y.sum().backward();
  assertEquals(seen, ["once", "always", "always", "later"]);
});

Deno.test("registerHook() is part of the graph of the next derivative", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(1);
  y.registerHook((g) => g.mul(x));
  const [g] = grad(y.square().sum(), x, { createGraph: true });
  assertClose(g!, [2, 8]);
  // (2 y x)' = 2 y + 2 x y', and the hook sees the gradient that arrives at y a second time.
  assertClose(grad(g!.sum(), x)[0]!, [4, 12]);
});

Deno.test("registerHook() leaves no memory behind", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  x.grad = constant(device, [0, 0]);
  const before = device.memory.buffers;
  {
    using _ = new Scope();
    const y = x.exp();
    y.registerHook((g) => g.mul(2).add(1));
    using _hook = x.registerHook((g) => void g.mul(2));
    y.sum().backward();
  }
  assertEquals(device.memory.buffers, before);
});

Deno.test("retainGrad() leaves nothing in a handle that is disposed of", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  x.grad = constant(device, [0, 0]);
  const before = device.memory.buffers;
  let y: Tensor;
  {
    using _ = new Scope();
    y = x.exp();
    y.retainGrad();
    const loss = y.sum();
    y.dispose();
    loss.backward();
  }
  assertEquals([y.grad, device.memory.buffers], [null, before]);
});

Deno.test("retainGrad() keeps one gradient for each handle, and of each result its own", () => {
  const device = makeDevice(), x = leaf(device, [[3, 1], [2, 4]]);
  const [a, b] = x.split(1), again = a!.alias();
  for (const t of [a!, b!, again]) t.retainGrad();
  a!.add(b!.mul(2)).sum().backward();
  assertClose(a!.grad, [1, 1]);
  assertClose(again.grad, [1, 1]);
  assertClose(b!.grad, [2, 2]);
  noGrad(() => a!.grad!.mul_(7));
  assertClose(again.grad, [1, 1]);
  assertClose(x.grad, [1, 1, 2, 2]);
});

Deno.test("retainGrad() with createGraph leaves a gradient that can be differentiated", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(2);
  y.retainGrad();
  y.mul(y).mul(y).sum().backward({ createGraph: true });
  assertClose(y.grad, [12, 48]);
  assertClose(grad(y.grad!.sum(), x)[0]!, [24, 48]);
});

Deno.test("registerHook(), retainGrad() and backward() refuse tensors without a gradient", () => {
  const x = constant(makeDevice(), [1]);
  assertThrows(() => x.registerHook(() => {}), TypeError, "Cannot register a hook");
  assertThrows(() => x.retainGrad(), TypeError, "Cannot retain a gradient");
  assertThrows(() => x.backward(), TypeError, "Cannot call backward()");
});
