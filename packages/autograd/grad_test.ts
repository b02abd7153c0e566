import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, ones, ReferenceBackend, Scope, type Tensor } from "@troodon/core";
import { grad, gradOf, noGrad, requireGrad, valueAndGrad } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("grad() returns gradients and leaves none", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = leaf(device, [3, 4]);
  const z = x.mul(y), [gx, gy, gz] = grad(z.sum(), [x, y, z]);
  assertClose(gx!, [3, 4]);
  assertClose(gy!, [1, 2]);
  assertClose(gz!, [1, 1]);
  assertEquals([x.grad, y.grad], [null, null]);
});

Deno.test("grad() takes several outputs with their gradients", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(x), z = x.sum();
  const [g] = grad([y, z], x, { gradOutputs: [constant(device, [1, 10]), null] });
  assertClose(g!, [3, 41]);
  assertThrows(() => grad(x.mul(2), x), RangeError, "give { gradOutputs }");
});

Deno.test("grad() does not walk beyond its inputs", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.exp(), z = y.mul(y).sum();
  grad(z, y);
  // exp was not walked, so that what it saved is still there.
  y.sum().backward();
  assertClose(x.grad, [Math.E, Math.exp(2)]);
});

Deno.test("grad() does not look at what was made before its inputs", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const before = x.exp(), y = before.mul(2), z = y.mul(y).sum();
  Object.defineProperty(before.gradFn, "next", {
    get: () => {
      throw new RangeError("looked at");
    },
  });
  assertClose(grad(z, y, { retainGraph: true })[0]!, [4 * Math.E, 4 * Math.exp(2)]);
  assertThrows(() => grad(z, x), RangeError, "looked at");
});

Deno.test("grad() names inputs that take no part", () => {
  const device = makeDevice(), x = leaf(device, [1]), y = leaf(device, [2]);
  assertThrows(() => grad(x.mul(2), [x, y]), TypeError, "do not depend on input 1");
  const [gx, gy] = grad(x.mul(2), [x, y], { allowUnused: true });
  assertClose(gx!, [2]);
  assertEquals(gy, null);
  assertThrows(() => grad(x, x.detach()), TypeError, "input 0 does not require a gradient");
});

Deno.test("grad() of grad() gives second and third derivatives", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(x).mul(x).mul(x).sum();
  const [first] = grad(y, x, { createGraph: true });
  const [second] = grad(first!.sum(), x, { createGraph: true });
  const [third] = grad(second!.sum(), x);
  assertClose(first!, [4, 32]);
  assertClose(second!, [12, 48]);
  assertClose(third!, [24, 48]);
});

Deno.test("createGraph makes the gradients in leaves differentiable", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = leaf(device, [5, 7]);
  x.exp().mul(y).sum().backward({ createGraph: true });
  assertClose(x.grad, [5 * Math.E, 7 * Math.exp(2)]);
  const g = x.grad!;
  x.grad = y.grad = null;
  g.sum().backward();
  assertClose(y.grad, [Math.E, Math.exp(2)]);
  assertClose(x.grad, [5 * Math.E, 7 * Math.exp(2)]);
});

Deno.test("createGraph does not leave one gradient in two leaves", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = leaf(device, [3, 4]);
  x.add(y).backward({ gradient: constant(device, [1, 1]), createGraph: true });
  assert(x.grad!.storage !== y.grad!.storage);
  assertClose(y.grad, [1, 1]);
});

Deno.test("a gradient penalty is differentiated through", () => {
  const device = makeDevice(), w = leaf(device, [0.5, -1]), x = leaf(device, [1, 2]);
  const [g] = grad(w.mul(x).tanh().sum(), x, { createGraph: true });
  const penalty = g!.mul(g!).sum();
  penalty.backward();
  const expected = [0.5, -1].map((w, i) => {
    const x = i + 1, t = Math.tanh(w * x), s = 1 - t * t;
    return 2 * (w * s) * (s - 2 * w * x * t * s);
  });
  assertClose(w.grad, expected);
});

