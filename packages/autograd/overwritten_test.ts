import { tape } from "./tape.ts";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, ReferenceBackend, type Tensor, tensor } from "@troodon/core";

const device = new Device(new ReferenceBackend(), { tape });
const leaf = (values: number[]): Tensor => tensor(values, { device, dtype: "float64", requiresGrad: true });
const gradients = (t: Tensor): number[] => t.grad!.tolist() as number[];

Deno.test("backward() reads no quotient: it may be overwritten", () => {
  const a = leaf([3, -1]), b = leaf([2, 4]), y = a.div(b);
  y.add_(1);
  y.sum().backward();
  assertEquals([gradients(a), gradients(b)], [[0.5, 0.25], [-0.75, 0.0625]]);
});

Deno.test("backward() reads what relu() gave, not what it was given", () => {
  const x = leaf([3, -1]), y = x.mul(2), z = y.relu();
  y.zero_();
  z.sum().backward();
  assertEquals(gradients(x), [2, 0]);
  const again = leaf([3, -1]).mul(2).relu_();
  again.add_(1);
  assertThrows(() => again.sum().backward(), TypeError, "Cannot run backward() through relu()");
});

Deno.test("backward() refuses products and running products that were overwritten, as PyTorch reads them", () => {
  for (const f of [(x: Tensor) => x.prod(), (x: Tensor) => x.cumprod(0)]) {
    const y = f(leaf([2, 3]).mul(1));
    y.add_(1);
    assertThrows(() => y.sum().backward(), TypeError, "changed by an in-place op");
  }
});

Deno.test("cumprod_(), floatPower_(), mvlgamma_() and scatterReduce_() have gradients that read what they overwrite", () => {
  const x = leaf([2, 3]);
  x.mul(1).cumprod_(0).sum().backward();
  assertEquals(gradients(x), [4, 2]);
  const y = leaf([2, 3]);
  y.mul(1).floatPower_(2).sum().backward();
  assertEquals(gradients(y), [4, 6]);
  const z = leaf([2, 3]), w = leaf([2, 3]);
  z.mul(1).mvlgamma_(1).sum().backward();
  w.lgamma().sum().backward();
  gradients(z).forEach((g, i) => assertAlmostEquals(g, gradients(w)[i]!, 1e-12));
  const source = leaf([5, 7]), plain = tensor([2, 3], { device, dtype: "float64" });
  const index = tensor([0, 0], { device, dtype: "int32" });
  plain.scatterReduce_(0, index, source, "prod").sum().backward();
  assertEquals([plain.tolist(), gradients(source)], [[70, 3], [14, 10]]);
});

Deno.test("lerp_() takes its weight from a tensor", () => {
  const x = leaf([1, 2]), end = leaf([3, 6]), weight = leaf([0.5, 0.25]), y = x.mul(1);
  y.lerp_(end, weight).sum().backward();
  assertEquals(y.tolist(), [2, 3]);
  assertEquals([x, end, weight].map(gradients), [[0.5, 0.75], [0.5, 0.25], [2, 4]]);
});

Deno.test("backward() refuses a second walk through a product with a number, which PyTorch saves", () => {
  for (const f of [(x: Tensor) => x.mul(2), (x: Tensor) => x.div(2)]) {
    const y = f(leaf([1, 2])).sum();
    y.backward({ retainGraph: true });
    y.backward();
    assertThrows(() => y.backward(), ReferenceError, "a second time");
  }
  // Nothing is saved of these.
  const x = leaf([1, 2]), y = x.add(1).neg().mean();
  y.backward();
  y.backward();
  assertEquals(gradients(x), [-1, -1]);
});

Deno.test("backward() leaves nothing in a leaf that was told to need no gradient", () => {
  const x = leaf([1, 2]), w = leaf([3, 4]), y = x.mul(w).sum();
  x.requiresGrad_(false);
  y.backward();
  assertEquals([x.grad, gradients(w)], [null, [1, 2]]);
});
