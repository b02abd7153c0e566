import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { measure, median, type Sampler } from "./measure.ts";

Deno.test("median() takes the one in the middle, or the mean of two", () => {
  assertEquals(median([9, 1, 4]), 4);
  assertEquals(median([9, 1, 4, 2]), 3);
  assertEquals(median([]), NaN);
});

/** Takes `cost` seconds a call, told and not spent; the first call takes a hundred times as long. */
function pretended(cost: number, log: string[], name: string): Sampler {
  let first = true;
  return (calls) => {
    log.push(name);
    const seconds = cost * (calls + (first ? 99 : 0));
    first = false;
    return Promise.resolve(seconds);
  };
}

Deno.test("measure() takes samples in turns, of many calls where one is short", async () => {
  const log: string[] = [];
  const [short, long] = await measure([pretended(1e-6, log, "a"), pretended(1, log, "b")], 0.12);
  assertAlmostEquals(short!.median, 1e-6, 1e-12);
  assertAlmostEquals(short!.best, 1e-6, 1e-12);
  assert(short!.calls >= 10_000 && short!.calls < 100_000, `${short!.calls} calls`);
  assertEquals({ ...long!, median: 1, best: 1 }, { median: 1, best: 1, samples: 3, calls: 1 });
  assertEquals(short!.samples, 3);
  assertEquals(log.slice(-6).join(""), "ababab");
});

Deno.test("measure() goes on until the time is spent", async () => {
  const [timing] = await measure([pretended(0.001, [], "a")], 0.12);
  assert(timing!.samples >= 9 && timing!.samples <= 13, `${timing!.samples} samples`);
});
