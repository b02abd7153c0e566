import { assertEquals } from "@std/assert";
import { type Assignment, assignments, extentAt, fit, symbolOf } from "./dim.ts";

Deno.test("fit() finds sums of products of symbols from the runs of assignments()", () => {
  const { runs, far } = assignments({ n: 2, t: 7 });
  assertEquals(runs.length, 5);
  assertEquals(far, [{ n: 2, t: 15 }, { n: 2, t: 4 }]);
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
  const { runs, far } = assignments({ n: 2 });
  assertEquals(runs, [{ n: 2 }, { n: 3 }, { n: 7 }]);
  assertEquals(far, []);
  assertEquals(fit([8, 27, 343], runs), null);
  assertEquals(fit(runs.map(({ n }) => Math.max(n!, 4)), runs), null);
  assertEquals(fit([1, 1, 2], runs), null);
  const none = assignments({}).runs;
  assertEquals(none.length, 2);
  assertEquals([fit([3, 3], none), fit([3, 4], none)], [3, null]);
});

Deno.test("fit() refuses extents that grow in steps, by the far run", () => {
  const { runs, far } = assignments({ t: 32 }), steps = ({ t }: Assignment) => Math.floor(t! / 4);
  assertEquals(fit(runs.map(steps), runs), 8);
  for (const one of far) assertEquals(fit([...runs, one].map(steps), [...runs, one]), null);
});

Deno.test("extentAt() calculates sums of products, and leaves the rest", () => {
  const { runs } = assignments({ n: 2 }),
    of = (f: (n: number) => number) => fit(runs.map(({ n }) => f(n!)), runs);
  assertEquals([5, of((n) => 3 * n + 1), of((n) => 1 / n), null].map((dim) => extentAt(dim, { n: 1 })), [
    5,
    4,
    null,
    null,
  ]);
});
