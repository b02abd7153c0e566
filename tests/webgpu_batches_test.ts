/** What batches of other sizes ask of a card, counted on a device that calculates nothing. */
import { assert } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, randint, randn, Scope, setDefaultDevice } from "@troodon/core";
import { CrossEntropyLoss } from "@troodon/nn";
import { Adam } from "@troodon/optim";
import { ADAPTERS, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { createModel, type SmallName } from "@troodon/cli/tools";

function open(name: SmallName) {
  const gpu = new CountingGpu(ADAPTERS.vulkan), backend = new WebGpuBackend(gpu.opened);
  const device = new Device(backend, { tape });
  setDefaultDevice(device);
  manualSeed(0);
  const model = createModel(name),
    optimizer = new Adam(model.parameters()),
    criterion = new CrossEntropyLoss();
  const step = async (batchSize: number): Promise<void> => {
    {
      using _ = new Scope();
      const x = randn([batchSize, 1, 28, 28]), y = randint(0, 10, [batchSize], { dtype: "int32" });
      optimizer.zeroGrad();
      criterion.forward(model.forward(x), y).backward();
      optimizer.step();
    }
    await device.finish();
  };
  return { gpu, backend, step };
}

for (const [name, most] of [["mlp", 2], ["lenet", 10], ["cnn", 6], ["cnn-bn", 6]] as const) {
  Deno.test(`a batch of another size makes few pipelines of ${name}`, async () => {
    const { gpu, step } = open(name), { shaders } = gpu.counts;
    await step(64);
    for (const batchSize of [96, 50, 33, 60, 100]) {
      const before = shaders.length;
      await step(batchSize);
      const made = shaders.length - before;
      assert(made <= most, `${made} pipelines for a batch of ${batchSize} after others: ${most} are allowed`);
    }
  });
}

Deno.test("1,000 batches of random sizes leave pipelines and memory as they are", async () => {
  const { gpu, backend, step } = open("mlp"), { counts } = gpu;
  const sizes = Array.from({ length: 1000 }, (_, i) => 1 + Math.floor(256 * ((i * 0.6180339887498949) % 1)));
  for (const size of sizes.slice(0, 300)) await step(size);
  const pipelines = counts.shaders.length, bytes = counts.bytes;
  for (const size of sizes.slice(300)) await step(size);
  assert(counts.shaders.length - pipelines < 5, `${counts.shaders.length - pipelines} more pipelines`);
  assert(counts.bytes <= 1.2 * bytes, `${counts.bytes} bytes, and ${bytes} before`);
  assert(backend.report.pipelines < 80, `${backend.report.pipelines} pipelines`);
});
