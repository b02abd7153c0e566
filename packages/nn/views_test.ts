/** Layers whose results are written into buffers, and layers that write to buffers of their own. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { arange, manualSeed, mseLoss, randn, Scope, stack, type Tensor, zeros } from "@troodon/core";
import { InstanceNorm2d, Linear, RNNCell } from "./mod.ts";
import { useReference } from "./support_test.ts";

const numbers = (t: Tensor): number[] => Array.from(t.dataSync(), Number);

Deno.test("a layer whose results are written to rows of a buffer has the gradients that stack() gives", () => {
  useReference();
  manualSeed(1);
  const layer = new Linear(3, 2), x = randn([4, 5, 3]), target = randn([4, 5, 2]);
  const written = (): Tensor => {
    const out = zeros([4, 5, 2]);
    for (let i = 0; i < 4; i++) out.select(0, i).copy_(layer.forward(x.select(0, i)));
    return out;
  };
  const stacked = (): Tensor => stack(Array.from({ length: 4 }, (_, i) => layer.forward(x.select(0, i))));
  const gradients = (outputs: () => Tensor): number[] => {
    using _ = new Scope();
    for (const p of layer.parameters()) p.grad = null;
    mseLoss(outputs(), target).backward();
    return [...layer.parameters()].flatMap((p) => numbers(p.grad!));
  };
  const expected = gradients(stacked);
  assert(expected.some((g) => g !== 0));
  gradients(written).forEach((g, i) => assertAlmostEquals(g, expected[i]!, 1e-6));
});

Deno.test("a cell that keeps its states in one buffer is trained through time", () => {
  useReference();
  manualSeed(2);
  const cell = new RNNCell(2, 3), x = randn([4, 2]);
  const states = zeros([5, 3]);
  for (let t = 0; t < 4; t++) {
    states.select(0, t + 1).copy_(cell.forward(x.select(0, t), states.select(0, t).clone()));
  }
  states.slice(0, 1).sum().backward();
  const found = [...cell.parameters()].map((p) => numbers(p.grad!));
  for (const p of cell.parameters()) p.grad = null;
  const list = [zeros([3])];
  for (let t = 0; t < 4; t++) list.push(cell.forward(x.select(0, t), list[t]!));
  stack(list.slice(1)).sum().backward();
  [...cell.parameters()].forEach((p, i) =>
    numbers(p.grad!).forEach((g, j) => assertAlmostEquals(found[i]![j]!, g, 1e-5))
  );
});

Deno.test("InstanceNorm2d() of one channel moves its running statistics while it trains", () => {
  useReference();
  const norm = new InstanceNorm2d(1, { trackRunningStats: true, affine: true });
  const x = arange(0, 4).to("float32").reshape([1, 1, 2, 2]).requiresGrad_();
  norm.forward(x).square().sum().backward();
  // 0.1 of the mean 1.5; 0.9 and 0.1 of the unbiased variance 5 / 3.
  assertAlmostEquals(norm.runningMean!.item(), 0.15, 1e-6);
  assertAlmostEquals(norm.runningVar!.item(), 0.9 + 0.1 * 5 / 3, 1e-6);
  assertEquals([norm.runningMean!.requiresGrad, norm.weight!.grad!.shape, x.grad!.shape], [false, [1], [
    1,
    1,
    2,
    2,
  ]]);
});
