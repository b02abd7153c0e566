/** NaN, infinities and edges on GPUs whose compilers take every liberty that WGSL leaves them. */
import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, Generator } from "@troodon/core";
import { CASES, type Liberty, makeOracle, openHostileGpu, type Sample, spotCheck } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { replay } from "./reference/replay.ts";
import { SPECIAL } from "./reference/special_gradients.ts";

async function open(liberty: Liberty): Promise<readonly Device[]> {
  const opened = await openHostileGpu(liberty);
  if (opened === undefined) {
    console.log(`SKIP webgpu: no adapter for shaders that are ${liberty}`);
    return [];
  }
  const device = new Device(new WebGpuBackend(opened), { tape });
  addEventListener("unload", () => device[Symbol.dispose]());
  return [device];
}

const [reassociated, fused] = [await open("reassociated"), await open("fused")];

replay("special_values.json", [...reassociated, ...fused], {});
replay("special_gradients.json", [...reassociated, ...fused], SPECIAL);

const isSpecial = (sample: Sample): boolean =>
  sample.some((operand) => !operand.draw(new Generator(0)).every(Number.isFinite));
const special = CASES.flatMap((op) => {
  const samples = op.samples.filter(isSpecial);
  return samples.length > 0 ? [{ ...op, samples }] : [];
});

const oracle = makeOracle();
for (const device of [...reassociated, ...fused]) {
  for (const [name, cases] of Map.groupBy(special, ({ name }) => name)) {
    Deno.test(`${name}() of NaN and infinities conforms where compilers assume that there are none`, async () => {
      assertEquals((await spotCheck(cases, oracle, device, { samples: Infinity })).faults, []);
    });
  }
}
