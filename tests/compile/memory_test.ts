/** Memory kept by runs of compiled steps. */
import { assert, assertEquals } from "@std/assert";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compile } from "@troodon/compile";
import { type Tensor, tidySync, withDevice } from "@troodon/core";
import { type Counts, type MeteredDevice, openDevice } from "../../bench/devices.ts";
import { type ProgramName, PROGRAMS, type Training, trainStep } from "../../bench/steps/programs/mod.ts";
import type { WebGpuBackend } from "@troodon/webgpu";

/** Runs before measuring, in which the engine compiles JavaScript, and measured runs. */
const WARM = 200, RUNS = 2000;

/** Bytes of the heap that a run may keep, part of which is machine code of the engine. */
const KEPT_BYTES = 1024;

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Training step on a fixed batch, compiled or not. */
function steps(device: MeteredDevice, training: Training, compiled: boolean): () => void {
  return withDevice(device, () => {
    const { draw, loss, optimizer } = training, own = optimizer(), batch = draw();
    const step = (...given: Tensor[]): Tensor => trainStep(own, () => loss(...given));
    const run = compiled ? compile(step) : (...given: Tensor[]) => tidySync(() => void step(...given));
    return () => void run(...batch);
  });
}

/** Compiled step of a small program on `device`. */
function compiledStep(device: MeteredDevice, name: ProgramName): () => void {
  return steps(device, withDevice(device, () => PROGRAMS[name].build(2, "small")), true);
}

/** Runs a step many times; returns the heap bytes kept per run, and the work of the device. */
function runMany(
  device: MeteredDevice,
  step: () => void,
): { readonly kept: number; readonly counts: Counts } {
  return withDevice(device, () => {
    for (let i = 0; i < WARM; i++) step();
    const before = heapBytes();
    device.reset();
    for (let i = 0; i < RUNS; i++) step();
    const { counts } = device;
    return { kept: (heapBytes() - before) / RUNS, counts };
  });
}

for (const name of ["mlp", "transformer"] as const) {
  Deno.test(`a compiled ${name} keeps no memory from run to run`, async () => {
    using device = await openDevice("wasm@1");
    const { kept, counts } = runMany(device, compiledStep(device, name));
    assert(kept < KEPT_BYTES, `${kept} bytes a run`);
    assertEquals([counts.buffers, counts.allocatedBytes], [0, 0]);
  });
}

for (const name of ["mlp", "lenet", "transformer"] as const) {
  Deno.test(`a compiled ${name} takes no more memory than as it is`, async () => {
    const peaks: number[] = [];
    for (const compiled of [false, true]) {
      using device = await openDevice("wasm@1");
      const { build, batchSize } = PROGRAMS[name], run = steps(device, build(batchSize), compiled);
      for (let i = 0; i < 5; i++) run();
      device.reset();
      for (let i = 0; i < 3; i++) run();
      peaks.push(device.counts.peakBytes);
    }
    const [eager, planned] = peaks as [number, number];
    assert(planned <= eager, `${planned} bytes, and ${eager} as it is`);
  });
}

Deno.test("a compiled step makes no buffer and no bind group on a GPU", async () => {
  using device = await openDevice("counting");
  const backend = device.backend as WebGpuBackend, step = compiledStep(device, "mlp");
  for (let i = 0; i < 10; i++) step();
  await device.finish();
  const { buffers, bindGroups, kernels, plans, dispatches } = backend.report;
  for (let i = 0; i < 300; i++) step();
  await device.finish();
  const after = backend.report;
  assert(after.dispatches > dispatches + 300);
  assertEquals(
    [after.buffers, after.bindGroups, after.kernels, after.plans],
    [buffers, bindGroups, kernels, plans],
  );
});