Deno.test("gradOf() composes", () => {
  const device = makeDevice(), x = constant(device, [1, 2, 3]);
  const f = (x: Tensor) => x.mul(x).mul(x).sum();
  const ff = (x: Tensor) => gradOf(f)(x).sum();
  assertClose(gradOf(f)(x), [3, 12, 27]);
  assertClose(gradOf(ff)(x), [6, 12, 18]);
  assertClose(gradOf((x: Tensor) => gradOf(ff)(x).sum())(x), [6, 6, 6]);
  assertEquals(gradOf(f)(x).requiresGrad, false);
});

Deno.test("gradOf() does not confuse an inner argument with an outer one", () => {
  const device = makeDevice(), x = constant(device, [2]);
  // d/dx [x * d/dy (x + y)] = d/dx [x * 1] = 1; a confused engine says 2.
  const f = (x: Tensor) => x.mul(gradOf((y: Tensor) => x.add(y).sum())(x)).sum();
  assertClose(gradOf(f)(x), [1]);
  // The same by a constant: d/dx [d/dy (x * y) at y = 1] = 1.
  const one = constant(device, [1]);
  assertClose(gradOf((x: Tensor) => gradOf((y: Tensor) => x.mul(y).sum())(one).sum())(x), [1]);
});

Deno.test("gradOf() is differentiable by what it closes over, and by its argument", () => {
  const device = makeDevice(), w = leaf(device, [3]), x = leaf(device, [2]);
  const slope = gradOf((x: Tensor) => w.mul(x).mul(x).sum())(x);
  assertClose(slope, [12]);
  slope.sum().backward();
  assertClose(w.grad, [4]);
  assertClose(x.grad, [6]);
});

Deno.test("gradOf() within noGrad() is a constant", () => {
  const device = makeDevice(), x = leaf(device, [2]);
  const slope = noGrad(() => gradOf((x: Tensor) => x.mul(x).sum())(x));
  assertClose(slope, [4]);
  assertEquals(slope.requiresGrad, false);
});

Deno.test("valueAndGrad() takes lists, and zeros where nothing depends", () => {
  const device = makeDevice(), a = constant(device, [2]), b = constant(device, [5]);
  const [value, [ga, gb]] = valueAndGrad(([a, _b]: readonly [Tensor, Tensor], factor: number) =>
    a.mul(factor).sum()
  )(
    [a, b],
    3,
  );
  assertEquals(value.item(), 6);
  assertClose(ga, [3]);
  assertClose(gb, [0]);
  assertEquals([value.requiresGrad, a.requiresGrad], [false, false]);
});

Deno.test("gradOf() leaves no memory behind", () => {
  const device = makeDevice(), x = constant(device, [2]);
  {
    using _ = new Scope();
    gradOf((x: Tensor) => gradOf((x: Tensor) => x.exp().mul(x).sum())(x).sum())(x);
  }
  assertEquals(device.memory.buffers, 1);
});

Deno.test("gradOf() leaves no gradient in its own handles when somebody walks on", () => {
  const device = makeDevice(), w = leaf(device, [3]), x = constant(device, [2]);
  {
    using _ = new Scope();
    gradOf((x: Tensor) => w.mul(x).mul(x).sum())(x).sum().backward();
  }
  assertClose(w.grad, [4]);
  assertEquals(device.memory.buffers, 3, "w, x and the gradient of w");
});

Deno.test("requireGrad() makes a leaf on a device without a tape", () => {
  const device = new Device(new ReferenceBackend());
  const x = requireGrad(ones([2], { device }));
  x.mul(4).sum().backward();
  assertEquals(x.grad!.tolist(), [4, 4]);
  assertThrows(() => requireGrad(ones([2], { device, dtype: "int32" })), TypeError, "int32");
});

Deno.test('grad() by a view that was made later is null, also by x.at("...")', () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), y = x.mul(x).sum();
  const later = [x.at("..."), x.at({}), x.at(), x.view(2)];
  assertEquals(grad(y, later, { allowUnused: true }), later.map(() => null));
  const part = x.at("...");
  assertClose(grad(part.mul(3).sum(), x)[0]!, [3, 3]);
});
