import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Trial, Trials } from "./trials.ts";

/** How often each way is taken in `runs` runs, of which those alone take `alone`, as is expected, the others `together`. */
function ways(trial: Trial, runs: number, alone: number, together: number): Record<string, number> {
  const taken = { alone: 0, together: 0 };
  for (let i = 0; i < runs; i++) {
    const { way } = trial;
    taken[way]++;
    trial.add(way, way === "alone" ? alone : together, alone);
  }
  return taken;
}

Deno.test("Trial takes help that helps, and never goes without to see what that would take", () => {
  assertEquals(ways(new Trial(), 1000, 2, 1).alone, 0);
});

Deno.test("Trial goes without help that costs time, and tries it again, ever less often", () => {
  const trial = new Trial();
  const tried = [300, 300, 300].map((runs) => ways(trial, runs, 1, 2).together!);
  assertEquals(tried, [1 + 3 * 5, 3 * 2, 3 * 2]);
});

Deno.test("Trial is right where what it expects is wrong", () => {
  const trial = new Trial();
  let alone = 0;
  for (let i = 0; i < 1000; i++) {
    const { way } = trial;
    if (way === "alone") alone++;
    trial.add(way, way === "alone" ? 3 : 2, 1);
  }
  assert(alone > 0 && alone < 50, "it looks, and ever less often");
});

Deno.test("Trial changes its mind in both directions", () => {
  const trial = new Trial();
  ways(trial, 500, 2, 1);
  assert(ways(trial, 500, 2, 5).alone! > 400);
  ways(trial, 2000, 2, 1);
  assertEquals(trial.way, "together");
});

Deno.test("Trial forgives the first run together, and one that was late", () => {
  const trial = new Trial();
  trial.add(trial.way, 1000, 2);
  ways(trial, 50, 2, 1);
  trial.add("together", 5, 2);
  assertEquals(trial.way, "together");
});

Deno.test("Trial forgives one that was late among the first", () => {
  const trial = new Trial();
  trial.add("together", 1, 2);
  for (const time of [1, 90, 1]) trial.add("together", time, 2);
  assertEquals(trial.way, "together");
});

Deno.test("Trial takes help that costs little, as it does when no worker comes", () => {
  assert(ways(new Trial(), 300, 1, 1.15).together! > 200);
});

Deno.test("Trial goes without help that is late again and again", () => {
  const trial = new Trial();
  for (const time of [1, 1, 1, 1, 9, 1]) trial.add("together", time, 2);
  assertEquals(trial.way, "together");
  trial.add("together", 9, 2);
  for (let i = 0; i < 3; i++) {
    assertEquals(trial.way, "alone");
    trial.add("alone", 2, 2);
  }
  assertEquals(trial.way, "alone");
});

Deno.test("Trial is not misled by a main thread that is slow where others want the processors", () => {
  const trial = new Trial();
  const taken = { alone: 0, together: 0 };
  for (let i = 0; i < 300; i++) {
    const { way } = trial;
    taken[way]++;
    trial.add(way, way === "alone" ? 2 : 3, i % 4 === 0 ? 2 : 2.9);
  }
  assert(taken.alone > 200);
});

Deno.test("Trial expects nothing of a run of which the main thread did none", () => {
  const trial = new Trial();
  for (let i = 0; i < 20; i++) trial.add(trial.way, 5, Infinity);
  assertEquals(trial.way, "together");
});

Deno.test("Trials keeps kinds of work apart", () => {
  const trials = new Trials(), f = () => 0, g = () => 0;
  assertStrictEquals(trials.of(f, 1e5), trials.of(f, 1e5));
  assertEquals(new Set([trials.of(f, 1e5), trials.of(g, 1e5), trials.of(f, 1e6)]).size, 3);
});
