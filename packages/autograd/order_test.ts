/** Two events, in each order: disposing, releasing, walking, changing in place. */
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, Scope, type Tensor, tensor, tidy } from "@troodon/core";
import { enableGrad, grad, isGradEnabled, noGrad, setGradEnabled, tape } from "./mod.ts";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("backward() does not need the handles of what is between, of the root's inputs or of constants", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), c = constant(device, [3, 4]);
  const y = x.mul(c), z = y.exp(), loss = z.sum();
  for (const t of [c, y, z]) t.dispose();
  loss.backward();
  assertClose(x.grad, [3 * Math.exp(3), 4 * Math.exp(8)]);
  loss.dispose();
  assertEquals(device.memory.buffers, 2, "x and its gradient");
});

Deno.test("backward() of a disposed root is a clear error, and leaves the graph of others whole", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.exp(), a = y.sum(), b = y.mul(2).sum();
  a.dispose();
  b.backward();
  assertClose(x.grad, [2 * Math.E, 2 * Math.exp(2)]);
  // A root may go as soon as it was walked.
  b.dispose();
  assertThrows(() => y.sum().backward(), ReferenceError, "through exp() a second time");
});

Deno.test("backward() after its leaf was disposed leaves no error behind in the others", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), w = leaf(device, [3, 4]);
  const loss = x.mul(w).sum();
  x.dispose();
  loss.backward();
  assertClose(w.grad, [1, 2]);
});

Deno.test("backward() by two roots that share a part: the second needs retainGraph of the first", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  for (const retainGraph of [true, false]) {
    x.grad = null;
    const shared = x.exp(), a = shared.sum(), b = shared.mul(2).sum();
    a.backward({ retainGraph });
    if (retainGraph) {
      b.backward();
      assertClose(x.grad, [3 * Math.E, 3 * Math.exp(2)]);
      assertThrows(() => a.backward(), ReferenceError, "a second time");
    } else {
      assertThrows(() => b.backward(), ReferenceError, "through exp() a second time");
      assertClose(x.grad, [Math.E, Math.exp(2)]);
    }
  }
});

Deno.test("backward() releases what it walked, and nothing that leads elsewhere", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]), w = leaf(device, [3, 4]);
  const a = x.exp(), b = w.exp();
  grad(a.mul(b).sum(), a);
  // exp of w was on no way to a: it can still be walked. The product was, and cannot.
  b.sum().backward();
  assertClose(w.grad, [Math.exp(3), Math.exp(4)]);
  a.sum().backward();
  assertClose(x.grad, [Math.E, Math.exp(2)]);
});

Deno.test("grad() with targets inside: each gradient is that of all ways from the roots", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const a = x.mul(2), b = a.mul(a), c = b.add(a), loss = c.mul(b).sum();
  const v = [2, 4];
  const [gc, gb, ga, gx] = grad(loss, [c, b, a, x], { retainGraph: true });
  // loss = c b, c = b + a, b = a^2, a = 2 x
  assertClose(gc!, v.map((a) => a * a));
  assertClose(gb!, v.map((a) => a * a + a + a * a));
  assertClose(ga!, v.map((a) => (2 * a * a + a) * 2 * a + a * a));
  assertClose(gx!, v.map((a) => 2 * ((2 * a * a + a) * 2 * a + a * a)));
  // In another order, twice, and the root itself.
  const [g1, root, g2] = grad(loss, [x, loss, x]);
  assertClose(root!, [1]);
  for (const g of [g1!, g2!]) assertClose(g, [...gx!.dataSync()].map(Number));
  assert(g1 !== g2);
});

Deno.test("grad() with targets releases what it walked unless told otherwise", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const loss = x.exp().sum();
  grad(loss, x, { retainGraph: true });
  grad(loss, x);
  assertThrows(() => grad(loss, x), ReferenceError, "a second time");
  const other = x.exp().sum();
  grad(other, x, { createGraph: true });
  assertClose(grad(other, x)[0]!, [Math.E, Math.exp(2)]);
});

