import { assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../creation.ts";
import { Device } from "../../device.ts";
import type { DType } from "../../dtype.ts";
import { ReferenceBackend } from "../../reference/reference_backend.ts";
import type { Tensor } from "../../tensor.ts";
import { bitwiseAnd, bitwiseLeftShift, bitwiseNot, bitwiseRightShift, gcd, lcm } from "./bits.ts";

const device = new Device(new ReferenceBackend());
const made = (data: number[], dtype: DType = "int32"): Tensor => tensor(data, { device, dtype });

Deno.test("bitwiseLeftShift() by more bits than there are, or fewer than none, leaves 0", () => {
  assertEquals(bitwiseLeftShift(made([1, 1, 1, -1]), made([-1, 33, 31, 4])).tolist(), [
    0,
    0,
    -(2 ** 31),
    -16,
  ]);
  assertEquals(bitwiseLeftShift(made([3, 129], "uint8"), 1).tolist(), [6, 2]);
  assertEquals(bitwiseLeftShift(1, made([3, 4])).tolist(), [8, 16]);
});

Deno.test("bitwiseRightShift() by more bits than there are, or fewer than none, leaves the sign", () => {
  assertEquals(bitwiseRightShift(made([-5, 5, -5, 200]), made([-1, 33, 1, 3])).tolist(), [-1, 0, -3, 25]);
  assertEquals(bitwiseRightShift(made([200], "uint8"), 3).tolist(), [25]);
});

Deno.test("bitwiseNot() turns bits over, and truth", () => {
  assertEquals(bitwiseNot(made([0, 5, -1])).tolist(), [-1, -6, 0]);
  assertEquals(bitwiseNot(made([0, 5], "uint8")).tolist(), [255, 250]);
  const y = bitwiseNot(made([0, 1], "bool"));
  assertEquals([y.dtype, y.tolist()], ["bool", [true, false]]);
});

Deno.test("gcd() and lcm() are not negative, and 0 of two zeros", () => {
  assertEquals(gcd(made([12, -18, 0, 0]), made([18, 27, -5, 0])).tolist(), [6, 9, 5, 0]);
  assertEquals(lcm(made([0, -4, 21]), made([0, 6, 6])).tolist(), [0, 12, 42]);
  assertEquals(gcd(made([1836311903]), made([1134903170])).tolist(), [1]);
});

Deno.test("bits are those of integers", () => {
  const floats = made([1], "float32");
  assertThrows(
    () => bitwiseAnd(floats, 1),
    TypeError,
    "dtypes must be bool or integers: current dtype is float32",
  );
  assertThrows(() => bitwiseAnd(made([3]), 2.5), TypeError, "numbers must be whole: current number is 2.5");
  assertThrows(() => gcd(floats, 1), TypeError, "dtypes must be integers: current dtype is float32");
  assertThrows(() => bitwiseLeftShift(made([1], "bool"), 1), TypeError, "current dtype is bool");
});
