/** Training on the GPU: what a step takes, and kernels at sizes that are worth sharing out. */
import { assert, assertEquals } from "@std/assert";
import { grad, tape } from "@troodon/autograd";
import {
  conv2d,
  type Conv2dOptions,
  crossEntropy,
  Device,
  fromTypedArray,
  linear,
  Scope,
  setDefaultDevice,
  type Tensor,
} from "@troodon/core";
import { CpuBackend } from "@troodon/cpu";
import { SGD } from "@troodon/optim";
import { LeNet } from "@troodon/train";
import { WebGpuBackend } from "@troodon/webgpu";
import { GPU_DEVICES } from "./reference/gpu.ts";

const [gpu] = GPU_DEVICES, cpu = new Device(new CpuBackend(), { tape });
const test = (name: string, fn: (device: Device) => Promise<void>) =>
  Deno.test({ name, ignore: !gpu, fn: () => fn(gpu!) });

function noise(device: Device, shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((n, e) => n * e, 1);
  const values = Float32Array.from(
    { length: size },
    (_, i) => ((i + 1) * 0.6180339887498949 * seed) % 1 * 2 - 1,
  );
  return fromTypedArray(values, shape, { device });
}

/** Trains LeNet on `device` for some steps, of which those after the third must make nothing new. */
async function trainLeNet(device: Device, batch: number): Promise<void> {
  setDefaultDevice(device);
  const backend = device.backend as WebGpuBackend;
  const model = new LeNet(), optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const images = noise(device, [batch, 1, 28, 28], 1);
  const labels = fromTypedArray(Int32Array.from({ length: batch }, (_, i) => i % 10), [batch], { device });
  const step = async (): Promise<number> => {
    using _ = new Scope();
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    return (await loss.dataAsync())[0]!;
  };
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push(await step());
  const before = backend.report;
  for (let i = 0; i < 5; i++) losses.push(await step());
  const after = backend.report;
  assert(losses.at(-1)! < losses[0]!, `${losses}`);
  const made = ["buffers", "bindGroups", "kernels", "liveBytes", "spareBytes"] as const;
  assertEquals(made.map((what) => after[what]), made.map((what) => before[what]));
  assertEquals((after.submissions - before.submissions) / 5, 1);
  const dispatches = (after.dispatches - before.dispatches) / 5;
  assert(dispatches <= 45, `${dispatches} dispatches`);
}

for (const batch of [8, 32]) {
  test(`a training step of LeNet on ${batch} images takes few dispatches and makes nothing new`, async (device) => {
    await trainLeNet(device, batch);
  });

  test(`a training step of LeNet on ${batch} images takes few dispatches of eight buffers as well`, async () => {
    const backend = await WebGpuBackend.create({ allowFallback: true, storageBuffers: 8 });
    using device = new Device(backend, { tape });
    await trainLeNet(device, batch);
  });
}

/** Values and gradients of `f` on both devices. */
async function agree(
  f: (...tensors: Tensor[]) => Tensor,
  shapes: readonly (readonly number[])[],
  tolerance: number,
): Promise<void> {
  const results = await Promise.all([gpu!, cpu].map(async (device) => {
    using _ = new Scope();
    const tensors = shapes.map((shape, i) => noise(device, shape, i + 1).requiresGrad_());
    const y = f(...tensors), found = grad(y.mul(noise(device, y.shape, 7)).sum(), tensors);
    return await Promise.all([y, ...found].map((t) => t.dataAsync()));
  }));
  const [found, exact] = results as [typeof results[0], typeof results[0]];
  exact!.forEach((numbers, t) => {
    const size = Math.max(...Array.from(numbers, Math.abs));
    numbers.forEach((y, i) => {
      const x = found![t]![i]!;
      assert(Math.abs(x - y) <= tolerance * size, `element ${i} of result ${t} is ${x} and not ${y}`);
    });
  });
}

const CONVOLUTIONS: readonly (readonly [readonly number[], readonly number[], Conv2dOptions])[] = [
  [[4, 3, 30, 31], [20, 3, 5, 5], { stride: 1, padding: 2 }],
  [[3, 8, 33, 20], [24, 8, 3, 3], { stride: 2, padding: 1 }],
  [[2, 8, 29, 29], [40, 4, 3, 3], { dilation: 2, groups: 2 }],
  // Rows that are loaded by fours, with padding on both sides, and pixels that are their own patches.
  [[3, 8, 19, 20], [36, 4, 3, 3], { padding: 1, groups: 2 }],
  [[2, 6, 16, 16], [33, 6, 5, 5], { padding: [4, 6], dilation: 2 }],
  [[2, 40, 10, 10], [36, 40, 1, 1], {}],
  [[3, 20, 11, 9], [33, 20, 1, 1], {}],
];

for (const [image, weight, options] of CONVOLUTIONS) {
  test(`conv2d() shares out [${image}] by [${weight}] as the CPU does`, async () => {
    await agree((x, w, b) => conv2d(x, w, b, options), [image, weight, [weight[0]!]], 2e-5);
  });
}

test("linear() shares out its products as the CPU does", async () => {
  await agree((x, w, b) => linear(x, w, b), [[130, 260], [140, 260], [140]], 2e-5);
});
