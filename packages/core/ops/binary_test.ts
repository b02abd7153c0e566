import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../creation.ts";
import { Device } from "../device.ts";
import { ReferenceBackend } from "../reference/reference_backend.ts";
import { floorDivide, floorDivide_, fmod, fmod_, pow, pow_, remainder, remainder_ } from "./binary.ts";

const device = new Device(new ReferenceBackend());
const whole = tensor([7, -7], { device, dtype: "int32" }), floats = tensor([7, -7], { device });

Deno.test("fmod(), remainder() and floorDivide() refuse to divide integers by the number 0", () => {
  for (const op of [fmod, remainder, floorDivide, fmod_, remainder_, floorDivide_]) {
    assertThrows(() => op(whole, 0), RangeError, "integers must not be divided by 0: current dtype is int32");
    assertThrows(() => op(whole, -0), RangeError, "integers must not be divided by 0");
  }
  assertEquals(fmod(floats, 0).tolist(), [NaN, NaN]);
  assertEquals(floorDivide(floats, 0).tolist(), [Infinity, -Infinity]);
  assertEquals(remainder(whole, 4).tolist(), [3, 1]);
});

Deno.test("fmod(), remainder() and floorDivide() of integers and a tensor of zeros are 0, as their comments say", () => {
  const zeros = tensor([0, 0], { device, dtype: "int32" });
  for (const op of [fmod, remainder, floorDivide]) assertEquals(op(whole, zeros).tolist(), [0, 0]);
});

Deno.test("pow() refuses negative powers of integers", () => {
  for (const op of [pow, pow_]) {
    assertThrows(() => op(whole, -1), RangeError, "must not be negative: current power is -1, dtype int32");
  }
  assertEquals(pow(whole, -0.5).dtype, "float32");
  assertEquals([...pow(floats, -1).dataSync()].map((n) => Math.round(7 * Number(n))), [1, -1]);
  assertEquals(pow(2, whole).tolist(), [128, 0]);
});
