import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Generator, manualSeed } from "@troodon/core";
import { BatchSampler } from "./batch_sampler.ts";
import { RandomSampler, SequentialSampler, SubsetRandomSampler } from "./samplers.ts";

const ten = { length: 10 };
const sorted = (indices: Iterable<number>): number[] => [...indices].sort((a, b) => a - b);
const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

Deno.test("SequentialSampler counts", () => {
  const sampler = new SequentialSampler(ten);
  assertEquals([...sampler], all);
  assertEquals([...sampler], all);
  assertEquals(sampler.length, 10);
});

Deno.test("RandomSampler visits each index once, in an order that the generator decides", () => {
  const generator = new Generator(1);
  const sampler = new RandomSampler(ten, { generator });
  const first = [...sampler], second = [...sampler];
  assertEquals(sorted(first), all);
  assertEquals(sorted(second), all);
  assertNotEquals(first, second);
  generator.manualSeed(1);
  assertEquals([...sampler], first);
});

Deno.test("RandomSampler uses the default generator if it is given none", () => {
  manualSeed(5);
  const first = [...new RandomSampler(ten)];
  manualSeed(5);
  assertEquals([...new RandomSampler(ten)], first);
});

Deno.test("RandomSampler draws fewer or more samples than there are", () => {
  const generator = new Generator(2);
  const few = [...new RandomSampler(ten, { numSamples: 4, generator })];
  assertEquals([few.length, new Set(few).size], [4, 4]);
  const many = [...new RandomSampler(ten, { numSamples: 25, generator })];
  assertEquals(sorted(many.slice(0, 10)), all);
  assertEquals(sorted(many.slice(10, 20)), all);
  assertEquals(new Set(many.slice(20)).size, 5);
  const again = [...new RandomSampler(ten, { numSamples: 30, replacement: true, generator })];
  assert(again.length === 30 && new Set(again.slice(0, 10)).size < 10);
  assertEquals([...new RandomSampler({ length: 0 })], []);
  assertThrows(() => new RandomSampler(ten, { numSamples: 1.5 }), RangeError, "current numSamples is 1.5");
  assertThrows(() => new RandomSampler({ length: 0 }, { numSamples: 1 }), RangeError, "0 of none");
});

Deno.test("SubsetRandomSampler orders given indices", () => {
  const sampler = new SubsetRandomSampler([3, 5, 8], { generator: new Generator(3) });
  assertEquals(sampler.length, 3);
  assertEquals(sorted(sampler), [3, 5, 8]);
  const firsts = new Set(Array.from({ length: 30 }, () => [...sampler][0]));
  assertEquals(firsts.size, 3);
});

Deno.test("BatchSampler cuts passes into lists, and keeps or drops the last", () => {
  for (
    const [count, size, kept, dropped] of [[10, 3, 4, 3], [9, 3, 3, 3], [2, 3, 1, 0], [0, 3, 0, 0]] as const
  ) {
    const sampler = new SequentialSampler({ length: count });
    for (const [drop, length] of [[false, kept], [true, dropped]] as const) {
      const batches = new BatchSampler(sampler, { batchSize: size, dropLast: drop });
      assertEquals(batches.length, length);
      assertEquals([...batches].length, length);
      assertEquals([...batches].flat(), all.slice(0, drop ? dropped * size : count));
    }
  }
  assertThrows(
    () => new BatchSampler(new SequentialSampler(ten), { batchSize: 0 }),
    RangeError,
    "current batch size is 0",
  );
});
