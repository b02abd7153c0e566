import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Device, logcumsumexp, ReferenceBackend, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, 2], [3, 4]], { device });

Deno.test("cumsum() and cumprod() run along any axis of any layout", () => {
  assertEquals(x.cumsum(0).tolist(), [[1, 2], [4, 6]]);
  assertEquals(x.t().cumsum(-1).tolist(), [[1, 4], [2, 6]]);
  assertEquals(x.cumprod(1).tolist(), [[1, 2], [3, 12]]);
  assertEquals(tensor([true, true], { device }).cumsum(0).tolist(), [1, 2]);
  assertEquals(tensor(3, { device }).cumsum(0).item(), 3);
  assertEquals(zeros([2, 0], { device }).cumsum(1).shape, [2, 0]);
});

Deno.test("logcumsumexp() does not overflow", () => {
  const y = logcumsumexp(tensor([-Infinity, 1000, 1000], { device }), 0).dataSync();
  assertEquals(y[0], -Infinity);
  assertAlmostEquals(Number(y[2]), 1000 + Math.LN2, 1e-3);
});
