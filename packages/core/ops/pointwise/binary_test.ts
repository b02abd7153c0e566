import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../creation.ts";
import { Device } from "../../device.ts";
import { ReferenceBackend } from "../../reference/reference_backend.ts";
import type { Tensor } from "../../tensor.ts";
import { div, floorDivide, floorDivide_, fmod, fmod_, pow, pow_, remainder, remainder_ } from "./binary.ts";

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

Deno.test("fmod(), remainder(), floorDivide() and div() refuse integers in a tensor that holds 0", () => {
  const divisors = tensor([2, 0], { device, dtype: "int32" });
  const truncated = (x: Tensor, y: Tensor) => div(x, y, { roundingMode: "trunc" });
  for (const op of [fmod, remainder, floorDivide, truncated]) {
    assertThrows(() => op(whole, divisors), RangeError, "() as integers must not be divided by 0");
    assertEquals(op(floats, divisors).dtype, "float32");
    assertEquals(op(whole, divisors.narrow(0, 0, 1)).shape, [2]);
  }
  assertEquals(div(whole, divisors).tolist(), [3.5, -Infinity]);
});

Deno.test("div() rounds as it is told to", () => {
  assertEquals(div(whole, 2, { roundingMode: "trunc" }).tolist(), [3, -3]);
  assertEquals(div(whole, 2, { roundingMode: "floor" }).tolist(), [3, -4]);
  assertEquals(div(floats, 2, { roundingMode: "trunc" }).tolist(), [3, -3]);
  assertEquals(div(floats, 2, {}).tolist(), [3.5, -3.5]);
  const wrong = "ceil" as "floor";
  assertThrows(() => div(floats, 2, { roundingMode: wrong }), RangeError, 'current roundingMode is "ceil"');
});

Deno.test("pow() refuses negative powers of integers", () => {
  for (const op of [pow, pow_]) {
    assertThrows(() => op(whole, -1), RangeError, "must not be negative: current power is -1, dtype int32");
  }
  assertEquals(pow(whole, -0.5).dtype, "float32");
  assertEquals([...pow(floats, -1).dataSync()].map((n) => Math.round(7 * Number(n))), [1, -1]);
  assertEquals(pow(2, whole).tolist(), [128, 0]);
});
Deno.test("add() and sub() of integers and a fraction are float32, whatever alpha makes of it", () => {
  const x = tensor([1, 2], { device, dtype: "int64" });
  const found = [
    x.add(0.5, { alpha: 2 }),
    x.sub(0.5, { alpha: 2 }),
    x.add(0.25, { alpha: 2 }),
    x.add(1, { alpha: 2 }),
  ];
  assertEquals(found.map((y) => y.dtype), ["float32", "float32", "float32", "int64"]);
  assertEquals(found.map((y) => y.tolist()), [[2, 3], [0, 1], [1.5, 2.5], [3, 4]]);
});

Deno.test("positive() is the tensor itself", () => {
  assertEquals(floats.positive() === floats, true);
  assertThrows(() => tensor([true], { device }).positive(), TypeError, "elements must be numbers");
});

Deno.test("square() of bool is int64, as x ** 2", () => {
  const x = tensor([true, false], { device }).square();
  assertEquals([x.dtype, x.tolist()], ["int64", [1, 0]]);
});
