import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { CpuBackend } from "@troodon/cpu";
import { Device, ReferenceBackend, Scope, type Tensor, tensor } from "@troodon/core";
import { AveragedParameters, ema, polynomial, swa } from "./mod.ts";

const VALUES = [[1, -2, 4], [3, 5, 0], [-1, 0, 2], [7, 1, 1]];

function follow(averages: AveragedParameters, p: Tensor, values: readonly number[][]): number[] {
  for (const row of values) {
    p.copy_(tensor(row, { device: p.device, dtype: p.dtype }));
    averages.update();
  }
  return averages.averages[0]!.tolist() as number[];
}

function start(device: Device, dtype: "float64" | "int32" = "float64"): Tensor {
  return tensor([9, 9, 9], { device, dtype });
}

Deno.test("AveragedParameters of swa() is the mean of all that it saw", () => {
  using device = new Device(new ReferenceBackend());
  const p = start(device);
  const mean = follow(new AveragedParameters([p], { weight: swa() }), p, VALUES);
  mean.forEach((m, j) => assertAlmostEquals(m, VALUES.reduce((sum, row) => sum + row[j]!, 0) / 4, 1e-12));
  assertEquals(follow(new AveragedParameters([p]), p, VALUES), mean);
});

Deno.test("AveragedParameters of ema() forgets", () => {
  using device = new Device(new ReferenceBackend());
  const p = start(device);
  const actual = follow(new AveragedParameters([p].values(), { weight: ema(0.9) }), p, VALUES);
  VALUES[0]!.forEach((first, j) => {
    const expected = VALUES.slice(1).reduce((average, row) => 0.9 * average + 0.1 * row[j]!, first);
    assertAlmostEquals(actual[j]!, expected, 1e-12);
  });
  assertThrows(() => ema(1.1), RangeError, "in [0, 1]");
});

Deno.test("AveragedParameters of polynomial() counts what is late for more", () => {
  using device = new Device(new ReferenceBackend());
  const p = start(device);
  // The n-th of them weighs n (n + 1) / 2, which is n squared but for smaller powers.
  const weights = [1, 3, 6, 10];
  const actual = follow(new AveragedParameters([p], { weight: polynomial(2) }), p, VALUES);
  actual.forEach((mean, j) => {
    const sum = VALUES.reduce((sum, row, n) => sum + weights[n]! * row[j]!, 0);
    assertAlmostEquals(mean, sum / 20, 1e-12);
  });
  assertEquals(polynomial(0)(3), swa()(3));
  assertThrows(() => polynomial(-1), RangeError, "eta");
});

Deno.test("ema() keeps 0.999 of the average by default, polynomial() has the power 8, and edges are taken", () => {
  assertAlmostEquals(ema()(5), 0.001, 1e-15);
  assertAlmostEquals(polynomial()(5), 9 / 14, 1e-15);
  assertEquals([ema(0)(5), ema(1)(5), polynomial(0)(1)], [1, 0, 0.5]);
  for (const decay of [-0.01, 1.01, NaN]) assertThrows(() => ema(decay), RangeError, "ema() as decay");
  for (const eta of [-0.01, Infinity, NaN]) assertThrows(() => polynomial(eta), RangeError, "eta");
});

Deno.test("AveragedParameters.loadStateDict() changes nothing where the other device cannot be read", () => {
  using here = new Device(new ReferenceBackend());
  const backend = new ReferenceBackend(), there = new Device(backend);
  const averages = new AveragedParameters([start(here)]),
    others = new AveragedParameters([start(there).mul(2)]);
  others.update();
  Object.defineProperty(backend, "readSync", { value: undefined });
  assertThrows(() => averages.loadStateDict(others.stateDict()), TypeError);
  assertEquals([averages.nAveraged, averages.averages[0]!.tolist()], [0, [9, 9, 9]]);
});

Deno.test("AveragedParameters gives its memory back at the end of a block", () => {
  using device = new Device(new ReferenceBackend());
  const params = [start(device), start(device, "int32")], { buffers } = device.memory;
  {
    using averages = new AveragedParameters(params);
    averages.update();
    assertEquals(device.memory.buffers, buffers + 2);
  }
  assertEquals(device.memory.buffers, buffers);
});

Deno.test("AveragedParameters takes counters as they are", () => {
  using device = new Device(new ReferenceBackend());
  const p = start(device, "int32");
  assertEquals(follow(new AveragedParameters([p]), p, VALUES), VALUES[3]!);
});

Deno.test("AveragedParameters goes on from its state", () => {
  using device = new Device(new ReferenceBackend());
  const p = start(device);
  const whole = follow(new AveragedParameters([p]), p, VALUES);
  const first = new AveragedParameters([p]);
  follow(first, p, VALUES.slice(0, 2));
  const second = new AveragedParameters([p]);
  second.loadStateDict(first.stateDict());
  first[Symbol.dispose]();
  assertEquals(follow(second, p, VALUES.slice(2)), whole);
  const other = new AveragedParameters([p, p]);
  assertThrows(() => other.loadStateDict(second.stateDict()), RangeError, "[3], [3]: current shapes are [3]");
});

for (const backend of [new ReferenceBackend(), new CpuBackend()]) {
  Deno.test(`AveragedParameters.applied() changes places and back on ${backend.name}`, () => {
    using device = new Device(backend);
    const count = 1037;
    const wide = tensor(Float32Array.from({ length: count }, (_, i) => i), { device });
    const averages = new AveragedParameters([wide]);
    wide.mul_(-2);
    const version = wide.version.count;
    const { buffers } = device.memory;
    {
      using _ = averages.applied();
      assertEquals([...wide.dataSync()], Array.from({ length: count }, (_, i) => i));
    }
    [...wide.dataSync()].forEach((value, i) => assert(value === -2 * i));
    assertEquals([...averages.averages[0]!.dataSync()], Array.from({ length: count }, (_, i) => i));
    assertEquals(wide.version.count, version + 2);
    averages.copyTo();
    assertEquals(wide.dataSync()[count - 1], count - 1);
    assertEquals(device.memory.buffers, buffers);
  });
}

Deno.test("AveragedParameters outlives the scope that it was made in", () => {
  using device = new Device(new ReferenceBackend());
  const p = start(device).adopt();
  const averages = (() => {
    using _ = new Scope();
    return new AveragedParameters([p]);
  })();
  averages.update();
  assertEquals(averages.averages[0]!.tolist(), [9, 9, 9]);
  assertEquals(device.memory.buffers, 2);
});
