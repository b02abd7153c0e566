import { assertThrows } from "@std/assert";
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
