import { assertEquals, assertThrows } from "@std/assert";
import type { Tensor } from "@troodon/core";
import { assertClose, constant, leaf, makeDevice } from "./support_test.ts";

Deno.test("registerHook() sees the gradient of a leaf and of a result until disposed of", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(x), seen: string[] = [];
  const one = x.registerHook((g) => void seen.push(`x ${g.tolist()}`));
  using _ = y.registerHook((g) => void seen.push(`y ${g.tolist()}`));
  y.sum().backward({ retainGraph: true });
  assertEquals(seen, ["y 1,1", "x 2,4"]);
  one[Symbol.dispose]();
  y.sum().backward();
  assertEquals(seen, ["y 1,1", "x 2,4", "y 1,1"]);
});

Deno.test("registerHook() puts another gradient in its place, one hook after the other", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(3);
  y.registerHook((g) => g.mul(10));
  y.registerHook((g) => g.add(1));
  y.sum().backward();
  assertClose(x.grad, [33, 33]);
  const z = x.mul(3);
  z.registerHook(() => constant(device, [1]));
  assertThrows(() => z.sum().backward(), RangeError, "current shapes are [1] and [2]");
});

Deno.test("registerHook() may keep what it sees", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const kept: Tensor[] = [];
  const y = x.mul(2);
  y.registerHook((g) => void kept.push(g, g.mul(2)));
  x.registerHook((g) => void kept.push(g));
  y.add(x).sum().backward();
  x.mul(5).sum().backward();
  assertClose(kept[0]!, [1, 1]);
  assertClose(kept[1]!, [2, 2]);
  assertClose(kept[2]!, [3, 3]);
  assertClose(x.grad, [8, 8]);
});

Deno.test("retainGrad() leaves the gradient of a result, and accumulates it", () => {
  const device = makeDevice(), x = leaf(device, [1, 2]);
  const y = x.mul(3);
  y.retainGrad();
  y.retainGrad();
  x.retainGrad();
  y.registerHook((g) => g.mul(2));
  const z = y.mul(y).sum();
  z.backward({ retainGraph: true });
  assertClose(y.grad, [12, 24]);
  z.backward();
  assertClose(y.grad, [24, 48]);
  assertClose(x.grad, [72, 144]);
});
