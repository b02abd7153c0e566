import { assert, assertEquals, assertThrows } from "@std/assert";
import { dropout, Scope, type Tensor, tidy } from "@troodon/core";
import { checkpoint, checkpointSequential, grad, gradgradcheck, gradOf, noGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

const deep = (x: Tensor): Tensor => x.mul(x).exp().sin().mul(x).tanh();

Deno.test("checkpoint() gives the same gradients", () => {
  const device = makeDevice(), x = leaf(device, [0.3, 0.8]), w = leaf(device, 2);
  const f = (x: Tensor): Tensor => deep(x.mul(w)).mul(w);
  f(x).sum().backward();
  const plain = [x, w].map((t) => [...t.grad!.dataSync()].map(Number));
  for (const t of [x, w]) t.grad = null;
  checkpoint(f, x).sum().backward();
  assertClose(x.grad, plain[0]!);
  assertClose(w.grad, plain[1]!);
  const [gx, gw] = grad(checkpoint(f, x).sum(), [x, w]);
  assertClose(gx!, plain[0]!);
  assertClose(gw!, plain[1]!);
  assertClose(gradOf((x: Tensor) => checkpoint(f, x).sum())(x), plain[0]!);
});

Deno.test("checkpoint() keeps nothing but inputs and result", () => {
  const device = makeDevice(), x = leaf(device, [0.3, 0.8]), before = device.memory.buffers;
  let calls = 0;
  const y = tidy(() => {
    const hidden = x.mul(2);
    return checkpoint((x: Tensor) => {
      calls++;
      return deep(x);
    }, hidden).sum();
  });
  assertEquals(device.memory.buffers, before + 2, "the input of the checkpoint and the sum");
  y.backward();
  assertEquals(calls, 2);
  y.dispose();
  assertEquals(device.memory.buffers, before + 1, "the gradient");
});

Deno.test("checkpoint() frees its inputs where nothing is calculated again", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), before = device.memory.buffers;
  let calls = 0;
  const y = tidy(() =>
    checkpoint((x: Tensor) => {
      calls++;
      return x.add(1).mul(3);
    }, x.add(0))
  );
  y.sum().backward();
  assertEquals(calls, 1);
  assertClose(x.grad, [3, 3]);
  using _ = new Scope();
  tidy(() => noGrad(() => checkpoint(deep, x)).dispose());
  checkpoint((x: Tensor) => x.detach(), x).dispose();
  y.dispose();
  assertEquals(device.memory.buffers, before + 2, "the gradient, and the sum");
});

Deno.test("checkpoint() draws the same random numbers, and those after it go on", () => {
  const device = makeDevice(), x = leaf(device, new Array(64).fill(1));
  device.generator.manualSeed(7);
  const y = checkpoint((x: Tensor) => dropout(x.mul(x)), x), next = device.generator.getState();
  y.sum().backward();
  assertEquals(device.generator.getState(), next);
  const mask = [...y.dataSync()].map((v) => Number(v) * 2);
  assert(mask.includes(0) && mask.includes(4));
  assertClose(x.grad, mask);
});

Deno.test("checkpoint() can be walked twice, nested and differentiated again", () => {
  const device = makeDevice(), x = leaf(device, [0.3, 0.8]);
  const y = checkpoint(deep, x).sum();
  y.backward({ retainGraph: true });
  const once = [...x.grad!.dataSync()].map(Number);
  y.backward();
  assertClose(x.grad, once.map((v) => 2 * v));
  assertThrows(() => y.backward(), ReferenceError, "a second time");
  x.grad = null;
  checkpoint((x: Tensor) => checkpoint(deep, x.mul(1)).mul(1), x).sum().backward();
  assertClose(x.grad, once);
  gradgradcheck((x) => checkpoint((x: Tensor) => [deep(x), x.mul(x.exp())], x), [
    constant(device, [0.3, 0.8]),
  ]);
});

Deno.test("checkpoint() runs in a loop without growing", () => {
  const device = makeDevice(), x = leaf(device, [0.3, 0.8]);
  const step = () => {
    using _ = new Scope();
    let y: Tensor = x;
    for (let i = 0; i < 3; i++) y = checkpoint(deep, y);
    y.sum().backward();
    return device.memory.buffers;
  };
  step();
  const before = device.memory.buffers;
  step();
  assertEquals(device.memory.buffers, before);
});

Deno.test("checkpoint() says what it cannot repeat", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  let more = 0;
  const changing = checkpoint((x: Tensor) => more++ === 0 ? x.exp() : x.exp().sin(), x);
  assertThrows(
    () => changing.sum().backward(),
    TypeError,
    "must make the same calls each time: there were 1 at first and 2 now",
  );
  const hidden = x.mul(2), y = checkpoint(deep, hidden);
  hidden.add_(1);
  assertThrows(() => y.sum().backward(), TypeError, "its input 0 was changed by an in-place op");
  assertThrows(
    () => checkpoint((x: Tensor) => gradOf((x: Tensor) => x.exp().sum())(x), x),
    TypeError,
    "within checkpoint()",
  );
});

Deno.test("checkpointSequential() calls all but the last part twice", () => {
  const device = makeDevice(), x = leaf(device, [0.3, 0.8]), calls = [0, 0, 0, 0, 0];
  const functions = calls.map((_, i) => (x: Tensor): Tensor => {
    calls[i]!++;
    return x.mul(x).sin();
  });
  functions.reduce((y, f) => f(y), x.mul(1)).sum().backward();
  const plain = [...x.grad!.dataSync()].map(Number);
  x.grad = null;
  checkpointSequential(functions, 2, x.mul(1)).sum().backward();
  assertClose(x.grad, plain);
  assertEquals(calls, [3, 3, 2, 2, 2]);
  assertThrows(() => checkpointSequential(functions, 6, x), RangeError, "an integer from 1 to 5");
});
