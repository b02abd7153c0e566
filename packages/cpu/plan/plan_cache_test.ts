import { assert, assertEquals } from "@std/assert";
import { Planner } from "./planner.ts";
import { PlanCache, PlanEntry, type PlanLimits } from "./plan_cache.ts";
import { contextOf, Sum, valuesOf, vector } from "./support_test.ts";

/** A cache, and a function that looks a number up and adds it where it is not there; `words` are those of its table. */
function cacheOf(limits: PlanLimits) {
  const context = contextOf(), cache = new PlanCache(context.memory, limits);
  const use = (id: number, words = 16, calls = 1): "found" | "added" => {
    const key = cache.key.begin(id), known = cache.find();
    if (known) return "found";
    const planner = new Planner(context);
    if (words > 0) planner.constants(new Array<number>(words).fill(id));
    const entry = new PlanEntry(planner.finish(2, id), key.copy(), key.hash, calls);
    cache.add(entry);
    cache.bind(entry);
    return "added";
  };
  return { cache, use, live: () => context.memory.report.live };
}

Deno.test("PlanCache forgets what was used longest ago", () => {
  const { cache, use } = cacheOf({ calls: 3 });
  for (const id of [1, 2, 3]) assertEquals(use(id), "added");
  assertEquals(use(1), "found");
  assertEquals(use(4), "added");
  assertEquals([use(1), use(3), use(4)], ["found", "found", "found"]);
  assertEquals(use(2), "added");
  assertEquals(cache.calls, 3);
  assertEquals([use(3), use(4), use(2)], ["found", "found", "found"]);
  assertEquals(use(1), "added");
});

Deno.test("PlanCache keeps one or two plans if it may keep no more", () => {
  const one = cacheOf({ calls: 1 });
  assertEquals([1, 1, 2, 2, 1, 1].map((id) => one.use(id)), [
    ...["added", "found", "added", "found", "added", "found"] as const,
  ]);
  assertEquals(one.cache.calls, 1);
  const two = cacheOf({ calls: 2 });
  assertEquals([1, 2, 1, 2, 3, 1, 3].map((id) => two.use(id)), [
    ...["added", "added", "found", "found", "added", "added", "found"] as const,
  ]);
  assertEquals(two.cache.calls, 2);
});

Deno.test("PlanCache counts bytes of tables, and releases them", () => {
  const { cache, use, live } = cacheOf({ bytes: 1024 }), before = live();
  for (let id = 0; id < 10; id++) use(id, 64);
  assertEquals([cache.calls, cache.bytes, live() - before], [4, 1024, 1024]);
  // One that is larger than all that is allowed is the only one.
  use(100, 1000);
  assertEquals([cache.calls, cache.bytes, live() - before], [1, 4096, 4096]);
  assertEquals([use(9, 64), cache.bytes], ["added", 256]);
  assertEquals(use(100, 1000), "added");
  cache.clear();
  assertEquals([cache.calls, cache.bytes, live()], [0, 0, before]);
  assertEquals(use(9, 64), "added");
});

Deno.test("PlanCache counts a list of calls as so many", () => {
  const { cache, use } = cacheOf({ calls: 10 });
  for (let id = 0; id < 6; id++) use(id);
  use(6, 16, 4);
  assertEquals(cache.calls, 10);
  use(7, 16, 5);
  assertEquals(cache.calls, 10);
  assertEquals([use(5), use(6), use(7)], ["found", "found", "found"]);
  assertEquals(use(4), "added");
  assertEquals(cache.calls, 10);
  use(8, 16, 40);
  assertEquals(cache.calls, 40);
});

Deno.test("PlanCache tells keys of one hash apart", () => {
  const context = contextOf(), cache = new PlanCache(context.memory, { calls: 2 });
  const entry = (stride: number): PlanEntry | undefined => {
    // Strides are not in the hash.
    const view = { dtype: "float32", shape: [4], strides: [stride] } as const;
    const key = cache.key.begin(5).layouts([view]), known = cache.find();
    if (known) return known;
    cache.add(new PlanEntry(new Planner(context).finish(2, stride), key.copy(), key.hash, 1));
    return undefined;
  };
  assertEquals([entry(1), entry(2)], [undefined, undefined]);
  assertEquals([entry(1)?.plan.detail, entry(2)?.plan.detail], [1, 2]);
  assertEquals(entry(3), undefined);
  assertEquals([entry(2)?.plan.detail, entry(3)?.plan.detail], [2, 3]);
  assertEquals(entry(1), undefined);
});

Deno.test("PlanCache lets kernels be right with a single plan", () => {
  const context = contextOf({ plans: { calls: 1 } }), sum = new Sum();
  const x = vector(context, [1, 2, 3]), y = vector(context, [0, 0, 0]), { live } = context.memory.report;
  for (let i = 0; i < 12; i++) {
    const factor = i % 3;
    sum.run(context, factor, [x, x], y);
    assertEquals(valuesOf(context, y), [2, 4 + factor, 6 + 2 * factor]);
    assertEquals(context.memory.report.live - live, context.plans.bytes);
  }
  assertEquals([sum.plans, context.plans.calls], [12, 1]);
  assert(context.plans.bytes > 0);
});
