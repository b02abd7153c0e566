import { assert, assertEquals, assertThrows } from "@std/assert";
import { Scope, type Tensor, tidySync } from "@troodon/core";
import { grad, noGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("registerPostAccumulateGradHook() sees the leaf when its gradient is in grad, after other hooks", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), seen: unknown[] = [];
  using _one = x.registerPostAccumulateGradHook((t) => {
    assert(t === x);
    seen.push(["after", t.grad!.tolist()]);
  });
  using _two = x.registerPostAccumulateGradHook(() => void seen.push("second"));
  using _three = x.registerHook((g) => {
    seen.push(["before", g.tolist(), x.grad?.tolist()]);
    return g.mul(10);
  });
  x.mul(3).sum().backward();
  assertEquals(seen, [["before", [3, 3], undefined], ["after", [30, 30]], "second"]);
  x.mul(3).sum().backward();
  assertEquals(seen[4], ["after", [60, 60]]);
});

Deno.test("registerPostAccumulateGradHook() is called as soon as the gradient is complete, once", () => {
  const device = makeDevice();
  const [a, b] = [leaf(device, [1]), leaf(device, [2])], seen: string[] = [];
  // b is last used before a is.
  const y = a.mul(5);
  y.registerHook(() => void seen.push("y"));
  const z = y.mul(b).mul(b);
  a.registerPostAccumulateGradHook(() => void seen.push(`a ${a.grad!.item()} ${b.grad!.item()}`));
  b.registerPostAccumulateGradHook(() => void seen.push(`b ${b.grad!.item()} ${a.grad?.item()}`));
  z.sum().backward();
  assertEquals(seen, ["b 20 undefined", "y", "a 20 20"]);
});

Deno.test("registerPostAccumulateGradHook() lets an optimizer step in the backward pass, and free gradients", () => {
  const device = makeDevice(), rate = 0.1;
  const weights = [[1, 2], [3, 4], [5, 6]].map((values) => leaf(device, values));
  const same = [[1, 2], [3, 4], [5, 6]].map((values) => leaf(device, values));
  const loss = (ws: readonly Tensor[]) =>
    ws.reduce((y, w) => y.mul(w).tanh(), constant(device, [0.3, 0.4])).sum();
  let most = 0;
  for (const w of weights) {
    w.registerPostAccumulateGradHook((p) => {
      most = Math.max(most, weights.filter((other) => other.grad !== null).length);
      noGrad(() => tidySync(() => void p.sub_(p.grad!.mul(rate))));
      p.grad!.dispose();
      p.grad = null;
    });
  }
  for (let i = 0; i < 3; i++) {
    using _ = new Scope();
    loss(weights).backward();
    loss(same).backward();
    for (const w of same) {
      noGrad(() => w.sub_(w.grad!.mul(rate)));
      w.grad!.dispose();
      w.grad = null;
    }
  }
  weights.forEach((w, i) => assertClose(w, [...same[i]!.dataSync()].map(Number)));
  assertEquals(most, 1);
});

Deno.test("registerPostAccumulateGradHook() is not called by grad(), nor where no gradient arrives, nor after dispose", () => {
  const device = makeDevice(), [x, y] = [leaf(device, [1]), leaf(device, [1])];
  let count = 0;
  const hook = () => void count++;
  const [one, two] = [x.registerPostAccumulateGradHook(hook), x.registerPostAccumulateGradHook(hook)];
  grad(x.mul(2).sum(), x);
  y.mul(2).sum().backward();
  assertEquals(count, 0);
  one[Symbol.dispose]();
  one[Symbol.dispose]();
  x.mul(2).sum().backward();
  assertEquals(count, 1);
  two[Symbol.dispose]();
  x.mul(2).sum().backward();
  assertEquals(count, 1);
});

Deno.test("registerPostAccumulateGradHook() of a leaf that is the root, and with createGraph", () => {
  const device = makeDevice(), x = leaf(device, [2]), seen: unknown[] = [];
  x.registerPostAccumulateGradHook((t) => void seen.push([t.grad!.item(), t.grad!.requiresGrad]));
  x.backward();
  x.grad = null;
  x.pow(3).sum().backward({ createGraph: true });
  assertEquals(seen, [[1, false], [12, true]]);
});

Deno.test("registerPostAccumulateGradHook() refuses results and constants", () => {
  const device = makeDevice();
  assertThrows(
    () => leaf(device, [1]).mul(2).registerPostAccumulateGradHook(() => {}),
    TypeError,
    "must be a leaf that requires a gradient: current gradFn is MulBackward0",
  );
  assertThrows(
    () => constant(device, [1]).registerPostAccumulateGradHook(() => {}),
    TypeError,
    "must be a leaf",
  );
});

Deno.test("an error in a hook after accumulation ends the pass and leaves nothing in force", () => {
  const device = makeDevice(), x = leaf(device, [2]);
  using _ = x.registerPostAccumulateGradHook(() => {
    throw new RangeError("out of sorts");
  });
  const y = x.mul(2).sum();
  assertThrows(() => y.backward(), RangeError, "out of sorts");
  assert(x.mul(2).requiresGrad);
  assertClose(x.grad, [2]);
});

Deno.test("retainsGrad says what retainGrad() asked for", () => {
  const device = makeDevice(), x = leaf(device, [1]), y = x.mul(2);
  assertEquals([x.retainsGrad, y.retainsGrad, constant(device, [1]).retainsGrad], [false, false, false]);
  x.retainGrad();
  y.retainGrad();
  assertEquals([x.retainsGrad, y.retainsGrad, y.alias().retainsGrad], [false, true, false]);
});
