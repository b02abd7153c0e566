/** NaN, infinities and edges on GPUs whose compilers assume that there are none. */
import { assertEquals } from "@std/assert";
import { CASES, makeOracle, specialSamples, spotCheck } from "@troodon/testing";
import { HOSTILE_DEVICES } from "./reference/hostile.ts";
import { replay } from "./reference/replay.ts";
import { SPECIAL } from "./reference/special_gradients.ts";

replay("special_values.json", HOSTILE_DEVICES, {});
replay("special_gradients.json", HOSTILE_DEVICES, SPECIAL);

const oracle = makeOracle();
for (const device of HOSTILE_DEVICES) {
  for (const [name, cases] of Map.groupBy(specialSamples(CASES), ({ name }) => name)) {
    Deno.test(`${name}() of NaN and infinities conforms where compilers assume that there are none`, async () => {
      assertEquals((await spotCheck(cases, oracle, device, { samples: Infinity })).faults, []);
    });
  }
}
