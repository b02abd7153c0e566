import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { batchNorm, Device, ones, ReferenceBackend, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("batchNorm() moves the running values towards mean and unbiased variance", () => {
  const x = tensor([[1], [3]], { device });
  const mean = zeros([1], { device }), variance = ones([1], { device });
  batchNorm(x, mean, variance, null, null, { training: true, momentum: 0.5 });
  assertAlmostEquals(mean.item(), 1, 1e-6);
  assertAlmostEquals(variance.item(), 1.5, 1e-5);
});

Deno.test("batchNorm() out of training leaves the running values alone", () => {
  const x = tensor([[1], [3]], { device });
  const mean = ones([1], { device }), variance = ones([1], { device });
  const y = batchNorm(x, mean, variance, null, tensor([5], { device }), { eps: 0 });
  assertEquals(y.tolist(), [[5], [7]]);
  assertEquals([mean.item(), variance.item()], [1, 1]);
});

Deno.test("batchNorm() takes a weight or a bias alone", () => {
  const x = tensor([[1], [3]], { device }), two = tensor([2], { device });
  assertEquals(batchNorm(x, null, null, two, null, { eps: 0 }).tolist(), [[-2], [2]]);
  assertEquals(batchNorm(x, null, null, null, two, { eps: 0 }).tolist(), [[1], [3]]);
});

Deno.test("batchNorm() says what does not fit", () => {
  const x = ones([2, 3], { device });
  assertThrows(() => batchNorm(x, zeros([2], { device })), RangeError, "current shapes are [2, 3], [2]");
  assertThrows(() => batchNorm(ones([3], { device })), RangeError, "[n, c, ...]");
  assertThrows(
    () => batchNorm(ones([1, 3], { device }), null, null, null, null, { training: true }),
    RangeError,
    "more than one value for each channel",
  );
});
