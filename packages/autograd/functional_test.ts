import { assertEquals, assertThrows } from "@std/assert";
import { Scope, type Tensor, tensor } from "@troodon/core";
import { grad, gradcheck, gradOf, hessian, hvp, jacobian, jvp, noGrad, vhp, vjp } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("jacobian() has the shapes of output and input", () => {
  const device = makeDevice(), x = constant(device, [[1, 2, 3], [4, 5, 6]]);
  const j = jacobian((x: Tensor) => x.square().sum(1), x);
  assertEquals(j.shape, [2, 2, 3]);
  assertClose(j, [2, 4, 6, 0, 0, 0, 0, 0, 0, 8, 10, 12]);
  assertEquals(jacobian((x: Tensor) => x.sum(), x).shape, [2, 3]);
  assertEquals(jacobian((x: Tensor) => x.narrow(0, 0, 0), x).shape, [0, 3, 2, 3]);
});

Deno.test("jacobian() takes and gives lists", () => {
  const device = makeDevice(), a = constant(device, [1, 2]), b = constant(device, 3);
  const [product, sum] = jacobian((a: Tensor, b: Tensor) => [a.mul(b), a.sum()], [a, b]);
  assertClose(product![0]!, [3, 0, 0, 3]);
  assertClose(product![1]!, [1, 2]);
  assertClose(sum![0]!, [1, 1]);
  assertClose(sum![1]!, [0]);
});

Deno.test("jacobian() leaves gradients and memory alone", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), { buffers } = device.memory;
  const j = jacobian((x: Tensor) => x.exp().mul(x), x);
  assertEquals([x.grad, j.requiresGrad, device.memory.buffers], [null, false, buffers + 1]);
  noGrad(() => assertEquals(jacobian((x: Tensor) => x.mul(2), x, { createGraph: true }).requiresGrad, false));
});

Deno.test("jacobian() can be differentiated with createGraph", () => {
  const device = makeDevice(), x = leaf(device, [0.5, 2]);
  jacobian((x: Tensor) => x.pow(3), x, { createGraph: true }).sum().backward();
  assertClose(x.grad, [3, 12]);
  gradcheck((x) => jacobian((x: Tensor) => x.sin().mul(x.sum()), x, { createGraph: true }), [
    constant(device, [0.3, 0.7]),
  ]);
});

Deno.test("jacobian() knows what f closes over", () => {
  const device = makeDevice(), w = leaf(device, 2), x = constant(device, [1, 3]);
  jacobian((x: Tensor) => x.square().mul(w), x, { createGraph: true }).sum().backward();
  assertClose(w.grad, [8]);
});

Deno.test("jacobian() refuses integers", () => {
  const x = tensor([1], { device: makeDevice(), dtype: "int32" });
  assertThrows(() => jacobian((x: Tensor) => x, x), TypeError, "current dtypes are [int32]");
  assertThrows(() => jacobian(() => x, []), TypeError, "there must be inputs");
});

Deno.test("hessian() holds a block for each two inputs", () => {
  const device = makeDevice(), a = constant(device, [1, 2]), b = constant(device, 3);
  const [[aa, ab], [ba, bb]] = hessian((a: Tensor, b: Tensor) => a.square().sum().mul(b.square()), [
    a,
    b,
  ]) as [
    [Tensor, Tensor],
    [Tensor, Tensor],
  ];
  assertEquals([aa.shape, ab.shape, ba.shape, bb.shape], [[2, 2], [2], [2], []]);
  assertClose(aa, [18, 0, 0, 18]);
  assertClose(ab, [12, 24]);
  assertClose(ba, [12, 24]);
  assertClose(bb, [10]);
  assertClose(hessian((x: Tensor) => x.sum(), a), [0, 0, 0, 0]);
  assertThrows(() => hessian((x: Tensor) => x.mul(2), a), RangeError, "one element: current shapes are [2]");
});

Deno.test("hessian() can be differentiated with createGraph", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  hessian((x: Tensor) => x.pow(4).sum(), x, { createGraph: true }).sum().backward();
  assertClose(x.grad, [24, 48]);
});

Deno.test("vjp() and jvp() multiply the Jacobian from both sides", () => {
  const device = makeDevice(), a = constant(device, [1, 2]), b = constant(device, [3, 4, 5]);
  const f = (a: Tensor, b: Tensor): Tensor => a.unsqueeze(1).mul(b.square()).exp().log();
  const [ja, jb] = jacobian(f, [a, b]) as [Tensor, Tensor];
  const v = constant(device, [[1, -2, 3], [0.5, 2, -1]]),
    da = constant(device, [2, -1]),
    db = constant(device, [1, 0, 3]);
  const [y, [ga, gb]] = vjp(f, [a, b], v) as [Tensor, [Tensor, Tensor]];
  assertClose(y, [...f(a, b).dataSync()].map(Number));
  assertClose(ga, [...v.unsqueeze(-1).mul(ja).sum([0, 1]).dataSync()].map(Number));
  assertClose(gb, [...v.unsqueeze(-1).mul(jb).sum([0, 1]).dataSync()].map(Number));
  const [, change] = jvp(f, [a, b], [da, db]);
  assertClose(change, [...ja.matmul(da).add(jb.matmul(db)).dataSync()].map(Number));
  assertThrows(() => vjp(f, [a, b]), RangeError, "for a tensor of one element alone");
  assertThrows(() => jvp(f, [a, b], [da]), RangeError, "2 tensors in v: current number is 1");
});

Deno.test("jvp() of what does not depend on the inputs is zero", () => {
  const device = makeDevice(), x = constant(device, [1, 2]), c = constant(device, [5]);
  assertClose(jvp(() => c, x, x)[1], [0]);
  assertClose(jvp((x: Tensor) => x.mul(2), x, x)[1], [2, 4]);
});

