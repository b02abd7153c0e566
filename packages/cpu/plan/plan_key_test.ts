import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { DTYPES } from "@troodon/core";
import { type KeyView, PlanKey } from "./plan_key.ts";

const view: KeyView = { dtype: "float32", shape: [2, 3], strides: [3, 1] };

Deno.test("PlanKey tells everything apart that is added to it", () => {
  const others: readonly KeyView[] = [
    { ...view, strides: [1, 2] },
    { ...view, shape: [2, 4] },
    { dtype: "float32", shape: [6], strides: [1] },
    ...DTYPES.filter((dtype) => dtype !== view.dtype).map((dtype) => ({ ...view, dtype })),
  ];
  const key = new PlanKey(), seen = new Set<string>();
  const keys = [
    ...[[], [view], [view, view], ...others.map((other) => [other])].map((views) =>
      key.begin(1).views(views).copy()
    ),
    key.begin(2).views([view]).copy(),
    ...[[], [1], [1, 1], [2]].map((list) => key.begin(3).list(list).add(1).copy()),
    ...DTYPES.map((dtype) => key.begin(4).type(dtype).copy()),
    ...[[], [view], [view, view], [others[0]!]].map((views) => key.begin(5).layouts(views).copy()),
    ...[[], [view], [others[1]!], [others[2]!]].map((views) => key.begin(6).shapes(views).copy()),
  ];
  for (const numbers of keys) seen.add(numbers.join());
  assertEquals(seen.size, keys.length);
});

Deno.test("PlanKey equals the numbers it was made of, and begins anew", () => {
  const key = new PlanKey();
  const long = key.begin(1).all([5, 6, 7]).copy(), { hash } = key, short = key.begin(1).all([5, 6]).copy();
  assertEquals([long, short], [[1, 0, 5, 6, 7], [1, 0, 5, 6]]);
  assert(key.equals(short) && !key.equals(long));
  assertNotEquals(key.hash, hash);
  key.begin(1).add(5).all([6, 7]);
  assert(key.equals(long) && !key.equals(short));
  assertEquals(key.hash, hash);
  assert(!key.equals([1, 0, 5, 6, 8]) && !key.equals([2, 0, 5, 6, 7]) && !key.equals([...long, 0]));
  // Beyond 32 bits.
  assert(!key.begin(2 ** 40).equals([0, 0]) && !key.begin(1).equals([1 + 2 ** 32, 0]));
  assert(key.begin(1, 2).equals([1, 2]) && !key.begin(1, 3).equals([1, 2]));
});
