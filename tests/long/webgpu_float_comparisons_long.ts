/** The text of the shaders of all samples: what a driver may assume of floats in it. */
import { assert, assertEquals } from "@std/assert";
import { comparisonsOf } from "../reference/float_comparisons.ts";

Deno.test("shaders of all samples compare floats by their bits", async () => {
  const { shaders, found } = await comparisonsOf(Infinity);
  assert(shaders > 8000, `${shaders} shaders`);
  assertEquals(found, {});
});
