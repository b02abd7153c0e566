/** Functions that await where they must not. */
import { assertEquals, assertThrows } from "@std/assert";
import { type Tensor, tidySync } from "@troodon/core";
import { checkpoint, gradOf, isGradEnabled, jacobian, valueAndGrad, vmap } from "./mod.ts";
import { constant, makeDevice } from "./support_test.ts";

/** An asynchronous function, passed off as one that is not. */
const late = (async (x: Tensor): Promise<Tensor> => {
  await Promise.resolve();
  return x;
}) as unknown as (x: Tensor) => Tensor;

const CALLS: Readonly<Record<string, (x: Tensor) => unknown>> = {
  tidySync: (x) => tidySync(() => late(x)),
  checkpoint: (x) => checkpoint(late, x),
  gradOf: (x) => gradOf(late)(x),
  valueAndGrad: (x) => valueAndGrad(late)(x),
  jacobian: (x) => jacobian(late, x),
  vmap: (x) => vmap(late)(x),
};

for (const [name, call] of Object.entries(CALLS)) {
  Deno.test(`${name}() refuses a function that awaits`, () => {
    const device = makeDevice(), x = constant(device, [1, 2]);
    assertThrows(() => call(x), TypeError, "promise");
    assertEquals(isGradEnabled(), true);
  });
}
