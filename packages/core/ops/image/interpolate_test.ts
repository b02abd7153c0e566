import { assertEquals } from "@std/assert";
import { Device, interpolate, type InterpolateOptions, ReferenceBackend, tensor } from "../../mod.ts";

const device = new Device(new ReferenceBackend());

/** One channel of a row, resampled. */
const row = (values: number[], options: InterpolateOptions): number[] => {
  const y = interpolate(tensor([[values]], { device, dtype: "float64" }), options);
  return [...y.dataSync()].map((v) => Math.round(Number(v) * 1e6) / 1e6);
};

Deno.test("interpolate() by a scale that leaves the extent still resamples, as the scale is not 1", () => {
  // Positions (i + 0.5) / 1.2 - 0.5: -0.0833, 0.75, 1.5833.
  assertEquals(row([0, 1, 2], { scaleFactor: 1.2, mode: "linear" }), [0, 0.75, 1.583333]);
  assertEquals(row([0, 1, 2], { scaleFactor: 1.2 }), [0, 0, 1]);
  assertEquals(row([0, 1, 2], { size: 3, mode: "linear" }), [0, 1, 2]);
  assertEquals(row([0, 1, 2], { scaleFactor: 1, mode: "linear" }), [0, 1, 2]);
});

Deno.test("interpolate() to one element, from one, and between corners", () => {
  assertEquals(row([3, 5, 9], { size: 1, mode: "linear", alignCorners: true }), [3]);
  assertEquals(row([3, 5, 9], { size: 1, mode: "linear" }), [5]);
  assertEquals(row([3, 5, 9], { size: 1 }), [3]);
  assertEquals(row([3, 5, 9], { size: 1, mode: "nearest-exact" }), [5]);
  assertEquals(row([7], { size: 3, mode: "linear" }), [7, 7, 7]);
  assertEquals(row([7], { size: 2, mode: "linear", alignCorners: true }), [7, 7]);
  assertEquals(row([0, 4], { size: 5, mode: "linear", alignCorners: true }), [0, 1, 2, 3, 4]);
  assertEquals(row([0, 4], { size: 4, mode: "linear" }), [0, 1, 3, 4]);
  assertEquals(row([0, 1, 2, 3], { size: 2, mode: "nearest-exact" }), [1, 3]);
  assertEquals(row([0, 1, 2, 3], { size: 2, mode: "area" }), [0.5, 2.5]);
});

Deno.test("interpolate() to the same extent gives a tensor of its own", () => {
  const x = tensor([[[1, 2]]], { device }), y = interpolate(x, { size: 2 });
  assertEquals([y === x, y.storage === x.storage], [false, false]);
  y.dispose();
  assertEquals(x.tolist(), [[[1, 2]]]);
});

Deno.test("interpolate() by cubics weighs four neighbors with a slope of -0.75", () => {
  const x = tensor([[[[0, 1, 0, 0], [0, 1, 0, 0]]]], { device, dtype: "float64" });
  const y = interpolate(x, { size: [2, 7], mode: "bicubic", alignCorners: true });
  // At half way the weights are -0.09375, 0.59375, 0.59375 and -0.09375; beyond the edge it goes on as there.
  const row = [0, 0.59375, 1, 0.59375, 0, -0.09375, 0];
  assertEquals(y.tolist(), [[[row, row]]]);
});
