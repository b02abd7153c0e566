import { assert, assertEquals, assertRejects } from "@std/assert";
import { CpuBackend } from "@troodon/cpu";
import { idleDevice, MeteredDevice, openDevice } from "../devices.ts";
import { countSteps } from "./count_steps.ts";
import { PROGRAM_NAMES, type ProgramName } from "./programs/mod.ts";
import { prepareStep } from "./training_step.ts";

Deno.test("prepareStep() gives steps that learn", () => {
  using device = new MeteredDevice(new CpuBackend({ threads: 1, blas: "off" }));
  // Of the large ones two steps of few samples, which is enough to see the loss fall.
  const few: Partial<Record<ProgramName, [batchSize: number, steps: number]>> = {
    gpt: [1, 2],
    lstm: [2, 3],
    resnet18: [2, 2],
    sine: [100, 10],
  };
  for (const name of PROGRAM_NAMES) {
    const [batchSize, steps] = few[name] ?? [8, 10];
    const step = prepareStep(device, name, batchSize), losses: number[] = [];
    for (let i = 0; i < steps; i++) step((loss) => losses.push(loss.item()));
    assert(losses.at(-1)! < losses[0]!, `${name}: ${losses}`);
  }
});

Deno.test("countSteps() counts one step, however many there are", async () => {
  const device = idleDevice(), step = prepareStep(device, "mlp", 64);
  const counts = await countSteps(device, step, 4);
  assertEquals(counts, await countSteps(device, step, 1));
  assertEquals(counts.gpu, null);
  // A product forward and one for the gradient of each weight, and one for that of the hidden layer.
  const products = 2 * 64 * (2 * 784 * 256 + 3 * 256 * 10);
  assert(counts.flops > products && counts.flops < 1.2 * products, `${counts.flops} and ${products}`);
  const parameters = 4 * (785 * 256 + 257 * 10), batch = 4 * 64 * 785;
  assert(counts.peakBytes > 4 * parameters + batch, `${counts.peakBytes}`);
  assert(counts.bytes > counts.allocatedBytes && counts.launches > 10 && counts.buffers > 10);
});

Deno.test("countSteps() counts what each program asks of a GPU that calculates nothing, several devices beside each other", async () => {
  const devices = [await openDevice("counting"), await openDevice("counting@metal")];
  for (const name of PROGRAM_NAMES) {
    const steps = devices.map((device) => prepareStep(device, name));
    for (const [i, device] of devices.entries()) {
      const { gpu } = await countSteps(device, steps[i]!, 1);
      assert(gpu!.dispatches > 10 && gpu!.made === 0, `${name}: ${JSON.stringify(gpu)}`);
    }
  }
  await assertRejects(() => openDevice("counting@abacus"), RangeError, "current ones are abacus");
});
