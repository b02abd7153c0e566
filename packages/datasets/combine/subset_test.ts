import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { Generator } from "@troodon/core";
import { NdArray } from "../nd_array.ts";
import { randomSplit } from "./random_split.ts";
import { Subset } from "./subset.ts";
import { TensorDataset } from "../sets/tensor_dataset.ts";

const numbers = { length: 10, get: (i: number) => 100 + i };

Deno.test("Subset shows the chosen samples", () => {
  const subset = new Subset(numbers, [7, 7, 1]);
  assertEquals([0, 1, 2].map((i) => subset.get(i)), [107, 107, 101]);
  assertEquals(subset.getBatch([0, 2]), new NdArray(Int32Array.of(107, 101), [2]));
  assertThrows(() => subset.get(3), RangeError, "[0, 3): current index is 3");
  assertThrows(() => new Subset(numbers, [10]), RangeError, "current index is 10");
});

Deno.test("Subset hands batches on, also through another subset", () => {
  const rows = new TensorDataset(new NdArray(new Float32Array([0, 1, 2, 3, 4]), [5]));
  const subset = new Subset(new Subset(rows, [4, 3, 2]), [2, 0]);
  assertEquals(subset.getBatch([0, 1]), [new NdArray(new Float32Array([2, 4]), [2])]);
  assertThrows(() => subset.getBatch([2]), RangeError, "current index is 2");
});

Deno.test("randomSplit() cuts without overlap, as the generator decides", () => {
  const split = (seed: number): number[][] =>
    randomSplit(numbers, [7, 3], { generator: new Generator(seed) }).map((part) => Array.from(part.indices));
  const [a, b] = split(1);
  assertEquals([a!.length, b!.length], [7, 3]);
  assertEquals([...a!, ...b!].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assertEquals(split(1), [a, b]);
  assertNotEquals(split(2), [a, b]);
});

Deno.test("randomSplit() takes fractions and deals out what is left", () => {
  const lengths = (fractions: number[]): number[] =>
    randomSplit(numbers, fractions).map(({ length }) => length);
  assertEquals(lengths([0.5, 0.5]), [5, 5]);
  assertEquals(lengths([0.33, 0.33, 0.34]), [4, 3, 3]);
  assertEquals(lengths([0.25, 0.25, 0.25, 0.25]), [3, 3, 2, 2]);
  assertEquals(lengths([1]), [10]);
  assertEquals(lengths([10, 0]), [10, 0]);
});

Deno.test("randomSplit() refuses lengths that do not add up", () => {
  for (const lengths of [[5, 4], [0.5, 0.4], [11, -1], [], [2.5, 7.5]]) {
    assertThrows(() => randomSplit(numbers, lengths), RangeError, "lengths must add up to 10 or to 1");
  }
});
