import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { Device, logSoftmax, ones, ReferenceBackend, softmax, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("softmax() and logSoftmax() do not overflow", () => {
  const x = tensor([1000, 1000, -1000], { device });
  assertEquals(softmax(x, 0).tolist(), [0.5, 0.5, 0]);
  assertAlmostEquals(logSoftmax(x, 0).at(2).item(), -2000 - Math.LN2, 1e-3);
});

Deno.test("softmax() gives what is impossible no share", () => {
  assertEquals(softmax(tensor([-Infinity, 0], { device }), 0).tolist(), [0, 1]);
});

Deno.test("softmax() runs along any axis, of scalars and of nothing", () => {
  const x = ones([2, 4, 3], { device });
  assertEquals(softmax(x, 1).at(0, 0, 0).item(), 0.25);
  assertEquals(softmax(x, -3).at(0, 0, 0).item(), 0.5);
  assertEquals(softmax(ones([], { device }), 0).item(), 1);
  assertEquals(softmax(ones([0, 3], { device }), 1).shape, [0, 3]);
});

Deno.test("softmax() refuses an axis that is not there", () => {
  assertThrows(() => softmax(ones([2], { device }), 1), RangeError, "Cannot apply softmax() as dim must be");
});

Deno.test("softmax() and logSoftmax() of integers and bools are those of the numbers they stand for", () => {
  const whole = tensor([[1, 0, 1], [1, 1, 0]], { device, dtype: "int32" }), exact = whole.to("float32");
  for (const f of [softmax, logSoftmax]) {
    for (const dim of [0, 1]) {
      for (const dtype of ["int32", "bool"] as const) {
        const y = f(whole.to(dtype), dim);
        assertEquals([y.dtype, y.tolist()], ["float32", f(exact, dim).tolist()], `${f.name}() of ${dtype}`);
      }
    }
  }
});

Deno.test("softmax() and logSoftmax() along any axis are laid out in row-major order", () => {
  const x = tensor([[[1, 2], [3, 5]], [[0, 4], [1, 1]]], { device });
  for (const dim of [0, 1, 2]) {
    assertEquals([softmax(x, dim).isContiguous(), logSoftmax(x, dim).isContiguous()], [true, true]);
  }
});
