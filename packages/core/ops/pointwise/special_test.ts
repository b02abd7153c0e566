import { assert, assertEquals, assertThrows } from "@std/assert";
import { tensor } from "../../creation.ts";
import { Device } from "../../device.ts";
import type { DType } from "../../dtype.ts";
import { ReferenceBackend } from "../../reference/reference_backend.ts";
import type { Tensor } from "../../tensor.ts";
import { digamma, lgamma, mvlgamma, polygamma } from "../random/gamma.ts";
import { copysign, fmax, fmin, heaviside, isreal, positive, signbit } from "./sign.ts";
import { floatPower, frexp, ldexp, logaddexp2, nextafter } from "./scaling.ts";
import { nanToNum } from "../indexing/select.ts";
import { hardtanh, threshold } from "./activation.ts";
import { entr, erfinv, i0, i0e, i1, i1e, logit, sinc, xlogy } from "./special.ts";

const device = new Device(new ReferenceBackend());
const made = (data: number | number[], dtype: DType = "float64"): Tensor => tensor(data, { device, dtype });

/** Asserts that `y` holds what PyTorch 2.13 gives. */
function assertNear(y: Tensor, expected: readonly number[]): void {
  [...y.dataSync()].map(Number).forEach((found, i) => {
    const wanted = expected[i]!;
    const near = Object.is(found, wanted) ||
      Math.abs(found - wanted) <= 1e-12 * Math.max(1, Math.abs(wanted));
    assert(near, `element ${i} is ${found}, not ${wanted}`);
  });
  assertEquals(y.numel(), expected.length);
}

const POINTS = made([0, -0, -1, Infinity, -Infinity, NaN]);

Deno.test("lgamma(), digamma(), polygamma(), erfinv(), i0() and their kin have their digits", () => {
  // Calculated with 30 digits.
  assertNear(erfinv(made([0.3, -(1 - 2 ** -40)])), [0.27246271472675436, -5.05125408524939]);
  assertNear(lgamma(made([3.25, -1.25])), [0.93580193110872536, 1.3664317612369762]);
  assertNear(digamma(made([1.75, -1.25])), [0.24747245354686116, 3.7141391202135278]);
  assertNear(polygamma(3, made([2.5])), [0.22390584881725205]);
  assertNear(polygamma(2, made([-1.25])), [123.72136678366236]);
  assertNear(i0(made([3])), [4.8807925858650241]);
  assertNear(i1(made([-12])), [-18141.348781638832]);
  assertNear(i0e(made([-20])), [0.089780311884826022]);
  assertNear(i1e(made([2.5])), [0.20658464953126655]);
  assertNear(sinc(made([-0.375])), [0.78421330357653712]);
  assert(Object.is(erfinv(made(-0)).item(), -0), "of -0 itself");
});

Deno.test("lgamma() is infinite at its poles and at both ends", () => {
  assertNear(lgamma(POINTS), [Infinity, Infinity, Infinity, Infinity, Infinity, NaN]);
  assertNear(lgamma(made([1, 2, 3, 0.5, -0.5, 1e-200, -1e-200])), [
    0,
    0,
    Math.LN2,
    Math.log(Math.PI) / 2,
    Math.log(2 * Math.sqrt(Math.PI)),
    -Math.log(1e-200),
    -Math.log(1e-200),
  ]);
});

Deno.test("digamma() and polygamma() at their poles are what PyTorch has", () => {
  assertNear(digamma(POINTS), [-Infinity, Infinity, NaN, Infinity, NaN, NaN]);
  assertNear(polygamma(0, POINTS), [-Infinity, Infinity, NaN, Infinity, NaN, NaN]);
  assertNear(polygamma(1, made([0, -0, Infinity, NaN, 1])), [Infinity, Infinity, 0, NaN, Math.PI ** 2 / 6]);
  assertNear(polygamma(2, made([0, -0, -1, -0.5])), [-Infinity, -Infinity, -Infinity, -0.8287966442343204]);
  assertThrows(() => polygamma(-1, POINTS), RangeError, "n must be an integer from 0 on: current n is -1");
  assertThrows(() => mvlgamma(POINTS, 0), RangeError, "p must be an integer from 1 on: current p is 0");
});

Deno.test("erfinv(), logit(), sinc(), entr() and xlogy() at the ends of their domains", () => {
  assertNear(erfinv(made([-1, 1, 0, -0, 2, NaN])), [-Infinity, Infinity, 0, -0, NaN, NaN]);
  assertNear(logit(made([0, 1, -1, 2, NaN])), [-Infinity, Infinity, NaN, NaN, NaN]);
  assertNear(sinc(made([0, Infinity, NaN, 1, 0.5])), [1, NaN, NaN, 0, 2 / Math.PI]);
  assertNear(entr(made([Infinity, NaN, -1, 0])), [-Infinity, NaN, -Infinity, 0]);
  assertNear(xlogy(0, made([1, 0, Infinity, NaN, -1])), [0, 0, 0, NaN, 0]);
  assertNear(i0e(made([0, Infinity, -Infinity, NaN])), [1, 0, 0, NaN]);
  assertNear(i1e(made([0, Infinity, -Infinity, NaN])), [0, 0, -0, NaN]);
});

Deno.test("signbit() and copysign() tell -0 from 0", () => {
  assertEquals(signbit(made([-0, 0, -1, 2, -Infinity, NaN])).tolist(), [
    true,
    false,
    true,
    false,
    true,
    false,
  ]);
  assertEquals(signbit(made([-3, 0], "int32")).tolist(), [true, false]);
  assertEquals(copysign(made([1, -2]), -0).tolist(), [-1, -2]);
  assertEquals(copysign(made([1, 2], "int32"), made([-1, 0], "int32")).dtype, "float32");
});

