/** More rows, images and channels than a grid has workgroups along an axis, calculated by fused kernels and on the CPU. */
import { assert, assertEquals } from "@std/assert";
import { tape } from "@troodon/autograd";
import {
  avgPool2d,
  batchNorm,
  conv2d,
  crossEntropy,
  Device,
  layerNorm,
  maxPool2d,
  Scope,
  type Shape,
  type Tensor,
  tensor,
} from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import { CpuBackend } from "@troodon/cpu";
import { GPU_DEVICES } from "./reference/gpu.ts";

const MANY = 70_000;

/** A tensor of numbers from -1 to 1 without a pattern. */
function noise(device: Device, shape: Shape, requiresGrad = false): Tensor {
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => (i * 0.6180339887) % 2 - 1);
  return tensor(data, { device }).reshape([...shape]).detach().requiresGrad_(requiresGrad);
}

const classesOn = (device: Device): Tensor =>
  tensor(Int32Array.from({ length: MANY }, (_, i) => i % 3), { device });

/** A call on noise of a shape. */
interface Crowd {
  readonly shape: Shape;
  readonly call: (x: Tensor) => Tensor;
  /** Whether there is no time for its gradient on a software adapter. */
  readonly slow?: boolean;
}

const CROWDS: Readonly<Record<string, Crowd>> = {
  "softmax() of 70,000 rows": { shape: [MANY, 3], call: (x) => x.softmax(1) },
  "crossEntropy() of 70,000 rows": {
    shape: [MANY, 3],
    call: (x) => crossEntropy(x, classesOn(x.device), { reduction: "none" }),
  },
  "layerNorm() of 70,000 rows": { shape: [MANY, 4], call: (x) => layerNorm(x, [4], null, null, { eps: 1 }) },
  "batchNorm() of 70,000 channels": {
    shape: [2, MANY, 3],
    call: (x) => batchNorm(x, null, null, null, null, { eps: 1 }),
  },
  "conv2d() of 70,000 images": {
    shape: [MANY, 1, 3, 3],
    call: (x) => conv2d(x, noise(x.device, [2, 1, 2, 2])),
  },
  "conv2d() of 70,000 channels": {
    shape: [MANY, 1, 2, 2],
    call: (x) => conv2d(noise(x.device, [1, 1, 2, 2]), x),
  },
  "conv2d() of 66,000 groups": {
    shape: [1, 66_000, 2, 2],
    call: (x) => conv2d(x, noise(x.device, [66_000, 1, 1, 1]), null, { groups: 66_000 }),
    slow: true,
  },
  "maxPool2d() of 70,000 images": { shape: [MANY, 1, 4, 4], call: (x) => maxPool2d(x, 2) },
  "avgPool2d() of 70,000 images": { shape: [MANY, 1, 4, 4], call: (x) => avgPool2d(x, 2) },
};

/** The result of a call and, unless that is slow, the gradient of a weighted sum of it. */
function numbersOf(device: Device, { shape, call, slow = false }: Crowd): readonly Float32Array[] {
  using _ = new Scope();
  const x = noise(device, shape, !slow), y = call(x), all = [y];
  if (!slow) {
    y.mul(noise(device, y.shape)).sum().backward();
    all.push(x.grad!);
  }
  return all.map((t) => Float32Array.from(t.detach().dataSync(), Number));
}

for (const device of GPU_DEVICES) {
  for (const [name, crowd] of Object.entries(CROWDS)) {
    Deno.test(`${name} is on ${device.name} what it is on the CPU`, () => {
      const [found, exact] = [device, new Device(new CpuBackend(), { tape })].map((on) =>
        numbersOf(on, crowd)
      );
      exact!.forEach((numbers, o) => {
        assertEquals(found![o]!.length, numbers.length);
        numbers.forEach((y, i) => {
          const x = found![o]![i]!;
          assert(Math.abs(x - y) <= 1e-5, `element ${i} of result ${o} is ${x}: the CPU has ${y}`);
        });
      });
    });
  }
}
