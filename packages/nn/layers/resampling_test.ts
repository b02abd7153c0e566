import { assertEquals, assertNotEquals } from "@std/assert";
import { interpolate, randn } from "@troodon/core";
import { Upsample } from "../mod.ts";
import { useReference } from "../support_test.ts";

Deno.test("Upsample() passes on that all elements have a share", () => {
  useReference();
  const x = randn([1, 1, 6, 5]), options = { scaleFactor: 0.4, mode: "bilinear" } as const;
  const layer = new Upsample({ ...options, antialias: true });
  const y = layer(x).tolist();
  assertEquals(y, interpolate(x, { ...options, antialias: true }).tolist());
  assertNotEquals(y, new Upsample(options)(x).tolist());
  assertEquals(Reflect.construct(Upsample, layer.describe())(x).tolist(), y);
});
