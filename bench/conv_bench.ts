/** Convolutions of small image classifiers on the CPU at batch size 64, their gradients, and pooling. */
import type { KernelCall, View, Window2d } from "@troodon/core";
import { CpuBackend, type CpuBuffer } from "@troodon/cpu";
import { viewOf } from "./support.ts";

const backend = new CpuBackend();

interface Layer {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  readonly filters: number;
  readonly size: number;
  readonly stride?: number;
  readonly padding?: number;
}

const LAYERS: readonly Layer[] = [
  { name: "CNN 1", x: [64, 1, 28, 28], filters: 16, size: 5 },
  { name: "CNN 2", x: [64, 16, 12, 12], filters: 32, size: 5 },
  { name: "LeNet 1", x: [64, 1, 32, 32], filters: 6, size: 5 },
  { name: "LeNet 2", x: [64, 6, 14, 14], filters: 16, size: 5 },
  { name: "wide", x: [16, 32, 28, 28], filters: 64, size: 3, padding: 1 },
  { name: "strided", x: [8, 64, 56, 56], filters: 64, size: 3, padding: 1, stride: 2 },
  { name: "pointwise", x: [16, 64, 28, 28], filters: 64, size: 1 },
];

function bench(
  group: string,
  call: KernelCall,
  inputs: readonly View<CpuBuffer>[],
  outputs: readonly View<CpuBuffer>[],
): void {
  Deno.bench(`${group}: ${call.kernel}`, { group }, () => backend.launch(call, inputs, outputs));
}

for (const { name, x: shape, filters, size, stride = 1, padding = 0 } of LAYERS) {
  const [n, c, h, w] = shape,
    out = (extent: number) => Math.floor((extent + 2 * padding - size) / stride) + 1;
  const x = viewOf(backend, shape), weight = viewOf(backend, [filters, c, size, size]);
  const bias = viewOf(backend, [filters]), y = viewOf(backend, [n, filters, out(h), out(w)]);
  const window: Window2d = {
    size: [size, size],
    stride: [stride, stride],
    padding: [padding, padding, padding, padding],
    dilation: [1, 1],
  };
  bench(name, { kernel: "conv2d", window, groups: 1 }, [x, weight, bias], [y]);
  bench(name, { kernel: "conv2dInputGrad", window, groups: 1 }, [y, weight], [x]);
  bench(name, { kernel: "conv2dWeightGrad", window, groups: 1 }, [y, x], [weight, bias]);
}

const x = viewOf(backend, [64, 16, 24, 24]),
  y = viewOf(backend, [64, 16, 12, 12]),
  positions = {
    ...viewOf(backend, [64, 16, 12, 12]),
    dtype: "int32" as const,
  };
const halves: Window2d = { size: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1] };
const thirds: Window2d = { size: [3, 3], stride: [2, 2], padding: [1, 0, 1, 0], dilation: [1, 1] };
bench("pooling by 2", { kernel: "maxPool2d", window: halves }, [x], [y, positions]);
bench("pooling by 2", { kernel: "maxPool2dGrad" }, [y, positions], [x]);
bench("pooling by 2", { kernel: "avgPool2d", window: halves, countIncludePad: true }, [x], [y]);
bench("pooling by 2", { kernel: "avgPool2dGrad", window: halves, countIncludePad: true }, [y], [x]);
bench("pooling by 3, stride 2", { kernel: "maxPool2d", window: thirds }, [x], [y, positions]);
bench("pooling by 3, stride 2", { kernel: "avgPool2d", window: thirds, countIncludePad: true }, [x], [y]);
