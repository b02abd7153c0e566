import { assertEquals, assertStrictEquals } from "@std/assert";
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

Deno.test("Trial prefers the faster way, and tries the other again", () => {
  assertEquals(ways(new Trial(), 1003, 2, 1), { alone: 10, together: 993 });
  assertEquals(ways(new Trial(), 1003, 1, 2), { alone: 969, together: 34 });
});

Deno.test("Trial changes its mind in both directions", () => {
  const trial = new Trial();
  ways(trial, 500, 2, 1);
  const { alone } = ways(trial, 500, 2, 5) as { alone: number };
  assertEquals(alone > 400, true);
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

Deno.test("Trials keeps kinds of work apart", () => {
  const trials = new Trials(), f = () => 0, g = () => 0;
  assertStrictEquals(trials.of(f, 1e5), trials.of(f, 1e5));
  assertEquals(new Set([trials.of(f, 1e5), trials.of(g, 1e5), trials.of(f, 1e6)]).size, 3);
});
