import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, logsumexp, norm, ReferenceBackend, std, tensor, variance, varMean } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, 2, 3], [4, 4, 4]], { device });

Deno.test("variance() divides by one less than there are", () => {
  assertEquals(variance(x, 1).tolist(), [1, 0]);
  assertEquals(x.var(1, { correction: 0 }).tolist()!, [2 / 3, 0].map(Math.fround));
  assertEquals(variance(tensor([5], { device })).item(), NaN);
});

Deno.test("variance() of equal elements is exactly 0", () => {
  const tenths = tensor([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], { device });
  assertEquals([variance(tenths).item(), std(tenths).item()], [0, 0]);
  assertEquals(variance(tensor([[]], { device }), 1).tolist(), [NaN]);
});

Deno.test("variance() does not cancel far from 0", () => {
  const far = tensor([1e6, 1e6 + 1, 1e6 + 2], { device, dtype: "float32" });
  assertEquals(variance(far).item(), 1);
});

Deno.test("std() is the root of the variance", () => {
  assertEquals(std(x, 1, { keepdim: true }).tolist(), [[1], [0]]);
});

Deno.test("varMean() gives both", () => {
  const [variance, mean] = varMean(x, 1);
  assertEquals([variance.tolist(), mean.tolist()], [[1, 0], [2, 4]]);
});

Deno.test("norm() takes every order", () => {
  const y = tensor([3, -4, 0], { device });
  assertEquals([0, 1, 2, Infinity, -Infinity].map((p) => norm(y, p).item()), [2, 7, 5, 4, 0]);
  assertAlmostEquals(norm(y, 3).item(), Math.cbrt(91), 1e-6);
  assertEquals(norm(x.to("int32"), 1, 0).dtype, "float32");
});

Deno.test("logsumexp() neither overflows nor trips over infinities", () => {
  assertAlmostEquals(logsumexp(tensor([1000, 1000], { device })).item(), 1000 + Math.LN2, 1e-3);
  assertEquals(logsumexp(tensor([-Infinity, -Infinity], { device })).item(), -Infinity);
  assertEquals(logsumexp(tensor([1, Infinity], { device })).item(), Infinity);
  assertEquals(logsumexp(tensor([], { device })).item(), -Infinity);
});

Deno.test("variance() and std() of integers ask for a conversion", () => {
  const x = tensor([1, 2], { device, dtype: "int32" });
  for (const op of [variance, std]) {
    assertThrows(() => op(x), TypeError, "current dtype is int32, convert it");
  }
});

Deno.test("variance() takes `unbiased` for its correction", () => {
  const x = tensor([1, 2, 6], { device });
  assertEquals(
    [true, false].map((unbiased) => variance(x, 0, { unbiased }).item()),
    [7, 14 / 3].map(Math.fround),
  );
  assertEquals(x.std(0, { unbiased: false }).item(), x.std(0, { correction: 0 }).item());
  assertThrows(() => x.var(0, { unbiased: true, correction: 1 }), TypeError, "say the same");
});
