import { assertEquals, assertThrows } from "@std/assert";
import { Scope } from "@troodon/core";
import { defineFunction, gradcheck, gradgradcheck, noGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

const cube = defineFunction({
  name: "Cube",
  forward(ctx, x) {
    ctx.saveForBackward(x);
    return x.mul(x).mul(x);
  },
  backward(ctx, g) {
    const [x] = ctx.savedTensors;
    return g.mul(x!).mul(x!).mul(3);
  },
});

// Saves an output, an input, and a tensor that is neither.
const blend = defineFunction({
  name: "Blend",
  forward(ctx, x, y) {
    const e = x.exp(), half = y.mul(0.5);
    ctx.saveForBackward(e, half, y);
    return [e.mul(y), e];
  },
  backward(ctx, g, ge) {
    const [e, half, y] = ctx.savedTensors;
    assertEquals(half!.tolist(), y!.mul(0.5).tolist());
    return [ctx.needsInputGrad[0] ? g!.mul(y!).add(ge!).mul(e!) : null, g!.mul(e!)];
  },
});

Deno.test("defineFunction() has the gradient it says, in every call", () => {
  const device = makeDevice(), x = leaf(device, [2, 3]);
  const y = cube(x), z = cube(y);
  assertEquals(y.gradFn!.name, "CubeBackward0");
  z.sum().backward();
  assertClose(x.grad, [9 * 2 ** 8, 9 * 3 ** 8]);
  assertEquals(noGrad(() => cube(x)).requiresGrad, false);
  assertThrows(() => z.sum().backward(), ReferenceError, "a second time");
});

Deno.test("defineFunction() is differentiable twice", () => {
  const device = makeDevice(), x = constant(device, [0.3, -1.2]), y = constant(device, [0.7, 1.1]);
  gradcheck(cube, [x]);
  gradgradcheck(cube, [x]);
  gradcheck(blend, [x, y]);
  gradgradcheck(blend, [x, y]);
});

Deno.test("defineFunction() with several results fills in gradients that are missing", () => {
  const device = makeDevice(), x = leaf(device, [0]), y = constant(device, [4]);
  const [, e] = blend(x, y);
  e!.sum().backward();
  assertClose(x.grad, [1]);
});

Deno.test("defineFunction() tells an input that is handed back from the result", () => {
  const device = makeDevice(), x = leaf(device, [1]);
  const reverse = defineFunction({ name: "Reverse", forward: (_, x) => x, backward: (_, g) => g.neg() });
  const y = reverse(x);
  assertEquals([x.isLeaf, y.isLeaf], [true, false]);
  y.mul(2).sum().backward();
  assertClose(x.grad, [-2]);
});

Deno.test("defineFunction() refuses changed values and wrong counts", () => {
  const device = makeDevice(), x = leaf(device, [1]);
  const y = x.mul(1), z = cube(y);
  y.add_(1);
  assertThrows(() => z.sum().backward(), TypeError, "changed by an in-place op");
  const wrong = defineFunction({ name: "Wrong", forward: (_, x, y) => x.add(y), backward: (_, g) => g });
  assertThrows(() => wrong(x, x).sum().backward(), TypeError, "2 inputs and 1 gradients");
});

Deno.test("defineFunction() frees what it saved", () => {
  const device = makeDevice(), x = leaf(device, [1]);
  {
    using _ = new Scope();
    cube(x).sum().backward();
  }
  assertEquals(device.memory.buffers, 2);
});
