/** Programs of kernel calls against the calls themselves. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { type Backend, Device, manualSeed, ReferenceBackend, setDefaultDevice } from "@troodon/core";
import type { LaunchProgram, RunnableProgram } from "@troodon/core/kernel";
import { ProgramLoop } from "@troodon/compile";
import { CpuBackend } from "@troodon/cpu";
import {
  CASES,
  launchSamples,
  programOf,
  type RecordedLaunch,
  RecordingDevice,
  TwinPrograms,
} from "@troodon/testing";
import { type ProgramName, PROGRAMS } from "../bench/steps/programs/mod.ts";

type Compile = (program: LaunchProgram) => RunnableProgram;

Deno.test("CpuBackend.compile() gives programs equal to launches, bit by bit, for calls of samples", async () => {
  const cpu = new CpuBackend({ threads: 1, blas: "off" });
  const twins = new TwinPrograms(cpu, (program) => cpu.compile(program));
  using device = new Device(twins, { tape });
  await launchSamples(CASES.filter((_, i) => i % 4 === 0), device, 1);
  assertEquals(twins.report.different.slice(0, 5), []);
  assert(twins.report.compared > 5000);
});

const SMALL: Partial<Record<ProgramName, number>> = {
  mlp: 4,
  lenet: 2,
  "cnn-bn": 2,
  sine: 20,
  transformer: 2,
};

/** Compares runs of a program with steps of `name`, by all memory that outlives a step. */
function compareSteps(backend: Backend, compile: Compile, name: ProgramName, batchSize: number): void {
  const device = new RecordingDevice(backend, { tape });
  setDefaultDevice(device);
  manualSeed(3);
  const step = PROGRAMS[name].prepare(batchSize);
  step();
  const [first, second] = [device.record(() => step()), device.record(() => step())];
  const { program, valuesOf } = programOf(second, first), used = buffersOf(second);
  using runnable = compile(program);
  for (let i = 0; i < 2; i++) {
    const before = [...used].map((buffer) => backend.readSync!(buffer));
    const launches = device.record(() => step());
    const lasting = [...buffersOf(launches)].filter((buffer) => used.has(buffer));
    const expected = lasting.map((buffer) => backend.readSync!(buffer));
    [...used].forEach((buffer, b) => backend.write(buffer, before[b]!));
    runnable.run(valuesOf(launches));
    assert(lasting.length > 2);
    assert(lasting.some((buffer, b) => !equal(expected[b]!, before[[...used].indexOf(buffer)]!)));
    lasting.forEach((buffer, b) => assert(equal(backend.readSync!(buffer), expected[b]!), name));
  }
}

function buffersOf(launches: readonly RecordedLaunch[]): Set<object> {
  return new Set(
    launches.flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map(({ buffer }) => buffer)),
  );
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

for (const [name, batchSize] of Object.entries(SMALL) as [ProgramName, number][]) {
  Deno.test(`programs do a step of ${name} as it is done call by call`, () => {
    for (const options of [{ threads: 1 }, { threads: 2, grain: 0 }]) {
      const cpu = new CpuBackend({ ...options, blas: "off" });
      compareSteps(cpu, (program) => cpu.compile(program), name, batchSize);
      cpu[Symbol.dispose]();
    }
    const cpu = new CpuBackend({ threads: 1, blas: "off" });
    compareSteps(cpu, (program) => new ProgramLoop<object>(cpu, program), name, batchSize);
  });
}

Deno.test("ProgramLoop runs a step on a backend that has neither lists nor programs", () => {
  const backend = new ReferenceBackend();
  assert(!("launchAll" in backend) && !("compile" in backend));
  compareSteps(backend, (program) => new ProgramLoop(backend, program), "sine", 4);
});