Deno.test("heaviside() of NaN is 0, and has no gradient", () => {
  const y = heaviside(made([NaN, 0, -0, 1, -1, Infinity]), made(0.5));
  assertEquals(y.tolist(), [0, 0.5, 0.5, 1, 0, 1]);
});

Deno.test("fmax() and fmin() take the number beside NaN", () => {
  const [a, b] = [made([1, NaN, 3, NaN]), made([2, 2, NaN, NaN])];
  assertEquals(fmax(a, b).tolist(), [2, 2, 3, NaN]);
  assertEquals(fmin(a, b).tolist(), [1, 2, 3, NaN]);
});

Deno.test("positive() refuses bool, isreal() is true of all", () => {
  assertThrows(
    () => positive(made([1], "bool")),
    TypeError,
    "elements must be numbers: current dtype is bool",
  );
  assertEquals(isreal(made([1, NaN, Infinity])).tolist(), [true, true, true]);
});

Deno.test("frexp() of every size, and of what has no exponent", () => {
  const { mantissa, exponent } = frexp(made([8, 1, -0.3, 2 ** -1074, 2 ** 1023, 0, -0, Infinity, NaN]));
  assertEquals(mantissa.tolist(), [0.5, 0.5, -0.6, 0.5, 0.5, 0, -0, Infinity, NaN]);
  assertEquals(exponent.tolist(), [4, 1, -1, -1073, 1024, 0, 0, 0, 0]);
  const single = frexp(made([1e-40, 3e38], "float32"));
  assertEquals(single.exponent.tolist(), [-132, 128]);
  assertThrows(() => frexp(made([1], "int32")), TypeError, "dtype must be floating: current dtype is int32");
});

Deno.test("ldexp() goes beyond the powers of two that there are", () => {
  assertEquals(ldexp(made(2 ** -1000), made(2000, "int32")).item(), 2 ** 1000);
  assertEquals(ldexp(made([1, 2], "int32"), made([3, -1], "int32")).tolist(), [8, 1]);
});

Deno.test("nextafter() steps to the neighbor in every floating type", () => {
  const step = (from: number, to: number, dtype: DType) =>
    nextafter(made(from, dtype), made(to, dtype)).item();
  assertEquals(step(1, 2, "float64"), 1 + 2 ** -52);
  assertEquals(step(1, 0, "float64"), 1 - 2 ** -53);
  assertEquals(step(0, -1, "float64"), -(2 ** -1074));
  assertEquals(step(2 ** -1022, 0, "float64"), 2 ** -1022 - 2 ** -1074);
  assertEquals(step(2 ** -980, 1, "float64"), 2 ** -980 + 2 ** -1032);
  assertEquals(step(Number.MAX_VALUE, Infinity, "float64"), Infinity);
  assertEquals(step(Infinity, 0, "float32"), 2 ** 128 - 2 ** 104);
  assertEquals(step(1, 2, "float32"), 1 + 2 ** -23);
  assertEquals(step(-1, 0, "float32"), -1 + 2 ** -24);
  assertEquals(step(0, 1, "float32"), 2 ** -149);
  assertEquals(step(1, 2, "float16"), 1 + 2 ** -10);
  assertEquals(step(1, 2, "bfloat16"), 1 + 2 ** -7);
  assertEquals(step(3, 3, "float32"), 3);
  assertEquals(step(NaN, 3, "float32"), NaN);
});

Deno.test("floatPower() is float64 of any dtype", () => {
  const y = floatPower(made([2, 3], "int32"), 3);
  assertEquals([y.dtype, y.tolist()], ["float64", [8, 27]]);
  assertEquals(floatPower(2, made([10], "uint8")).tolist(), [1024]);
  assertThrows(() => floatPower(2, 3), TypeError, "to two numbers: one must be a tensor");
});

Deno.test("logaddexp2() keeps infinities", () => {
  const y = logaddexp2(made([Infinity, -Infinity, -Infinity, 3]), made([Infinity, -Infinity, 1, 3]));
  assertNear(y, [Infinity, -Infinity, 1, 4]);
});

Deno.test("nanToNum() has the largest numbers of the dtype in place of the infinities", () => {
  const largest = (dtype: DType) => nanToNum(made([NaN, Infinity, -Infinity], dtype)).tolist();
  assertEquals(largest("float64"), [0, Number.MAX_VALUE, -Number.MAX_VALUE]);
  assertEquals(largest("float16"), [0, 65504, -65504]);
  assertEquals(nanToNum(made([1, 2], "int32")).tolist(), [1, 2]);
});

Deno.test("threshold() and hardtanh() of integers stay integers, and want elements of the type", () => {
  for (const dtype of ["uint8", "int32", "int64"] as const) {
    const x = tensor([0, 1, 2, 3], { device, dtype });
    for (const y of [threshold(x, 1.5, 7.5), threshold(x, 1, 7)]) {
      assertEquals([y.dtype, y.tolist()], [dtype, [7, 7, 2, 3]]);
    }
    const y = hardtanh(x, { minVal: 1.5, maxVal: 2.5 });
    assertEquals([y.dtype, y.tolist()], [dtype, [1, 1, 2, 2]]);
    assertThrows(() => threshold(x, 1, NaN), RangeError, `as elements of ${dtype} must be from`);
  }
  const bytes = tensor([0, 1], { device, dtype: "uint8" });
  assertThrows(() => threshold(bytes, 1, 300), RangeError, "Cannot apply threshold() as elements of uint8");
  assertThrows(() => hardtanh(bytes), RangeError, "from 0 to 255: current element is -1");
  assertEquals(threshold(tensor([1, 2], { device }), 1.5, 7.5).tolist(), [7.5, 2]);
});
