/** Compares programs of kernel calls with the calls. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { type Backend, Device, ReferenceBackend } from "@troodon/core";
import { ProgramLoop } from "@troodon/compile";
import { CpuBackend } from "@troodon/cpu";
import { CASES, launchSamples, TwinPrograms } from "@troodon/testing";
import { compareSteps } from "./launch_programs/compare_steps.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";

/** Compares the calls of some samples with programs of one call each; tests/long has all samples. */
async function compareCalls(
  backend: Backend,
  chosen: (name: string, number: number) => boolean,
): Promise<number> {
  const twins = new TwinPrograms(backend, (program) => backend.compile!(program));
  await launchSamples(CASES.filter(({ name }, i) => chosen(name, i)), new Device(twins, { tape }), 1);
  assertEquals(twins.report.different.slice(0, 5), []);
  return twins.report.compared;
}

Deno.test("CpuBackend.compile() gives programs equal to launches, bit by bit, for calls of samples", async () => {
  using cpu = new CpuBackend({ threads: 1, blas: "off" });
  assert(await compareCalls(cpu, (_, i) => i % 8 === 0) > 2000);
});

for (const name of ["mlp", "lenet", "cnn-bn", "sine", "transformer"] as const) {
  Deno.test(`programs do a step of ${name} as it is done call by call`, () => {
    for (const options of [{ threads: 1 }, { threads: 2, grain: 0 }]) {
      using cpu = new CpuBackend({ ...options, blas: "off" });
      compareSteps(cpu, (program) => cpu.compile(program), name);
    }
  });
}

Deno.test("ProgramLoop does a step as it is done call by call, also on a backend that has no lists of calls", () => {
  using cpu = new CpuBackend({ threads: 1, blas: "off" });
  compareSteps(cpu, (program) => new ProgramLoop<object>(cpu, program), "mlp");
  const reference = new ReferenceBackend();
  assert(!("launchAll" in reference) && !("compile" in reference));
  compareSteps(reference, (program) => new ProgramLoop(reference, program), "sine");
});

for (const { backend } of GPU_DEVICES) {
  Deno.test("WebGpuBackend.compile() gives programs equal to launches, bit by bit, for calls of samples", async () => {
    const names = ["layerNorm", "crossEntropy", "sort", "dropout"];
    assert(await compareCalls(backend, (name) => names.includes(name)) > 100);
  });

  Deno.test("programs do a step on a GPU as it is done call by call", () => {
    for (const name of ["mlp", "transformer"] as const) {
      compareSteps(backend, (program) => backend.compile!(program), name);
    }
  });
}
