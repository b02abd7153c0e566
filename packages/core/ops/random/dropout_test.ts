import { assert, assertEquals, assertThrows } from "@std/assert";
import { alphaDropout, Device, dropout, ones, ReferenceBackend, selu, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());

Deno.test("dropout() leaves out the part it is told to and scales the rest", () => {
  device.generator.manualSeed(1);
  const values = dropout(ones([4000], { device }), { p: 0.25 }).tolist() as number[];
  const kept = values.filter((v) => v !== 0);
  assert(kept.every((v) => Math.abs(v - 4 / 3) < 1e-6));
  // 3000 expected with a deviation of 27.
  assert(Math.abs(kept.length - 3000) < 140, `kept ${kept.length}`);
});

Deno.test("dropout() draws anew each time, and the same from the same seed", () => {
  const x = ones([64], { device });
  device.generator.manualSeed(2);
  const first = dropout(x).tolist(), second = dropout(x).tolist();
  device.generator.manualSeed(2);
  assertEquals(dropout(x).tolist(), first);
  assert(first.toString() !== second.toString());
});

Deno.test("dropout() of nothing is the input, of all is 0", () => {
  const x = tensor([1, Infinity, -1], { device });
  assert(dropout(x, { p: 0 }) === x);
  assert(dropout(x, { training: false }) === x);
  assertEquals(dropout(x, { p: 1 }).tolist(), [0, 0, 0]);
});

Deno.test("dropout() refuses what is no probability", () => {
  assertThrows(() => dropout(ones([2], { device }), { p: 1.5 }), RangeError, "p must be from 0 to 1");
  assertThrows(() => dropout(ones([2], { device }), { p: NaN }), RangeError, "current p is NaN");
});

Deno.test("alphaDropout() puts the left end of selu() in the place of what it drops, and keeps mean and variance", () => {
  device.generator.manualSeed(4);
  const end = -1.0507009873554804934 * 1.6732632423543772848, p = 0.25;
  const scale = 1 / Math.sqrt((1 - p) * (1 + p * end ** 2)), shift = -scale * p * end;
  const values = alphaDropout(ones([4000], { device, dtype: "float64" }), { p }).tolist() as number[];
  const near = (v: number) => values.filter((x) => Math.abs(x - v) < 1e-9).length;
  const dropped = near(end * scale + shift), kept = near(scale + shift);
  assertEquals(dropped + kept, 4000);
  assert(Math.abs(dropped - 1000) < 140, `dropped ${dropped}`);
});

Deno.test("selu() has the constants whose fixed point is mean 0 and variance 1", () => {
  const y = selu(tensor([2, -1, -40, 0], { device, dtype: "float64" })).tolist() as number[];
  const expected = [2.1014019747109609, 1.7580993408473766 * (Math.exp(-1) - 1), -1.7580993408473766, 0];
  assert(y.every((v, i) => Math.abs(v - expected[i]!) < 1e-14), y.join());
});
