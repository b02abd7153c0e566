import { assert, assertEquals, assertNotEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { defaultGenerator, Generator, manualSeed } from "./generator.ts";
import { philox } from "./philox.ts";

Deno.test("Generator draws the words of its blocks in order", () => {
  const generator = new Generator(0x1_0000_0005);
  const block = new Uint32Array(4);
  for (let i = 0; i < 3; i++) {
    philox([i, 0, 0, 0], [5, 1], block);
    assertEquals(Array.from({ length: 4 }, () => generator.nextUint32()), [...block]);
  }
  assertEquals(generator.offset, 3);
});

Deno.test("Generator seed accepts numbers and bigints of 64 bits", () => {
  assertEquals(new Generator().seed, 0);
  assertEquals(new Generator(2 ** 53 - 1).seed, 2 ** 53 - 1);
  assertEquals(new Generator(-1).seed, 2n ** 64n - 1n);
  assertEquals(new Generator(12n).seed, 12);
  for (const seed of [0.5, NaN, 2 ** 53, 2n ** 64n]) {
    assertThrows(() => new Generator(seed), RangeError, "Cannot seed a Generator");
  }
});

Deno.test("Generator.manualSeed() starts again", () => {
  const generator = new Generator(3);
  const first = [generator.random(), generator.random(), generator.nextUint32()];
  generator.manualSeed(3);
  assertEquals([generator.random(), generator.random(), generator.nextUint32()], first);
  generator.manualSeed(4);
  assertNotEquals(generator.random(), first[0]);
});

Deno.test("Generator.reserve() hands out ranges that do not overlap", () => {
  const generator = new Generator(9);
  assertEquals(generator.reserve(10), { seed: [9, 0], offset: [0, 0] });
  assertEquals(generator.reserve(2 ** 33), { seed: [9, 0], offset: [10, 0] });
  assertEquals(generator.reserve(0), { seed: [9, 0], offset: [10, 2] });
  const block = new Uint32Array(4);
  philox([10, 2, 0, 0], [9, 0], block);
  assertEquals(generator.nextUint32(), block[0]);
  assertThrows(() => generator.reserve(-1), RangeError, "current count is -1");
});

Deno.test("Generator.random() is uniform in [0, 1)", () => {
  const generator = new Generator(1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 20000; i++) {
    const x = generator.random();
    assert(x >= 0 && x < 1);
    counts[Math.floor(x * 10)]!++;
  }
  // Chi-squared with 9 degrees of freedom: beyond 27.9 once in a thousand seeds.
  assert(counts.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0) < 27.9);
});

Deno.test("Generator.integer() covers [0, n) evenly, beyond 32 bits too", () => {
  const generator = new Generator(2);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 14000; i++) counts[generator.integer(7)]!++;
  assert(counts.reduce((sum, n) => sum + (n - 2000) ** 2 / 2000, 0) < 22.5);
  let above = 0;
  for (let i = 0; i < 1000; i++) {
    const x = generator.integer(3 * 2 ** 51);
    assert(Number.isInteger(x) && x >= 0 && x < 3 * 2 ** 51);
    if (x >= 2 ** 51) above++;
  }
  assert(Math.abs(above - 667) < 60);
  // Without rejection, a third of the range would get half of the draws.
  const third = Array.from({ length: 2000 }, () => generator.integer(3 * 2 ** 30)).filter((x) => x < 2 ** 30);
  assert(Math.abs(third.length - 667) < 85);
  assertEquals(generator.integer(1), 0);
  for (const n of [0, -3, 1.5]) assertThrows(() => generator.integer(n), RangeError, "positive safe integer");
});

Deno.test("Generator.permutation() holds every index once, and every order is as likely", () => {
  const generator = new Generator(5);
  assertEquals(
    [...generator.permutation(100)].sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
  assertEquals(generator.permutation(0), new Int32Array(0));
  const seen = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const key = generator.permutation(3).join();
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  assertEquals(seen.size, 6);
  assert([...seen.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0) < 20.5);
  assertThrows(() => generator.permutation(-1), RangeError, "current length is -1");
});

Deno.test("Generator.normal() has the moments of a standard normal", () => {
  const generator = new Generator(6);
  const draws = Array.from({ length: 20000 }, () => generator.normal());
  const moment = (k: number): number => draws.reduce((sum, x) => sum + x ** k, 0) / draws.length;
  assert(Math.abs(moment(1)) < 0.03);
  assert(Math.abs(moment(2) - 1) < 0.05);
  assert(Math.abs(moment(4) - 3) < 0.3);
});

Deno.test("Generator.fork() gives streams that depend on seed and number alone", () => {
  const generator = new Generator(8);
  const before = generator.fork(3).random();
  generator.random();
  assertEquals(generator.fork(3).random(), before);
  const firsts = Array.from({ length: 50 }, (_, i) => generator.fork(i).random());
  assertEquals(new Set([...firsts, new Generator(8).random()]).size, 51);
  assertNotEquals(new Generator(9).fork(3).random(), before);
  assertThrows(() => generator.fork(-1), RangeError, "current stream is -1");
  // Programs rely on the same numbers in every version.
  assertEquals([0, 1, 2 ** 40].map((n) => new Generator(8).fork(n).nextUint32()), [
    3554028110,
    2065650433,
    473182802,
  ]);
});

Deno.test("Generator.setState() goes on where getState() stood, through JSON", () => {
  for (let drawn = 0; drawn < 9; drawn++) {
    const generator = new Generator(-77);
    for (let i = 0; i < drawn; i++) generator.nextUint32();
    if (drawn > 5) generator.reserve(3);
    const state = JSON.parse(JSON.stringify(generator.getState()));
    const expected = [generator.nextUint32(), generator.normal(), generator.integer(10)];
    const other = new Generator(1).setState(state);
    assertEquals([other.nextUint32(), other.normal(), other.integer(10)], expected);
    assertEquals(other.getState(), generator.getState());
  }
  assertThrows(
    () => new Generator().setState({ seed: [-1, 0], offset: 0, used: 4 }),
    RangeError,
    "malformed",
  );
});

Deno.test("manualSeed() seeds the default generator", () => {
  const generator = manualSeed(42);
  assertStrictEquals(generator, defaultGenerator());
  assertEquals(generator.random(), new Generator(42).random());
});
