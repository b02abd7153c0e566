/** Compares programs of whole training steps with the steps. */
import { assert } from "@std/assert";
import { tape } from "@troodon/autograd";
import { type Backend, manualSeed, setDefaultDevice } from "@troodon/core";
import type { LaunchProgram, RunnableProgram } from "@troodon/core/kernel";
import { programOf, type RecordedLaunch, RecordingDevice } from "@troodon/testing";
import { type ProgramName, PROGRAMS } from "../../bench/steps/programs/mod.ts";

/** Function that prepares a program. */
export type Compile = (program: LaunchProgram) => RunnableProgram;

/** Samples of a batch with which a step of each program takes a moment. */
export const SMALL: Readonly<Record<ProgramName, number>> = {
  mlp: 4,
  lenet: 2,
  cnn: 2,
  "cnn-bn": 2,
  sine: 20,
  transformer: 2,
  gpt: 1,
  lstm: 1,
  resnet18: 1,
};

/** Compares runs of a program with steps of `name`, by all memory that outlives a step. */
export function compareSteps(backend: Backend, compile: Compile, name: ProgramName): void {
  const device = new RecordingDevice(backend, { tape });
  setDefaultDevice(device);
  manualSeed(3);
  const step = PROGRAMS[name].prepare(SMALL[name]);
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
  if (a.length !== b.length) return false;
  // Hundreds of megabytes, of which a callback for each byte would take minutes.
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
