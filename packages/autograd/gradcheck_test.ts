import { assertEquals, assertThrows } from "@std/assert";
import type { Tensor } from "@troodon/core";
import { defineFunction, gradcheck, gradgradcheck } from "./mod.ts";
import { constant, makeDevice } from "./support_test.ts";

const wrong = defineFunction({
  name: "Wrong",
  forward: (_, x) => x.mul(3),
  // Right but for one element.
  backward: (_, g) => g.mul(constant(g.device, [[3, 3], [3, 3.001]])),
});

const wrongTwice = defineFunction({
  name: "WrongTwice",
  forward(ctx, x) {
    ctx.saveForBackward(x);
    return x.mul(x);
  },
  // The right value, but a constant.
  backward: (ctx, g) => g.mul(ctx.savedTensors[0]!.detach().mul(2)),
});

Deno.test("gradcheck() names the element that is off", () => {
  const device = makeDevice(), x = constant(device, [[1, 2], [3, 4]]);
  assertThrows(() => gradcheck(wrong, [x]), RangeError, "gradients of input 0 at [1, 1] differ: analytic");
  assertThrows(() => gradcheck((y, x) => wrong(x).mul(y), [x, x]), RangeError, "input 1 at [1, 1]");
});

Deno.test("gradcheck() in fast mode compares one direction of each input", () => {
  const device = makeDevice(), x = constant(device, [[1, 2], [3, 4]]);
  const off = "gradients of input 0 along a direction differ";
  assertThrows(() => gradcheck(wrong, [x], { fastMode: true }), RangeError, off);
  assertThrows(() => gradgradcheck(wrongTwice, [x], { fastMode: true }), RangeError, off);
  let calls = 0;
  const f = (x: Tensor, y: Tensor) => {
    calls++;
    return x.exp().mul(y);
  };
  gradcheck(f, [x, x.add(1)], { fastMode: true });
  assertEquals(calls, 5);
  gradgradcheck(f, [x.narrow(0, 0, 1), x.narrow(0, 0, 0)], { fastMode: true });
});

Deno.test("gradcheck() takes inputs of any layout, and several results", () => {
  const device = makeDevice();
  const x = constant(device, [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]).t(),
    y = constant(device, [0.7, 0.8]).expand([3, 2]);
  const f = (x: Tensor, y: Tensor) => [x.mul(y).sin(), x.add(y).exp(), x.gt(y)];
  gradcheck(f, [x, y]);
  gradgradcheck(f, [x, y]);
});

Deno.test("gradgradcheck() finds a gradient that is a constant", () => {
  const device = makeDevice(), x = constant(device, [1, 2]);
  gradcheck(wrongTwice, [x]);
  assertThrows(
    () => gradgradcheck(wrongTwice, [x]),
    RangeError,
    "gradgradcheck() failed as the gradients of input 0",
  );
});

Deno.test("gradcheck() refuses what it could not check", () => {
  const device = makeDevice(), x = constant(device, [1, 2]).to("float32");
  assertThrows(() => gradcheck((x) => x.mul(2), [x]), TypeError, "must be float64");
});

Deno.test("gradcheck() compares inputs that no gradient comes to with zero", () => {
  const device = makeDevice(), x = constant(device, [1, 2]), y = constant(device, [3, 4]);
  gradcheck((x, _) => x.mul(2), [x, y]);
  gradcheck((x) => x.detach().mul(2), [x]);
  assertThrows(
    () => gradcheck((x, y) => x.mul(y.detach()), [x, y]),
    RangeError,
    "gradients of input 1 at [0] differ: analytic 0, numeric",
  );
});

Deno.test("gradcheck() moves each element by 1e-6 both ways, or by eps", () => {
  const device = makeDevice(), x = constant(device, [1, 2]);
  for (const eps of [undefined, 2 ** -10]) {
    const seen: number[][] = [], step = eps ?? 1e-6, options = eps === undefined ? {} : { eps };
    gradcheck(
      (x) => {
        seen.push([...x.dataSync()].map(Number));
        return x.mul(2);
      },
      [x],
      options,
    );
    assertEquals(seen, [[1, 2], [1 + step, 2], [1 - step, 2], [1, 2 + step], [1, 2 - step]]);
  }
});

/** x times 0 or times `slope`, with a gradient that is off by `error`. */
const off = (slope: number, error: number) =>
  defineFunction({ name: "Off", forward: (_, x) => x.mul(slope), backward: (_, g) => g.mul(slope + error) });

Deno.test("gradcheck() lets 1e-6 and 1e-5 of the value pass, or atol and rtol", () => {
  // Its weighted sum has the weight 1.118 here.
  const x = constant(makeDevice(), [0]), weight = 0.5 + 0.6180339887498949;
  const check = (slope: number, error: number, options = {}) => () =>
    gradcheck(off(slope, error / weight), [x], options);
  check(0, 0.9e-6)();
  check(0, -0.9e-6)();
  assertThrows(check(0, 1.1e-6), RangeError);
  assertThrows(check(0, -1.1e-6), RangeError);
  for (const slope of [1000, -1000]) {
    check(slope, 0.9e-2 * weight)();
    assertThrows(check(slope, 1.1e-2 * weight), RangeError);
  }
  check(0, 1.9e-3, { atol: 2e-3 })();
  assertThrows(check(0, 2.1e-3, { atol: 2e-3 }), RangeError);
  check(1000, 19 * weight, { rtol: 0.02 })();
  assertThrows(check(1000, 21 * weight, { rtol: 0.02 }), RangeError);
  assertThrows(check(1, NaN), RangeError, "analytic NaN");
});

Deno.test("gradcheck() frees all that it made, and leaves its inputs as they were", () => {
  const device = makeDevice(), x = constant(device, [1, 2]), y = constant(device, [[3], [4]]);
  const n = constant(device, [1, 2]).to("int32"), inputs = [x, y, n], { buffers } = device.memory;
  for (const check of [gradcheck, gradgradcheck]) {
    check((x, y, n) => [x.mul(y), x.exp().mul(n), n.add(1), x.detach()], inputs);
    assertEquals(device.memory.buffers, buffers);
    assertEquals(inputs.map((t) => [t.requiresGrad, t.storage.references]), inputs.map(() => [false, 1]));
  }
  // Without a result that has a gradient there is nothing to compare.
  gradgradcheck((x) => x.detach(), [x]);
  assertThrows(() => gradgradcheck(wrongTwice, [x]), RangeError, "at [0] differ");
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("gradgradcheck() differentiates by the gradients of the results, and passes on other inputs", () => {
  const device = makeDevice(), x = constant(device, [1, 2]), n = constant(device, [3, 4]).to("int32");
  gradgradcheck((n, x) => x.pow(3).mul(n), [n, x]);
  // Right in its value, and a constant where it is differentiated by the gradient of the result.
  const half = defineFunction({
    name: "Half",
    forward: (_, x) => x.mul(2),
    backward: (_, g) => g.add(g.detach()),
  });
  gradcheck(half, [x]);
  assertThrows(() => gradgradcheck(half, [x]), RangeError, "of input 1 at [0] differ: analytic");
});
