/** The text of every shader: what a driver may assume of floats in it. More samples: `tests/long`. */
import { assert, assertEquals } from "@std/assert";
import { comparisonsOf } from "./reference/float_comparisons.ts";

Deno.test("shaders compare floats by their bits, whatever the op, the layout and the type", async () => {
  const { shaders, found } = await comparisonsOf(1);
  assert(shaders > 5000, `${shaders} shaders`);
  assertEquals(found, {});
});
