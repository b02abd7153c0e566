import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { Trial, Trials } from "./trials.ts";

/** How often each way is taken in `runs` runs, of which those alone take `alone`, the others `together`. */
function ways(trial: Trial, runs: number, alone: number, together: number): Record<string, number> {
  const taken = { alone: 0, together: 0 };
  for (let i = 0; i < runs; i++) {
    const { way } = trial;
    taken[way]++;
    trial.add(way, way === "alone" ? alone : together);
  }
  return taken;
}

Deno.test("Trial prefers the faster way, and tries the other again, ever less often", () => {
  const trial = new Trial();
  const tried = [300, 300, 300].map((runs) => ways(trial, runs, 2, 1).alone!);
  assertEquals(tried, [3 * 4, 3 * 2, 3 * 3]);
  assertEquals(ways(new Trial(), 300, 1, 2).together, 1 + 3 * 5);
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
  trial.add(trial.way, 1000);
  ways(trial, 50, 2, 1);
  trial.add("together", 5);
  assertEquals(trial.way, "together");
});

Deno.test("Trial forgives one that was late among the first, and among those tried anew", () => {
  const trial = new Trial();
  trial.add("together", 1);
  for (const time of [1, 90, 1]) trial.add("together", time);
  for (const time of [2, 2, 2]) trial.add("alone", time);
  assertEquals(trial.way, "together");
  assert(ways(trial, 40, 50, 1).alone! > 0);
  assertEquals(trial.way, "together");
});

Deno.test("Trial takes help that costs little, as it does when no worker comes", () => {
  assert(ways(new Trial(), 300, 1, 1.15).together! > 200);
});

Deno.test("Trial goes without help that is late again and again", () => {
  const trial = new Trial();
  for (let i = 0; i < 4; i++) trial.add("together", 1);
  for (let i = 0; i < 3; i++) trial.add("alone", 2);
  for (const time of [1, 1, 1, 9, 1, 1]) trial.add("together", time);
  assertEquals(trial.way, "together");
  for (const time of [9, 9]) trial.add("together", time);
  assertEquals(trial.way, "alone");
});

Deno.test("Trials keeps kinds of work apart", () => {
  const trials = new Trials(), f = () => 0, g = () => 0;
  assertStrictEquals(trials.of(f, 1e5), trials.of(f, 1e5));
  assertEquals(new Set([trials.of(f, 1e5), trials.of(g, 1e5), trials.of(f, 1e6)]).size, 3);
});