Deno.test("grad() returns handles that a scope of its caller frees, and nobody else", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const before = device.memory.buffers;
  const [g] = tidy(() => grad(x.exp().sum(), x));
  assertClose(g!, [Math.E, Math.exp(2)]);
  assertEquals(device.memory.buffers, before + 1);
  g!.dispose();
  assertEquals(device.memory.buffers, before);
});

Deno.test("tidy() hands on what a history saved, through scopes within scopes, until that is walked", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  {
    using _ = new Scope();
    const y = tidy(() => tidy(() => x.exp()).exp());
    const z = tidy(() => y.mul(y).sum());
    z.backward();
    assertClose(x.grad, [1, 2].map((v) => 2 * Math.exp(Math.exp(v)) ** 2 * Math.exp(v)));
  }
  assertEquals(device.memory.buffers, 2, "x and its gradient");
});

Deno.test("tidy() frees the history of what it does not return", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = tidy(() => {
    x.exp().exp().sum();
    return x.mul(3);
  });
  assertEquals(device.memory.buffers, 2);
  y.sum().backward();
  assertClose(x.grad, [3, 3]);
});

Deno.test("requiresGrad_() off and on again keeps the leaf of what was recorded before", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const loss = x.exp().sum();
  x.requiresGrad = false;
  assertEquals([x.requiresGrad, x.mul(2).requiresGrad], [false, false]);
  x.requiresGrad = true;
  const other = x.mul(2).sum();
  loss.add(other).backward();
  assertClose(x.grad, [Math.E + 2, Math.exp(2) + 2]);
  // It is the same leaf: hooks are still there, and what was recorded before leads to it.
  const earlier = x.exp().sum(), seen: unknown[] = [];
  using _ = x.registerHook((g) => void seen.push(g.tolist()));
  x.requiresGrad = false;
  x.requiresGrad = true;
  assertClose(grad(earlier, x, { retainGraph: true })[0]!, [Math.E, Math.exp(2)]);
  earlier.mul(0).add(x.sum()).backward();
  assertEquals(seen, [[Math.E, Math.exp(2)], [1, 1]]);
  x.requiresGrad_(true);
  assertThrows(() => x.mul(2).requiresGrad_(false), TypeError, "not a leaf: use detach()");
  assertStrictEquals(x.requiresGrad_(), x);
});

Deno.test("noGrad(), enableGrad() and setGradEnabled() nest, and restore in the order they end", async () => {
  const states: boolean[] = [];
  const note = () => void states.push(isGradEnabled());
  {
    using _off = noGrad();
    note();
    {
      using _on = enableGrad();
      note();
      {
        using _off2 = setGradEnabled(false);
        note();
      }
      note();
      noGrad(() => {
        note();
        enableGrad(note);
        note();
      });
      note();
    }
    note();
  }
  note();
  {
    using _ = setGradEnabled(true);
    note();
  }
  assertEquals(states, [false, true, false, true, false, true, false, true, false, true, true]);
  assertEquals(await enableGrad(() => Promise.resolve(1)), 1);
  assertEquals(isGradEnabled(), true);
});

Deno.test("backward() works within noGrad(), and leaves it on", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const loss = x.mul(x).sum();
  {
    using _ = noGrad();
    loss.backward({ retainGraph: true });
    assertEquals([isGradEnabled(), x.grad!.requiresGrad], [false, false]);
    const [g] = grad(loss, x, { createGraph: true });
    assertEquals([isGradEnabled(), g!.requiresGrad], [false, true]);
  }
  assertClose(x.grad, [2, 4]);
});

Deno.test("detach() and alias() share values and not, or also, the history", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(3), d = y.detach(), a = y.alias();
  assertEquals([d.requiresGrad, a.requiresGrad, a.gradFn === y.gradFn], [false, true, true]);
  assertEquals([d.storage === y.storage, a.storage === y.storage], [true, true]);
  y.dispose();
  assertClose(d, [3, 6]);
  a.sum().backward();
  assertClose(x.grad, [3, 3]);
  // A change through one is seen by the other, and by whoever saved it.
  const z = x.mul(1), w = z.exp(), s = w.sum();
  w.detach().add_(1);
  assertClose(w, [Math.E + 1, Math.exp(2) + 1]);
  assertThrows(() => s.backward(), TypeError, "changed by an in-place op");
});

