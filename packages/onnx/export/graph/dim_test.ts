import { assertEquals } from "@std/assert";
import { assignments, fit, symbolOf } from "./dim.ts";

Deno.test("fit() finds sums of products of symbols from the runs of assignments()", () => {
  const runs = assignments({ n: 2, t: 7 });
  assertEquals(runs.length, 5);
  const of = (f: (n: number, t: number) => number) => fit(runs.map(({ n, t }) => f(n!, t!)), runs);
  assertEquals(of(() => 5), 5);
  assertEquals(symbolOf(of((n) => n)!), "n");
  assertEquals(of((n, t) => 3 * n * t + 2 * t - 1), {
    terms: [{ factor: -1, symbols: [] }, { factor: 2, symbols: ["t"] }, { factor: 3, symbols: ["n", "t"] }],
    inverse: false,
    root: false,
  });
  assertEquals(of((n, t) => 1 / (n * t)), {
    terms: [{ factor: 1, symbols: ["n", "t"] }],
    inverse: true,
    root: false,
  });
  assertEquals(of((n) => 1 / Math.sqrt(n)), {
    terms: [{ factor: 1, symbols: ["n"] }],
    inverse: true,
    root: true,
  });
  assertEquals([symbolOf(of((n) => 1 / n)!), symbolOf(of((n) => Math.sqrt(n))!)], [null, null]);
});

Deno.test("fit() refuses what is no such sum", () => {
  const runs = assignments({ n: 2 });
  assertEquals(runs, [{ n: 2 }, { n: 3 }, { n: 7 }]);
  assertEquals(fit([8, 27, 343], runs), null);
  assertEquals(fit(runs.map(({ n }) => Math.max(n!, 4)), runs), null);
  assertEquals(fit([1, 1, 2], runs), null);
  assertEquals(fit([3], assignments({})), 3);
});
