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
import { createModel } from "@troodon/train";
import type { WebGpuBackend } from "@troodon/webgpu";
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

test("a training step of LeNet takes few dispatches and makes nothing new", async (device) => {
  setDefaultDevice(device);
  const backend = device.backend as WebGpuBackend;
  const model = createModel("lenet"), optimizer = new SGD(model.parameters(), { lr: 0.05, momentum: 0.9 });
  const images = noise(device, [8, 1, 28, 28], 1);
  const labels = fromTypedArray(Int32Array.from({ length: 8 }, (_, i) => i), [8], { device });
  const step = async (): Promise<number> => {
    using _ = new Scope();
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(images), labels);
    loss.backward();
    optimizer.step();
    return (await loss.data())[0]!;
  };
  const losses: number[] = [];
  for (let i = 0; i < 3; i++) losses.push(await step());
  const before = backend.report;
  for (let i = 0; i < 12; i++) losses.push(await step());
  const after = backend.report;
  assert(losses.at(-1)! < losses[0]! - 0.1, `${losses}`);
  const made = ["buffers", "bindGroups", "kernels", "liveBytes", "spareBytes"] as const;
  assertEquals(made.map((what) => after[what]), made.map((what) => before[what]));
  assertEquals((after.submissions - before.submissions) / 12, 1);
  const dispatches = (after.dispatches - before.dispatches) / 12;
  assert(dispatches <= 45, `${dispatches} dispatches`);
});

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
    return await Promise.all([y, ...found].map((t) => t.data()));
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
];

for (const [image, weight, options] of CONVOLUTIONS) {
  test(`conv2d() shares out [${image}] by [${weight}] as the CPU does`, async () => {
    await agree((x, w, b) => conv2d(x, w, b, options), [image, weight, [weight[0]!]], 2e-5);
  });
}

test("linear() shares out its products as the CPU does", async () => {
  await agree((x, w, b) => linear(x, w, b), [[130, 260], [140, 260], [140]], 2e-5);
});