Deno.test("a change in place before a call is part of it, and after it an error, but for what no rule reads", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const before = x.mul(1);
  before.mul_(2);
  before.exp().sum().backward();
  assertClose(x.grad, [2 * Math.exp(2), 2 * Math.exp(4)]);
  x.grad = null;
  const after = x.mul(1), y = after.log().sum();
  after.mul_(2);
  assertThrows(() => y.backward(), TypeError, "through log() as its input 0 of shape [2]");
  // The failed walk has changed nothing: what was recorded after it still works.
  after.sum().backward();
  assertClose(x.grad, [2, 2]);
});

Deno.test("a change in place is refused for leaves and their views, and the values stay", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const view = x.at({ end: 1 });
  assertThrows(() => x.mul_(2), TypeError, "a leaf that requires a gradient");
  assertThrows(() => view.mul_(2), TypeError, "a view of a leaf");
  assertClose(x, [1, 2]);
  noGrad(() => x.mul_(2));
  assertClose(x, [2, 4]);
  view.sum().backward();
  assertClose(x.grad, [1, 0]);
});

Deno.test("tensors of two tapes do not meet in one call", () => {
  const other = new Device(new ReferenceBackend(), { tape: Object.create(tape) });
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = tensor([1, 2], { device, dtype: "float64" });
  y.node = { ...x.node!, tape: other.tape! };
  assertThrows(() => x.mul(y), TypeError, "tensors of two tapes meet");
});

Deno.test("calls between plain tensors, and of whole numbers, record nothing", () => {
  const device = makeDevice(), x = leaf(device, [1.5, 2.5]), c = constant(device, [1, 2]);
  assertEquals(c.exp().requiresGrad, false);
  const whole = x.to("int32"), compared = x.gt(2), index = x.argmax();
  assertEquals([whole, compared, index].map((t) => t.requiresGrad), [false, false, false]);
  const references = x.storage.references;
  x.gt(c);
  assertEquals(x.storage.references, references);
});

const both = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum();

Deno.test("one tensor on both sides of a call, or twice in a list, has the sum of both gradients", () => {
  const device = makeDevice(), x = leaf(device, [2, 3]);
  both(x, x).backward();
  assertClose(x.grad, [4, 6]);
  const y = x.mul(1);
  const [g] = grad(both(y, y), y);
  assertClose(g!, [4, 6]);
});

Deno.test("a change in place whose rule reads its own result has its gradient, once or in a row", () => {
  const device = makeDevice(), values = [0.5, 2];
  const rules: Readonly<Record<string, readonly [f: (y: Tensor) => Tensor, slope: (v: number) => number]>> = {
    exp_: [(y) => y.exp_(), Math.exp],
    tanh_: [(y) => y.tanh_(), (v) => 1 - Math.tanh(v) ** 2],
    sqrt_: [(y) => y.sqrt_(), (v) => 0.5 / Math.sqrt(v)],
    rsqrt_: [(y) => y.rsqrt_(), (v) => -0.5 * v ** -1.5],
    reciprocal_: [(y) => y.reciprocal_(), (v) => -1 / v ** 2],
    sigmoid_: [(y) => y.sigmoid_(), (v) => Math.exp(-v) / (1 + Math.exp(-v)) ** 2],
  };
  for (const [name, [f, slope]] of Object.entries(rules)) {
    const x = leaf(device, values), y = x.mul(1);
    f(y);
    y.mul(3).sum().backward();
    assertClose(x.grad, values.map((v) => 3 * slope(v)));
    // The second one overwrites what the first has saved.
    const again = x.mul(1);
    f(f(again));
    assertThrows(() => again.sum().backward(), TypeError, `through ${name.slice(0, -1)}() as its output 0`);
  }
});
