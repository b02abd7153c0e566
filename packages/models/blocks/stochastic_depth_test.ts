import { assert, assertEquals, assertThrows } from "@std/assert";
import { Device, manualSeed, ones, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import { StochasticDepth } from "./stochastic_depth.ts";

Deno.test("StochasticDepth() leaves samples out while training, and keeps the mean", () => {
  setDefaultDevice(new Device(new ReferenceBackend()));
  manualSeed(0);
  const layer = new StochasticDepth(0.25), x = ones([4000, 2, 3]);
  const rows = layer(x).view(4000, 6).tolist() as number[][];
  for (const row of rows) assert(new Set(row).size === 1);
  const kept = rows.filter(([first]) => first !== 0);
  assert(kept.every(([first]) => Math.abs(first! - 4 / 3) < 1e-6));
  // Within four standard deviations.
  assert(Math.abs(kept.length / 4000 - 0.75) < 4 * Math.sqrt(0.25 * 0.75 / 4000), `${kept.length}`);
  assertEquals(layer.eval()(x), x);
  assertEquals(new StochasticDepth(1)(x).sum().item(), 0);
  assertThrows(() => new StochasticDepth(1.5), RangeError, "p must be from 0 to 1: current p is 1.5");
});
