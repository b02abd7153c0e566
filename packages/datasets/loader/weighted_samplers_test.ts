import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Generator } from "@troodon/core";
import { StratifiedSampler, WeightedRandomSampler } from "./weighted_samplers.ts";

const counts = (indices: Iterable<number>, n: number): number[] => {
  const out = new Array<number>(n).fill(0);
  for (const i of indices) out[i]!++;
  return out;
};

Deno.test("WeightedRandomSampler draws as often as weights say", () => {
  const sampler = new WeightedRandomSampler([1, 0, 2, 5], 8000, { generator: new Generator(1) });
  assertEquals(sampler.length, 8000);
  counts(sampler, 4).forEach((n, i) => assert(Math.abs(n - [1000, 0, 2000, 5000][i]!) < 150, `${i}: ${n}`));
  assertEquals(counts(new WeightedRandomSampler([0, 3, 0], 10), 3), [0, 10, 0]);
});

Deno.test("WeightedRandomSampler without replacement draws each index once, heavy ones first", () => {
  const first = [0, 0, 0];
  for (let seed = 0; seed < 300; seed++) {
    const options = { replacement: false, generator: new Generator(seed) };
    const order = [...new WeightedRandomSampler([1, 1, 8, 0], 3, options)];
    assertEquals(order.toSorted(), [0, 1, 2]);
    first[order[0]!]!++;
  }
  assert(first[2]! > 210 && first[2]! < 270, first.join());
});

Deno.test("WeightedRandomSampler refuses weights that cannot be", () => {
  assertThrows(() => new WeightedRandomSampler([1, -1], 1), RangeError, "nonnegative");
  assertThrows(() => new WeightedRandomSampler([0, 0], 1), RangeError, "one of them positive");
  assertThrows(() => new WeightedRandomSampler([1], 0), RangeError, "current numSamples is 0");
  const two = () => new WeightedRandomSampler([1, 0], 2, { replacement: false });
  assertThrows(two, RangeError, "at most 1 without replacement");
});

Deno.test("StratifiedSampler visits each index once, with every class in every stretch", () => {
  const labels = Array.from({ length: 120 }, (_, i) => i < 90 ? 0 : i < 110 ? 7 : 3);
  const generator = new Generator(1);
  const sampler = new StratifiedSampler(labels, { generator });
  const state = sampler.stateDict();
  const order = [...sampler];
  assertEquals(order.toSorted((a, b) => a - b), labels.map((_, i) => i));
  for (let start = 0; start < 120; start += 12) {
    const batch = order.slice(start, start + 12).map((i) => labels[i]!);
    const zeros = batch.filter((c) => c === 0).length, sevens = batch.filter((c) => c === 7).length;
    assert(zeros >= 8 && zeros <= 10 && sevens >= 1 && sevens <= 3, batch.join());
  }
  assertNotEquals([...sampler], order);
  sampler.loadStateDict(state);
  assertEquals([...sampler], order);
});
