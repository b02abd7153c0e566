/** Fused kernels on the GPU: calls that differ in one thing, kernels left out, and what an optimizer dispatches. */
import { assert, assertEquals } from "@std/assert";
import { grad, tape } from "@troodon/autograd";
import {
  avgPool2d,
  batchNorm,
  conv2d,
  type Conv2dOptions,
  crossEntropy,
  Device,
  fromTypedArray,
  type FusedKernel,
  layerNorm,
  logSoftmax,
  maxPool2d,
  ReferenceBackend,
  Scope,
  softmax,
  type Tensor,
} from "@troodon/core";
import { Adam, AdamW, type Optimizer, SGD } from "@troodon/optim";
import { WebGpuBackend } from "@troodon/webgpu";
import { GPU_DEVICES } from "./reference/gpu.ts";

const [gpu] = GPU_DEVICES, reference = new Device(new ReferenceBackend(), { tape });
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

interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly of: (tensors: readonly Tensor[]) => Tensor;
}

/** Values and gradients of a case, of which the gradients are weighted by noise. */
async function run(device: Device, { shapes, of }: Case): Promise<(ArrayLike<number>)[]> {
  using _ = new Scope();
  const tensors = shapes.map((shape, i) => noise(device, shape, i + 1).requiresGrad_());
  const y = of(tensors), found = grad(y.mul(noise(device, y.shape, 7)).sum(), tensors);
  return await Promise.all([y, ...found].map((t) => t.dataAsync()));
}

async function agree(device: Device, one: Case, tolerance = 2e-5): Promise<void> {
  const [found, exact] = [await run(device, one), await run(reference, one)];
  exact.forEach((numbers, t) => {
    const size = Math.max(...Array.from(numbers, Math.abs), 1e-3);
    Array.from(numbers).forEach((y, i) => {
      const x = found[t]![i]!;
      assert(
        Object.is(x, y) || Math.abs(x - y) <= tolerance * size,
        `element ${i} of result ${t} of ${one.name} is ${x} and not ${y}`,
      );
    });
  });
}

function convolutions(): Case[] {
  const options: Conv2dOptions[] = [
    {},
    { stride: 2 },
    { stride: [1, 2] },
    { stride: [2, 1] },
    { padding: 1 },
    { padding: [1, 0] },
    { padding: [0, 1] },
    { dilation: 2 },
    { dilation: [2, 1] },
    { dilation: [1, 2] },
    { groups: 2 },
    { groups: 2, padding: 1 },
  ];
  return options.flatMap((option) => {
    const weight = [4, option.groups === 2 ? 2 : 4, 3, 3];
    const of = ([x, w, b]: readonly Tensor[]) => conv2d(x!, w!, b, option);
    return [[[2, 4, 8, 8], weight, [4]], [[2, 4, 8, 8], weight], [[2, 4, 7, 9], weight, [4]]].map((
      shapes,
    ) => ({
      name: `conv2d(${JSON.stringify(option)}) of ${shapes.length} tensors`,
      shapes,
      of,
    }));
  });
}

function pools(): Case[] {
  const windows = [
    [2, {}],
    [2, { stride: 1 }],
    [3, { stride: 2 }],
    [3, { stride: 2, padding: 1 }],
    [[3, 2], { stride: 2, padding: [1, 0] }],
    [[2, 3], { stride: 2, padding: [0, 1] }],
  ] as const;
  return windows.flatMap(([size, options]) => {
    const of: Record<string, Case["of"]> = {
      maxPool2d: ([x]) => maxPool2d(x!, size, options),
      "maxPool2d with relu": ([x]) => maxPool2d(x!, size, { ...options, relu: true }),
      avgPool2d: ([x]) => avgPool2d(x!, size, options),
      "avgPool2d without padding": ([x]) => avgPool2d(x!, size, { ...options, countIncludePad: false }),
    };
    return Object.entries(of).map(([name, of]) => ({
      name: `${name}(${size}, ${JSON.stringify(options)})`,
      shapes: [[2, 3, 8, 6]],
      of,
    }));
  });
}

function classes(device: Device, rows: number): Tensor {
  return fromTypedArray(Int32Array.from({ length: rows }, (_, i) => i % 3), [rows], { device });
}

function losses(): Case[] {
  const cases: Case[] = [];
  // Of few elements, and of so many that a loss takes two dispatches.
  for (const shape of [[9, 5], [6, 200]]) {
    for (const ignoreIndex of [-100, 0, 2]) {
      for (const reduction of ["mean", "sum", "none"] as const) {
        cases.push({
          name: `crossEntropy(${reduction}) without ${ignoreIndex} of [${shape}]`,
          shapes: [shape],
          of: ([x]) => crossEntropy(x!, classes(x!.device, shape[0]!), { ignoreIndex, reduction }),
        });
      }
    }
    cases.push(
      { name: "softmax()", shapes: [shape], of: ([x]) => softmax(x!, -1) },
      { name: "logSoftmax()", shapes: [shape], of: ([x]) => logSoftmax(x!, -1) },
    );
  }
  return cases;
}

