import { assert, assertEquals } from "@std/assert";
import { costOf, partsOf, WORK_LIMITS } from "./work.ts";

const work = (operations: number, steps = 1) => ({ operations, steps });

Deno.test("costOf() is the time of all threads, or of one that takes many steps", () => {
  assertEquals(costOf(work(1e6, 10)), 1e6);
  assert(costOf(work(1e6, 10_000)) > 1e7);
});

Deno.test("partsOf() leaves a grid whole that is within the limits", () => {
  const { operations } = WORK_LIMITS;
  assertEquals(partsOf([70_000, 2, 3], work(operations), WORK_LIMITS), [{ first: 0, count: 420_000 }]);
  assertEquals(partsOf([1, 1, 1], work(9 * operations), WORK_LIMITS), [{ first: 0, count: 1 }]);
});

Deno.test("partsOf() gives parts that follow each other, are even, and within the limits", () => {
  const limits = { ...WORK_LIMITS, operations: 100 };
  for (const [x, y, z] of [[7, 1, 1], [10, 3, 2], [1000, 1, 7], [300_000, 1, 1]] as const) {
    for (const each of [1, 3, 9, 33, 100, 170]) {
      const groups = x * y * z, parts = partsOf([x, y, z], work(groups * each), limits);
      let next = 0;
      for (const { first, count } of parts) {
        assertEquals(first, next);
        assert(count >= 1 && count <= 65535);
        assert(count === 1 || count * each <= limits.operations, `${count} groups of ${each}`);
        next += count;
      }
      assertEquals(next, groups);
      const counts = parts.map(({ count }) => count);
      assert(counts[0]! - counts.at(-1)! < parts.length, `${counts}`);
    }
  }
});
