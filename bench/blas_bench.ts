/**
 * Products and convolutions with a native BLAS, if one is found, and without, on one thread. Names of products end in
 * 2 m n k / 1e6, so that this number divided by microseconds is GFLOP/s times 1000.
 */
import type { KernelCall, MatmulCall, View, Window2d } from "@troodon/core";
import { CpuBackend, type CpuBuffer } from "@troodon/cpu";
import { transposed, viewOf } from "./support.ts";

const BACKENDS = [new CpuBackend({ threads: 1 }), new CpuBackend({ threads: 1, blas: "off" })];
const CALL: MatmulCall = { kernel: "matmul", scalars: [] };

/** What makes views of one backend. */
type Launch = (view: (shape: readonly number[]) => View<CpuBuffer>) => {
  readonly call: KernelCall;
  readonly inputs: readonly View<CpuBuffer>[];
  readonly outputs: readonly View<CpuBuffer>[];
};

/** One bench for each backend, in a group. */
function bench(group: string, launch: Launch): void {
  BACKENDS.forEach((backend, i) => {
    const { call, inputs, outputs } = launch((shape) => viewOf(backend, shape));
    const name = `${group}: ${backend.describe().replace("cpu: ", "")}`;
    Deno.bench(name, { group, baseline: i === 0 }, () => backend.launch(call, inputs, outputs));
  });
}

for (
  const [m, k, n] of [
    ...[4, 8, 16, 64, 128, 256, 512, 1024].map((extent) => [extent, extent, extent] as const),
    ...[[64, 784, 256], [64, 256, 10], [1, 512, 512], [1, 1024, 1024], [8, 1024, 1024]] as const,
  ]
) {
  const work = `${(2e-6 * m * n * k).toPrecision(3)} MFLOP`;
  bench(`product ${m}x${k}x${n}, ${work}`, (view) => ({
    call: CALL,
    inputs: [view([m, k]), transposed(view([n, k]))],
    outputs: [view([m, n])],
  }));
}

for (
  const [samples, channels, extent, filters, size] of [
    [64, 1, 28, 16, 5],
    [64, 16, 12, 32, 5],
    [64, 6, 14, 16, 5],
    [64, 32, 28, 64, 3],
  ] as const
) {
  const window: Window2d = { size: [size, size], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1] };
  const out = extent - size + 1, x = [samples, channels, extent, extent], y = [samples, filters, out, out];
  const weight = [filters, channels, size, size], title = `${samples} of ${channels}x${extent}x${extent}`;
  const group = `${title}, ${filters} of ${size}x${size}`;
  bench(`convolution ${group}`, (view) => ({
    call: { kernel: "conv2d", window, groups: 1 },
    inputs: [view(x), view(weight), view([filters])],
    outputs: [view(y)],
  }));
  bench(`gradient of images ${group}`, (view) => ({
    call: { kernel: "conv2dInputGrad", window, groups: 1 },
    inputs: [view(y), view(weight)],
    outputs: [view(x)],
  }));
  bench(`gradient of weights ${group}`, (view) => ({
    call: { kernel: "conv2dWeightGrad", window, groups: 1 },
    inputs: [view(y), view(x)],
    outputs: [view(weight), view([filters])],
  }));
}
