/** Many tensors at once, on adapters of all limits: counted, and calculated where there is a GPU. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import { CpuBackend } from "@troodon/cpu";
import { Device, full, Scope, type Tensor } from "@troodon/core";
import { Adam } from "@troodon/optim";
import { type AdapterName, ADAPTERS, CountingGpu } from "@troodon/testing";
import { WebGpuBackend } from "@troodon/webgpu";
import { GPU_DEVICES } from "./reference/gpu.ts";

/** Tensors of few elements, with gradients. */
function parametersOn(device: Device, count: number): Tensor[] {
  return Array.from({ length: count }, (_, i) => {
    const shape = [i % 7 + 1], p = full(shape, i / count, { device, requiresGrad: true });
    p.grad = full(shape, i % 3 - 1, { device });
    return p;
  });
}

for (const adapter of Object.keys(ADAPTERS) as AdapterName[]) {
  Deno.test(`300 tensors are updated and 1,200 set to zero within the limits of an adapter like ${adapter}`, async () => {
    const gpu = new CountingGpu(ADAPTERS[adapter]), { counts } = gpu;
    const device = new Device(new WebGpuBackend(gpu.opened), { tape });
    using _ = new Scope();
    const narrow = ADAPTERS[adapter].maxStorageBuffersPerShaderStage === 8;
    const few = new Adam(parametersOn(device, 300), { lr: 0.1 });
    for (let i = 0; i < 2; i++) {
      await device.finish();
      gpu.reset();
      few.step();
      await device.finish();
    }
    // The parameters and what is kept of them are three buffers; each gradient is one.
    assertEquals(counts.dispatches.length, narrow ? 300 / 5 : Math.ceil(300 / 125));
    few.zeroGrad();
    for (const { params } of few.paramGroups) for (const p of params) p.mul(3).sum().backward();
    await device.finish();
    gpu.reset();
    few.step();
    await device.finish();
    assertEquals(counts.dispatches.length, 1);
    const many = new Adam(parametersOn(device, 1200), { lr: 0.1 });
    await device.finish();
    gpu.reset();
    many.zeroGrad({ setToNull: false });
    await device.finish();
    assertEquals(counts.dispatches.length, Math.ceil(1200 / (narrow ? 8 : 128)));
    const longest = Math.max(...counts.shaders.map(({ code }) => code.length));
    assert(longest < 64 * 1024, `${longest} bytes of text`);
  });
}

for (const device of GPU_DEVICES) {
  Deno.test(`300 tensors are updated by Adam on ${device.name} as on the CPU`, () => {
    using _ = new Scope();
    const [own, others] = [device, new Device(new CpuBackend(), { tape })].map((device) => {
      const parameters = parametersOn(device, 300), optimizer = new Adam(parameters, { lr: 0.1 });
      for (let i = 0; i < 3; i++) optimizer.step();
      return parameters.map((p) => [...p.dataSync()].map(Number));
    });
    own!.forEach((values, i) =>
      values.forEach((value, j) => {
        const wanted = others![i]![j]!;
        assert(
          Math.abs(value - wanted) < 1e-6,
          `element ${j} of tensor ${i} is ${value}: the CPU has ${wanted}`,
        );
      })
    );
  });
}