function normalizations(): Case[] {
  const cases: Case[] = [];
  for (const eps of [1e-5, 0.1, 2]) {
    for (const affine of [true, false]) {
      const [rows, channels] = [[4, 6], [3, 4, 2, 3]];
      cases.push({
        name: `layerNorm(${eps}, ${affine})`,
        shapes: affine ? [rows, [6], [6]] : [rows],
        of: ([x, weight, bias]) => layerNorm(x!, [6], weight ?? null, bias ?? null, { eps }),
      }, {
        name: `batchNorm(${eps}, ${affine})`,
        shapes: affine ? [channels, [4], [4]] : [channels],
        of: ([x, weight, bias]) =>
          batchNorm(x!, null, null, weight ?? null, bias ?? null, { eps, training: true }),
      });
    }
  }
  return cases;
}

for (const [name, cases] of Object.entries({ convolutions, pools, losses, normalizations })) {
  test(`${name} that differ in one thing have plans of their own`, async (device) => {
    for (let i = 0; i < 2; i++) for (const one of cases()) await agree(device, one, 1e-4);
  });
}

async function openWithout(...without: FusedKernel[]): Promise<Device> {
  return new Device(await WebGpuBackend.create({ allowFallback: true, without }), { tape });
}

const FUSED: FusedKernel[] = ["softmax", "logSoftmax", "softmaxGrad", "logSoftmaxGrad"];
FUSED.push("conv2d", "conv2dInputGrad", "conv2dWeightGrad", "batchNorm", "batchNormGrad", "layerNorm");
FUSED.push("layerNormGrad", "maxPool2d", "maxPool2dGrad", "avgPool2d", "avgPool2dGrad", "crossEntropy");
FUSED.push("crossEntropyGrad", "crossEntropyLoss", "crossEntropyLossGrad");

test("a backend without fused kernels runs their composites", async (device) => {
  using bare = await openWithout(...FUSED);
  const all = [convolutions()[4]!, pools()[3]!, pools()[1]!, ...losses().slice(0, 2), losses()[9]!];
  for (const one of [...all, ...normalizations().slice(0, 2)]) {
    const dispatches = (device: Device) => (device.backend as WebGpuBackend).report.dispatches;
    const before = [device, bare].map(dispatches) as [number, number];
    await agree(bare, one, 1e-4);
    await run(device, one);
    const [fused, composite] = [dispatches(device) - before[0], dispatches(bare) - before[1]];
    assert(composite > fused, `${one.name}: ${composite} dispatches and ${fused} of fused kernels`);
  }
});

test("a backend without one fused kernel supports the others", async () => {
  using bare = await openWithout("softmax");
  const { backend } = bare, x = { dtype: "float32", shape: [2, 3], strides: [3, 1], offset: 0 } as const;
  assert(!backend.supports({ kernel: "softmax" }, [x], [x]));
  assert(backend.supports({ kernel: "logSoftmax" }, [x], [x]));
  assert(!backend.supports({ kernel: "logSoftmax" }, [x], [{ ...x, dtype: "float64" }]));
  for (const op of [softmax, logSoftmax]) {
    await agree(bare, { name: op.name, shapes: [[4, 5]], of: ([y]) => op(y!, -1) });
  }
});

test("a step of an optimizer takes one dispatch for as many gradients as it sees buffers of", async () => {
  const shapes = [[4, 3], [5], [2, 2, 2], [7], [1], [6, 6], [3], [8], [2, 9], [10]];
  for (const storageBuffers of [8, 16]) {
    const backend = await WebGpuBackend.create({ allowFallback: true, storageBuffers });
    using device = new Device(backend, { tape });
    const optimizers: Record<string, [make: (parameters: Tensor[]) => Optimizer, buffers: number]> = {
      sgd: [(parameters) => new SGD(parameters, { lr: 0.1 }), 2],
      "sgd with momentum": [(parameters) => new SGD(parameters, { lr: 0.1, momentum: 0.9 }), 3],
      adam: [(parameters) => new Adam(parameters, { lr: 0.1 }), 4],
      adamw: [(parameters) => new AdamW(parameters, { lr: 0.1 }), 4],
    };
    for (const [name, [make, buffers]] of Object.entries(optimizers)) {
      const parameters = shapes.map((shape, i) => noise(device, shape, i + 1).requiresGrad_());
      const optimizer = make(parameters);
      parameters.forEach((p, i) => p.grad = noise(device, p.shape, i + 3));
      for (let i = 0; i < 3; i++) {
        // The first steps make states. Parameters and states are a buffer each.
        const before = backend.report.dispatches;
        optimizer.step();
        if (i < 2) continue;
        const expected = Math.ceil(shapes.length / (storageBuffers - buffers + 1));
        assertEquals(backend.report.dispatches - before, expected, `${name} by ${storageBuffers} buffers`);
      }
      const before = backend.report.dispatches;
      optimizer.zeroGrad({ setToNull: false });
      assert(
        backend.report.dispatches - before <= Math.ceil(shapes.length / (storageBuffers / 2)),
        `${name}: zeros`,
      );
      assertEquals([...await parameters[5]!.grad!.dataAsync()], new Array(36).fill(0));
    }
  }
});
