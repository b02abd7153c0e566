/** What a training step of each program asks of a card, counted on devices that calculate nothing. */
import { assert } from "@std/assert";
import { tape } from "@troodon/autograd";
import { compile } from "@troodon/compile";
import { Device, manualSeed, setDefaultDevice } from "@troodon/core";
import { type AdapterName, ADAPTERS, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { type ProgramName, PROGRAMS } from "../bench/steps/programs/mod.ts";

/** The most that one step may ask for, once the first ones are over. */
interface Budget {
  /** Dispatches, on a desktop card as where a shader may see eight buffers. */
  readonly dispatches: number;
  /** Dispatches of a step that is compiled. */
  readonly compiled: number;
  /** Thousands of workgroups. */
  readonly workgroups: number;
  /** Pipelines made by the first steps. */
  readonly pipelines: number;
  /** MB that tensors and what the backend keeps hold at once. */
  readonly megabytes: number;
}

const BUDGETS: Readonly<Record<ProgramName, Budget>> = {
  mlp: { dispatches: 12, compiled: 9, workgroups: 0.8, pipelines: 22, megabytes: 6 },
  lenet: { dispatches: 33, compiled: 24, workgroups: 3.5, pipelines: 39, megabytes: 9 },
  cnn: { dispatches: 28, compiled: 21, workgroups: 5.5, pipelines: 35, megabytes: 16 },
  "cnn-bn": { dispatches: 47, compiled: 43, workgroups: 6, pipelines: 54, megabytes: 17 },
  sine: { dispatches: 62, compiled: 30, workgroups: 4.6, pipelines: 50, megabytes: 16 },
  transformer: { dispatches: 113, compiled: 75, workgroups: 4.6, pipelines: 63, megabytes: 7 },
  gpt: { dispatches: 309, compiled: 254, workgroups: 180, pipelines: 65, megabytes: 730 },
  lstm: { dispatches: 1368, compiled: 404, workgroups: 20, pipelines: 58, megabytes: 20 },
  resnet18: { dispatches: 303, compiled: 287, workgroups: 160, pipelines: 96, megabytes: 560 },
};

/** Text of a shader that a driver compiles in a moment, in bytes. */
const SHADER_BYTES = 40_000;

for (const [name, budget] of Object.entries(BUDGETS)) {
  for (const adapter of Object.keys(ADAPTERS) as AdapterName[]) {
    Deno.test(`a step of ${name} stays within its budget on an adapter like ${adapter}`, async () => {
      const gpu = new CountingGpu(ADAPTERS[adapter]), { counts } = gpu;
      const device = new Device(new WebGpuBackend(gpu.opened), { tape });
      setDefaultDevice(device);
      manualSeed(0);
      const program = PROGRAMS[name as ProgramName], step = program.prepare(program.batchSize);
      for (let i = 0; i < 3; i++) {
        step();
        await device.finish();
      }
      const pipelines = counts.shaders.length,
        longest = Math.max(...counts.shaders.map(({ code }) => code.length));
      gpu.reset();
      step();
      await device.finish();
      const groups = counts.dispatches.reduce((sum, { groups: [x, y, z] }) => sum + x * y * z, 0) / 1000;
      const within = (what: string, found: number, most: number): void => {
        assert(found <= most, `${found} ${what}: the budget is ${most}`);
      };
      within("dispatches", counts.dispatches.length, budget.dispatches);
      within("thousand workgroups", groups, budget.workgroups);
      within("pipelines", pipelines, budget.pipelines);
      within("MB", counts.peakBytes / 1e6, budget.megabytes);
      within("bytes of one shader", longest, SHADER_BYTES);
      // What the first steps made is used again.
      within("new pipelines", counts.shaders.length, 0);
      within("new bind groups", counts.groups, 0);
      within("new buffers", counts.buffers, 0);
      using compiled = compile(() => step());
      for (let i = 0; i < 5; i++) {
        gpu.reset();
        compiled();
        await device.finish();
      }
      within("dispatches of a compiled step", counts.dispatches.length, budget.compiled);
      within("new pipelines of a compiled step", counts.shaders.length, 0);
      within("new bind groups of a compiled step", counts.groups, 0);
      within("new buffers of a compiled step", counts.buffers, 0);
    });
  }
}
