import { assert, assertEquals } from "@std/assert";
import { openHostileGpu } from "@troodon/testing";
import { FACTS, measureArithmetic } from "./arithmetic.ts";

Deno.test("measureArithmetic() finds what a compiler makes of NaN, infinities, sums and products", async () => {
  const found = await Promise.all((["reassociated", "fused", "unfused"] as const).map(async (liberty) => {
    const opened = await openHostileGpu(liberty);
    if (opened === undefined) {
      return void console.log(`SKIP webgpu: no adapter for shaders that are ${liberty}`);
    }
    const arithmetic = await measureArithmetic(opened.device);
    opened.device.destroy();
    return arithmetic;
  }));
  for (const [i, arithmetic] of found.entries()) {
    if (arithmetic === undefined) continue;
    const { facts, division, sqrt } = arithmetic;
    assertEquals(Object.keys(facts), Object.keys(FACTS));
    assertEquals([facts["fma() is fused"], facts["a * b + c is fused"]], [i === 1, i === 1]);
    assertEquals([facts["comparisons honor NaN"], facts["comparisons honor infinities"]], [false, false]);
    assertEquals(facts["min() and max() give NaN"], false);
    assert(division > 0.4 && division < 3 && sqrt > 0.4 && sqrt < 3, `${division} and ${sqrt} ulp`);
    if (i === 0) assertEquals(facts["sums keep their order"], false);
  }
});
