import { assertEquals } from "@std/assert";
import { type CompositeOp, type FusedOp, type Op, Scope, type Tensor } from "@troodon/core";
import { flow } from "@troodon/core/kernel";
import { grad, gradcheck, gradgradcheck } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

// Fused, as its kernel is there; without a rule, so that its gradient is the composite's.
const FUSED: FusedOp<null> = {
  kind: "fused",
  name: "fusedExample",
  infer: ([x]) => [x!],
  composite: ([x, y]) => x!.mul(y!).exp().add(x!),
  kernel: () => ({ kernel: "softmax" }),
};

const fused = (x: Tensor, y: Tensor): Tensor => x.apply(FUSED, null, y);

Deno.test("a call of an op without a rule has the gradient of its composite", () => {
  const device = makeDevice(), x = leaf(device, [0.5, 1]), y = leaf(device, [2, 3]);
  const z = fused(x, y);
  z.sum().backward();
  assertClose(x.grad, [2 * Math.E + 1, 3 * Math.exp(3) + 1]);
  assertClose(y.grad, [0.5 * Math.E, Math.exp(3)]);
});

/** The same call as one node: what a backend with the kernel records. */
function asOneCall(x: Tensor, y: Tensor): Tensor {
  const z = x.detach().mul(y.detach()).exp().add(x.detach());
  const tape = (x.node ?? y.node)?.tape, current = flow.currentFlow();
  if (tape && current.recording) {
    tape.record({ op: FUSED, params: null, inputs: [x, y], outputs: [z] }, current);
  }
  return z;
}

Deno.test("a fused call is one node, and differentiable again", () => {
  const device = makeDevice(), x = leaf(device, [0.5, 1]), y = leaf(device, [2, 3]);
  const z = asOneCall(x, y);
  assertEquals(z.gradFn!.name, "FusedExampleBackward0");
  assertEquals(z.gradFn!.nextFunctions.map(([n]) => n?.name), ["AccumulateGrad", "AccumulateGrad"]);
  z.sum().backward();
  assertClose(x.grad, [2 * Math.E + 1, 3 * Math.exp(3) + 1]);
  const inputs = [constant(device, [0.3, -0.2]), constant(device, [0.7, 1.1])];
  gradcheck(asOneCall, inputs);
  gradgradcheck(asOneCall, inputs);
  // By an input that was not asked for at first.
  const w = asOneCall(x, y), [gx] = grad(w.sum(), x, { createGraph: true });
  const [gxy] = grad(gx!.sum(), y);
  assertClose(gxy!, [Math.E + Math.E, 3 * Math.exp(3) + Math.exp(3)]);
});

Deno.test("the composite of a fused call leaves no memory behind", () => {
  const device = makeDevice(), x = leaf(device, [0.5, 1]), y = leaf(device, [2, 3]);
  {
    using _ = new Scope();
    const z = asOneCall(x, y).sum(), before = device.memory.buffers;
    z.backward();
    assertEquals(device.memory.buffers, before + 2, "two gradients");
  }
  assertEquals(device.memory.buffers, 4);
});

Deno.test("a composite without a rule keeps only what its history saves", () => {
  const parts = { name: "example", infer: ([x]: readonly Tensor[]) => [x!] } as const;
  const composite = ([x]: readonly Tensor[]) => x!.add(1).mul(3).sub(2).exp();
  const alone: CompositeOp<null> = { ...parts, kind: "composite", composite };
  const fallback: FusedOp<null> = {
    ...parts,
    kind: "fused",
    composite,
    kernel: () => ({ kernel: "softmax" }),
  };
  for (const op of [alone, fallback] satisfies Op<null>[]) {
    const device = makeDevice(), x = leaf(device, [0.5, 1]), before = device.memory.buffers;
    const y = x.apply(op, null);
    assertEquals(device.memory.buffers - before, 1, "the result, which exp() saves");
    y.sum().backward();
    assertClose(x.grad, [3 * Math.exp(2.5), 3 * Math.exp(4)]);
  }
});
