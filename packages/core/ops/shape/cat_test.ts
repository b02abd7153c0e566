import { assertEquals, assertThrows } from "@std/assert";
import { cat, Device, ReferenceBackend, stack, tensor, zeros } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([[1, 2], [3, 4]], { device });

Deno.test("cat() joins along any axis", () => {
  assertEquals(cat([x, x.t()]).tolist(), [[1, 2], [3, 4], [1, 3], [2, 4]]);
  assertEquals(cat([x, x.narrow(1, 0, 1)], -1).tolist(), [[1, 2, 1], [3, 4, 3]]);
  assertEquals(cat([zeros([0, 2], { device }), x]).shape, [2, 2]);
});

Deno.test("cat() promotes", () => {
  const whole = tensor([[5, 6]], { device, dtype: "int32" });
  assertEquals(cat([whole, x]).dtype, "float32");
  assertEquals(cat([whole, x]).tolist(), [[5, 6], [1, 2], [3, 4]]);
});

Deno.test("cat() refuses other extents, scalars and nothing", () => {
  assertThrows(() => cat([x, tensor([[1, 2, 3]], { device })]), RangeError, "[2, 2], [1, 3]");
  assertThrows(() => cat([tensor(1, { device })]), RangeError);
  assertThrows(() => cat([]), RangeError, "current list is empty");
});

Deno.test("stack() adds an axis", () => {
  assertEquals(stack([x, x.mul(10)], -1).tolist(), [[[1, 10], [2, 20]], [[3, 30], [4, 40]]]);
  assertEquals(stack([tensor(1, { device }), tensor(2, { device })]).tolist(), [1, 2]);
  assertThrows(() => stack([x, x.select(0, 0)]), RangeError, "shapes must be equal");
});
