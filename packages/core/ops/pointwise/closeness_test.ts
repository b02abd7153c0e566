import { assertEquals, assertThrows } from "@std/assert";
import { allclose, Device, equal, isclose, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());
const x = tensor([1, Infinity, NaN, -Infinity], { device });

Deno.test("isclose() is relative to the second, and knows infinities and NaN", () => {
  const y = tensor([1.00001, Infinity, NaN, 5], { device });
  assertEquals(isclose(x, y, { rtol: 1e-4 }).tolist(), [true, true, false, false]);
  assertEquals(isclose(x, y, { rtol: 0, equalNan: true }).tolist(), [false, true, true, false]);
  assertEquals(isclose(y, x).at(3).tolist(), false);
});

Deno.test("allclose() asks it of all, whatever the type", () => {
  const whole = tensor([10, 20], { device, dtype: "int32" });
  assertEquals(allclose(whole, whole.add(1), { atol: 1, rtol: 0 }), true);
  assertEquals(allclose(whole, whole.add(1), { atol: 0.5, rtol: 0 }), false);
  assertEquals(allclose(x, x), false);
  assertThrows(() => allclose(whole, tensor([1, 2, 3], { device })), RangeError);
});

Deno.test("equal() compares shapes too", () => {
  const y = tensor([1, 2], { device });
  assertEquals([equal(y, y.clone()), equal(y, y.add(1)), equal(y, y.unsqueeze(0))], [true, false, false]);
});
