import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, gaussianNllLoss, poissonNllLoss, ReferenceBackend, tensor, zeros } from "@troodon/core";

const device = new Device(new ReferenceBackend(), { tape });
const x = () => tensor([[1, 2], [3, 4]], { device, dtype: "float64" });
const none = { reduction: "none" } as const;

// PyTorch's values.
Deno.test("gaussianNllLoss() takes one variance for each row, all or a number", () => {
  const target = zeros([2, 2], { device, dtype: "float64" });
  const wanted = tensor([[0.5, 2], [2.347585, 2.382585]], { device, dtype: "float64" });
  for (const shape of [[2], [2, 1]]) {
    const variance = tensor([1, 100], { device, dtype: "float64" }).reshape(shape);
    assert(gaussianNllLoss(x(), target, variance, none).allclose(wanted, { atol: 1e-5 }));
  }
  assertAlmostEquals(gaussianNllLoss(x(), target, 0.5).item(), 7.153426, 1e-5);
  const odd = tensor([1], { device, dtype: "float64" });
  assertThrows(() => gaussianNllLoss(x(), target, odd), RangeError, "current shapes are [2, 2] and [1]");
});

Deno.test("gaussianNllLoss() has the gradient at eps for variances below it", () => {
  const variance = tensor([0.1], { device }).requiresGrad_(), one = tensor([1], { device });
  gaussianNllLoss(one, zeros([1], { device }), variance, { eps: 0.5 }).backward();
  assertEquals(variance.grad!.tolist(), [-1]);
});

Deno.test("poissonNllLoss() adds what the target decides where it is above 1", () => {
  const target = tensor([0, 1, 2, 5], { device, dtype: "float64" }),
    rate = tensor([0, 0, 0, 0], { device, dtype: "float64" });
  const short = poissonNllLoss(rate, target, none),
    full = poissonNllLoss(rate, target, { ...none, full: true });
  const added = full.sub(short).tolist() as number[];
  assertEquals(added.slice(0, 2), [0, 0]);
  assertAlmostEquals(added[2]!, 2 * Math.log(2) - 2 + 0.5 * Math.log(4 * Math.PI), 1e-12);
  assertAlmostEquals(added[3]!, 5 * Math.log(5) - 5 + 0.5 * Math.log(10 * Math.PI), 1e-12);
});
