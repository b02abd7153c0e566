/** Compares programs of one call for all samples, and programs of the steps of all networks, with direct calls. */
import { assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device } from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { CASES, launchSamples, TwinPrograms } from "@troodon/testing";
import { PROGRAM_NAMES } from "../../bench/steps/programs/mod.ts";
import { compareSteps } from "../launch_programs/compare_steps.ts";
import { GPU_DEVICES } from "../reference/gpu.ts";

const cpus = [new CpuBackend({ threads: 1, blas: "off" }), new CpuBackend({ threads: 2, grain: 0 })];

for (const backend of [...cpus, ...GPU_DEVICES.map(({ backend }) => backend)]) {
  const where = backend.describe(), compile = backend.compile!.bind(backend);
  Deno.test(`compile() gives programs equal to launches, bit by bit, for calls of all samples on ${where}`, async () => {
    const twins = new TwinPrograms(backend, compile);
    await launchSamples(CASES, new Device(twins, { tape }), 2);
    assertEquals(twins.report.different, []);
  });

  // A step of a large network takes minutes on a software GPU.
  const large = ["gpt", "resnet18"], some = PROGRAM_NAMES.filter((name) => !large.includes(name));
  for (const name of backend === cpus[0] ? PROGRAM_NAMES : some) {
    Deno.test(`programs do a step of ${name} as it is done call by call on ${where}`, () => {
      compareSteps(backend, compile, name);
    });
  }
}
