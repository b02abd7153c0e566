/** Passes on whole training steps: equal results with fewer launches and less memory. */
import { assert, assertEquals } from "@std/assert";
import { manualSeed, setDefaultDevice } from "@troodon/core";
import { optimizeProgram, passOptionsFor, ProgramLoop } from "@troodon/compile";
import { recordStep, replayStep, type StepProgram, worstDifference } from "@troodon/testing";
import { CpuBackend, WebGpuBackend } from "@troodon/troodon";
import { MeteredDevice, openDevice } from "../bench/devices.ts";
import { PROGRAM_NAMES, type ProgramName, PROGRAMS } from "../bench/steps/programs/mod.ts";

/** Batch sizes with which a CPU runs a program quickly. */
const SMALL: Partial<Record<ProgramName, number>> = {
  mlp: 8,
  lenet: 8,
  cnn: 4,
  "cnn-bn": 4,
  sine: 64,
  transformer: 4,
  lstm: 2,
};

Deno.test("optimizeProgram() gives what a step of each program gives, to the bit where nothing is merged", () => {
  using device = new MeteredDevice(new CpuBackend({ threads: 1, blas: "off" }));
  setDefaultDevice(device);
  const { backend } = device;
  for (const [name, batchSize] of Object.entries(SMALL)) {
    manualSeed(1);
    const step = PROGRAMS[name as ProgramName].prepare(batchSize);
    step();
    const recording = recordStep(device, () => step()), { program } = recording;
    const differs = (of: StepProgram) =>
      worstDifference(recording, replayStep(backend, recording, of, (one) => new ProgramLoop(backend, one)));
    const exact = optimizeProgram(program, { fuse: false, pool: false });
    assertEquals(differs(exact), 0, name);
    const merged = optimizeProgram(program, passOptionsFor(backend)), { memory } = merged;
    const worst = differs(merged);
    assert(worst <= 1e-6, `${name}: ${worst}`);
    assert(merged.program.launches.length < program.launches.length, name);
    // Up to one percent may be gaps if sizes differ much.
    assert(memory.bytes <= 1.01 * memory.recorded, `${name}: ${JSON.stringify(memory)}`);
  }
});

/** Dispatches of one step on a GPU that calculates nothing. */
const DISPATCHES: Readonly<Record<ProgramName, number>> = {
  mlp: 9,
  lenet: 24,
  cnn: 21,
  "cnn-bn": 43,
  sine: 30,
  transformer: 75,
  gpt: 254,
  lstm: 405,
  resnet18: 287,
};

Deno.test("optimizeProgram() leaves few dispatches of each program", async () => {
  for (const name of PROGRAM_NAMES) {
    using device = await openDevice("counting");
    const { backend } = device, step = PROGRAMS[name].prepare(PROGRAMS[name].batchSize);
    assert(backend instanceof WebGpuBackend);
    step();
    const { program } = recordStep(device, () => step(), false),
      { program: less, memory } = optimizeProgram(program, passOptionsFor(backend));
    const buffers = less.slots.map(({ bytes }) => backend.allocate(bytes));
    using loop = new ProgramLoop(backend, less);
    const before = backend.report.dispatches;
    loop.run({ buffers, numbers: [], randoms: [] });
    const dispatches = backend.report.dispatches - before;
    assert(dispatches <= DISPATCHES[name] && dispatches > 8, `${name}: ${dispatches}`);
    // Separate arenas for the operands of products cost up to a third of the memory of small programs.
    assert(memory.bytes <= 1.01 * memory.recorded + 2 ** 21, `${name}: ${JSON.stringify(memory)}`);
    assert(memory.peak <= memory.recorded, `${name}: ${JSON.stringify(memory)}`);
  }
});
