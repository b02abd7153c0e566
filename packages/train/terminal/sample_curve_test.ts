import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { SampleCurve } from "./sample_curve.ts";

Deno.test("SampleCurve.points() are the samples, or means of neighbors where there are more", () => {
  const curve = new SampleCurve();
  for (const [x, y] of [[1, 2], [2, 4], [3, NaN], [4, 6], [5, 0]] as const) curve.add(x, y);
  assertEquals(curve.points(10), [[1, 2], [2, 4], [4, 6], [5, 0]]);
  assertEquals(curve.points(2), [[1.5, 3], [4.5, 3]]);
  assertEquals(new SampleCurve().points(2), []);
});

Deno.test("SampleCurve keeps the shape of a long run in bounded memory", () => {
  const curve = new SampleCurve(), count = 100_000;
  for (let i = 0; i < count; i++) curve.add(i, 2 * i);
  const points = curve.points(Infinity);
  assert(points.length <= 1024 && points.length > 500, `${points.length} points`);
  points.forEach(([x, y]) => assertAlmostEquals(y, 2 * x));
  assert(points[0]![0] < count / 500 && points.at(-1)![0] > count * (1 - 1 / 250));
});
