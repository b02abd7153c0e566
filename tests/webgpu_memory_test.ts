/** Training on GPUs whose memory comes to an end, counted on devices that calculate nothing. */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { tape } from "@troodon/autograd";
import { Device, manualSeed, randint, randn, Scope, setDefaultDevice } from "@troodon/core";
import { type AdapterName, ADAPTERS, CountingGpu } from "@troodon/testing";
import { Adam, Cnn, CrossEntropyLoss } from "@troodon/troodon";
import { WebGpuBackend } from "@troodon/webgpu";

const MIB = 2 ** 20;

for (const adapter of Object.keys(ADAPTERS) as AdapterName[]) {
  Deno.test(`a batch too large for the memory of a GPU like ${adapter} is refused, and smaller ones go on`, async () => {
    const gpu = new CountingGpu(ADAPTERS[adapter], { memory: 128 * MIB });
    const backend = new WebGpuBackend(gpu.opened), device = new Device(backend, { tape });
    setDefaultDevice(device);
    manualSeed(0);
    const model = new Cnn(), criterion = new CrossEntropyLoss();
    const optimizer = new Adam(model.parameters(), { lr: 1e-3 });
    const steps = (batchSize: number) => {
      for (let i = 0; i < 3; i++) {
        using _ = new Scope();
        const labels = randint(0, 10, [batchSize], { dtype: "int32" });
        optimizer.zeroGrad({ setToNull: false });
        criterion.forward(model.forward(randn([batchSize, 1, 28, 28])), labels).backward();
        optimizer.step();
      }
    };
    steps(64);
    await device.finish();
    const { buffers, bytes } = device.memory;
    for (const tooMany of [2048, 3500, 3072]) {
      const error = assertThrows(
        () => steps(tooMany),
        RangeError,
        "as the memory of the GPU is full: use smaller batches; ",
      );
      assertMatch(
        error.message,
        /currently in use are \d+( in \d+ buffers\. If a loop makes them, free them at .*)?$/,
      );
      assertEquals([device.memory.buffers, device.memory.bytes], [buffers, bytes]);
      assert(gpu.counts.bytes <= 128 * MIB);
      // What was kept for the small batch was freed for the large one.
      steps(96);
      await device.finish();
      assertEquals([device.memory.buffers, device.memory.bytes], [buffers, bytes]);
    }
  });
}