Deno.test("jvp() can be differentiated with createGraph", () => {
  const device = makeDevice(), v = constant(device, [1, 2]);
  gradcheck((x, v) => jvp((x: Tensor) => x.sin().mul(x.sum()), x, v, { createGraph: true })[1], [
    constant(device, [0.3, 0.7]),
    v,
  ]);
});

Deno.test("hvp() and vhp() are the Hessian by a vector", () => {
  const device = makeDevice(), x = constant(device, [0.5, -1, 2]), v = constant(device, [1, 2, -1]);
  const f = (x: Tensor): Tensor => x.square().sum().mul(x.exp().sum());
  const expected = [...hessian(f, x).matmul(v).dataSync()].map(Number);
  for (const product of [hvp, vhp]) {
    const [y, found] = product(f, x, v);
    assertClose(found, expected);
    assertClose(y, [f(x).item()]);
    assertEquals([y.requiresGrad, found.requiresGrad], [false, false]);
  }
  assertClose(hvp((x: Tensor) => x.sum(), x, v)[1], [0, 0, 0]);
  const [, [left]] = vhp((a: Tensor, b: Tensor) => a.mul(b).sum(), [x, v], [v, x]) as [
    Tensor,
    [Tensor, Tensor],
  ];
  assertClose(left, [0.5, -1, 2]);
});

Deno.test("hvp() of gradOf() nests", () => {
  const device = makeDevice(), x = constant(device, [1, 2]), v = constant(device, [1, 1]);
  const slope = (x: Tensor): Tensor => gradOf((x: Tensor) => x.pow(3).sum())(x).sum();
  assertClose(hvp(slope, x, v)[1], [6, 6]);
});

Deno.test("hessian(), hvp() and vhp() refuse functions that give no element, several, or several tensors", () => {
  const device = makeDevice(), x = constant(device, [1, 2]);
  const given: Readonly<Record<string, (x: Tensor) => unknown>> = {
    "[2]": (x) => x.mul(2),
    "[], []": (x) => [x.sum(), x.prod()],
    "[0]": (x) => x.narrow(0, 0, 0),
    "": () => [],
  };
  const all = {
    hessian: (f: (x: Tensor) => Tensor) => hessian(f, x),
    hvp: (f: (x: Tensor) => Tensor) => hvp(f, x, x),
    vhp: (f: (x: Tensor) => Tensor) => vhp(f, x, x),
  };
  for (const [name, derive] of Object.entries(all)) {
    for (const [shapes, f] of Object.entries(given)) {
      const { message } = assertThrows(() => derive(f as (x: Tensor) => Tensor), RangeError);
      assertEquals(
        message,
        `Cannot compute ${name}() as the function must give one element: current shapes are ${shapes}`,
      );
    }
  }
});

Deno.test("vjp(), jvp(), hvp() and vhp() take 1 as the vector of one element, and check shapes and numbers", () => {
  const device = makeDevice(), x = constant(device, 3), y = constant(device, [1, 2]);
  const square = (x: Tensor): Tensor => x.square();
  assertClose(vjp(square, x)[1], [6]);
  assertClose(jvp(square, x)[1], [6]);
  assertClose(hvp(square, x)[1], [2]);
  assertClose(vhp(square, x)[1], [2]);
  const sum = (y: Tensor): Tensor => y.sum();
  const products: Readonly<Record<string, (v?: Tensor | readonly Tensor[]) => unknown>> = {
    jvp: (v) => jvp(sum, y, v),
    hvp: (v) => hvp(sum, y, v),
    vhp: (v) => vhp(sum, y, v),
  };
  for (const [name, product] of Object.entries(products)) {
    assertThrows(
      () => product(),
      RangeError,
      `${name}() as a gradient can be created`,
    );
    assertThrows(
      () => product(x),
      RangeError,
      `${name}() as the gradient must have`,
    );
    assertThrows(
      () => product([y, y]),
      RangeError,
      "1 tensors in v: current number is 2",
    );
  }
});

Deno.test("derivatives with createGraph stay within the graph of the caller, and without it leave memory alone", () => {
  const device = makeDevice(), x = leaf(device, [0.5, 2]), v = constant(device, [1, -1]);
  const f = (x: Tensor): Tensor => x.pow(3).sum();
  const made: Readonly<Record<string, (createGraph: boolean) => readonly Tensor[]>> = {
    jacobian: (createGraph) => [jacobian((x: Tensor) => x.pow(3), x, { createGraph })],
    hessian: (createGraph) => [hessian(f, x, { createGraph })],
    vjp: (createGraph) => vjp((x: Tensor) => x.pow(3), x, v, { createGraph }),
    jvp: (createGraph) => jvp((x: Tensor) => x.pow(3), x, v, { createGraph }),
    hvp: (createGraph) => hvp(f, x, v, { createGraph }),
    vhp: (createGraph) => vhp(f, x, v, { createGraph }),
  };
  for (const [name, make] of Object.entries(made)) {
    const { buffers } = device.memory, plain = make(false);
    assertEquals(plain.map((t) => t.requiresGrad), plain.map(() => false), name);
    assertEquals([device.memory.buffers - buffers, x.storage.references], [plain.length, 1], name);
    for (const t of plain) t.dispose();
    using _ = new Scope();
    const linked = make(true);
    assertEquals(linked.map((t) => t.requiresGrad), linked.map(() => true), name);
    for (const t of linked) grad(t.sum(), x, { retainGraph: true });
    assertEquals(x.grad, null, name);
    assertEquals(noGrad(() => make(true)).map((t) => t.requiresGrad), linked.map(() => false), name);
  }
});
