/** Hundreds of random training steps, compiled and uncompiled. */
import { assert } from "@std/assert";
import { type Backend, ReferenceBackend } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { tryGraphs } from "../compile/graphs/try_graphs.ts";
import { openGpuBackend } from "../compile/open_gpu.ts";

const gpu = await openGpuBackend();
const cpu = new CpuBackend({ threads: 1, blas: "off" }), reference = new ReferenceBackend();

const TRIALS: readonly (readonly [name: string, backend: Backend | null, count: number])[] = [
  ["the CPU", cpu, 500],
  ["the reference backend", reference, 200],
  ["a GPU", gpu, 100],
];

for (const [name, backend, count] of TRIALS) {
  if (backend === null) continue;
  for (const [how, options, relative] of [["", { fuse: false }, 0], [", joined", {}, 1e-6]] as const) {
    Deno.test(`compile() runs ${count} random training steps on ${name}${how}`, async () => {
      const { ran, amplified, failure } = await tryGraphs(() => backend, {
        from: 1000,
        count,
        options,
        relative,
      });
      assert(failure === null, failure ?? "");
      assert(ran > 0.9 * count, `${ran} of ${count} could run`);
      assert(amplified < 0.05 * count, `${amplified} of ${count} amplify last digits`);
    });
  }
}
