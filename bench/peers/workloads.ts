/** What is measured: one list for all sides, in Deno and in Python, which get it as JSON. */

/** One layer of a network. */
export type Layer =
  | { readonly layer: "linear"; readonly in: number; readonly out: number }
  | { readonly layer: "conv"; readonly in: number; readonly out: number; readonly size: number }
  | { readonly layer: "maxpool"; readonly size: number }
  | { readonly layer: "relu" | "tanh" | "flatten" };

/** How the parameters of a network are changed. */
export interface Rule {
  readonly rule: "adam" | "sgd";
  readonly lr: number;
  readonly momentum: number;
}

/** Passes of training over MNIST in its order shuffled, the loss being cross-entropy. */
export interface Epoch {
  readonly kind: "epoch";
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly optimizer: Rule;
  readonly batch: number;
  /** Zeros of the images' border on each side. */
  readonly padding: number;
  readonly flops: number;
}

/** Steps of training on one batch of a function of one variable, the loss being the mean square. */
export interface Fit {
  readonly kind: "fit";
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly optimizer: Rule;
  readonly points: number;
  readonly iterations: number;
  readonly flops: number;
}

/** A matrix product of [m, k] and [k, n]. */
export interface Gemm {
  readonly kind: "gemm";
  readonly name: string;
  readonly m: number;
  readonly k: number;
  readonly n: number;
  readonly flops: number;
}

/** A convolution of square images: forward, or with the gradients of the images, the weights and the bias. */
export interface Conv {
  readonly kind: "conv";
  readonly name: string;
  readonly samples: number;
  readonly channels: number;
  readonly extent: number;
  readonly filters: number;
  readonly size: number;
  readonly gradients: boolean;
  readonly flops: number;
}

/** A function of each element: x + y, exp x, tanh x, or max(x w + b, 0), of arrays of one length. */
export interface Elementwise {
  readonly kind: "map";
  readonly name: string;
  readonly function: "add" | "exp" | "tanh" | "affine";
  readonly length: number;
  readonly bytes: number;
}

/** Softmax of rows. */
export interface Softmax {
  readonly kind: "softmax";
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly bytes: number;
}

/** Batch normalisation of square images by the batch's own statistics, and all its gradients. */
export interface BatchNorm {
  readonly kind: "batchnorm";
  readonly name: string;
  readonly samples: number;
  readonly channels: number;
  readonly extent: number;
  readonly bytes: number;
}

/** A step of Adam for one tensor. */
export interface AdamStep {
  readonly kind: "adam";
  readonly name: string;
  readonly length: number;
  readonly bytes: number;
}

/** What the machine can do: multiply and add in registers, or move memory as `a = b + s c`. */
export interface Peak {
  readonly kind: "peak";
  readonly name: "peak fma 128-bit" | "peak fma native" | "peak memory";
  readonly flops?: number;
  readonly bytes?: number;
}

/** Something to measure. */
export type Workload = Peak | Gemm | Conv | Elementwise | Softmax | BatchNorm | AdamStep | Epoch | Fit;

const ADAM: Rule = { rule: "adam", lr: 1e-3, momentum: 0 };

const linear = (inputs: number, out: number): Layer => ({ layer: "linear", in: inputs, out });
const conv = (inputs: number, out: number, size: number): Layer => ({ layer: "conv", in: inputs, out, size });
const relu: Layer = { layer: "relu" }, tanh: Layer = { layer: "tanh" }, flatten: Layer = { layer: "flatten" };
const maxpool: Layer = { layer: "maxpool", size: 2 };

/** Fully connected layers of these widths with tanh in between. */
function deep(widths: readonly number[]): Layer[] {
  return widths.slice(1).flatMap((width, i) =>
    i === 0 ? [linear(widths[i]!, width)] : [tanh, linear(widths[i]!, width)]
  );
}

/**
 * Operations of a training step for each sample: a product forward, and one for the gradient of the weights and, but
 * in the first layer, of the input.
 */
export function flopsOf(layers: readonly Layer[], extent: number): number {
  let flops = 0, first = true;
  for (const one of layers) {
    if (one.layer === "maxpool") extent /= one.size;
    if (one.layer === "conv") extent -= one.size - 1;
    if (one.layer !== "conv" && one.layer !== "linear") continue;
    const uses = one.layer === "conv" ? extent ** 2 * one.size ** 2 : 1;
    flops += (first ? 4 : 6) * one.in * one.out * uses;
    first = false;
  }
  return flops;
}

const MLP = [flatten, linear(784, 256), relu, linear(256, 10)];
const LENET = [
  ...[conv(1, 6, 5), relu, maxpool, conv(6, 16, 5), relu, maxpool, flatten],
  ...[linear(400, 120), relu, linear(120, 84), relu, linear(84, 10)],
];
const CNN = [
  ...[conv(1, 16, 5), relu, maxpool, conv(16, 32, 5), relu, maxpool, flatten],
  ...[linear(512, 128), relu, linear(128, 10)],
];
const SINE = deep([1, 20, 50, 100, 500, 100, 50, 20, 1]);

const epoch = { kind: "epoch", batch: 64 } as const;

/** Bytes of float32 numbers. */
const floats = (count: number): number => 4 * count;

function gemm(m: number, k: number, n: number): Gemm {
  return { kind: "gemm", name: `gemm ${m}x${k}x${n}`, m, k, n, flops: 2 * m * k * n };
}

function conv2d(samples: number, channels: number, extent: number, filters: number, size: number): Conv[] {
  const name = `conv ${samples}x${channels}x${extent}x${extent} ${filters} of ${size}x${size}`;
  const flops = 2 * samples * filters * (extent - size + 1) ** 2 * channels * size ** 2;
  const shape = { samples, channels, extent, filters, size };
  return [
    { kind: "conv", name, ...shape, gradients: false, flops },
    { kind: "conv", name: `${name} and gradients`, ...shape, gradients: true, flops: 3 * flops },
  ];
}

function map(name: Elementwise["function"], arrays: number, length: number): Elementwise {
  return {
    ...{ kind: "map", name: `map ${name} ${length}`, function: name, length },
    bytes: floats(arrays * length),
  };
}

function softmax(rows: number, columns: number): Softmax {
  const name = `softmax ${rows}x${columns}`;
  return { kind: "softmax", name, rows, columns, bytes: floats(2 * rows * columns) };
}

function batchNorm(samples: number, channels: number, extent: number): BatchNorm {
  return {
    ...{ kind: "batchnorm", name: `batchnorm ${samples}x${channels}x${extent}x${extent} and gradients` },
    ...{ samples, channels, extent },
    bytes: floats(5 * samples * channels * extent ** 2), // x, y; x, dy, dx
  };
}

function adamStep(length: number): AdamStep {
  return { kind: "adam", name: `adam ${length}`, length, bytes: floats(7 * length) };
}

/** Numbers of an array that `peak memory` moves: more than caches hold. */
export const TRIAD: number = 2 ** 24;

/** All that is measured. */
export const WORKLOADS: readonly Workload[] = [
  { kind: "peak", name: "peak fma 128-bit", flops: 1 },
  { kind: "peak", name: "peak fma native", flops: 1 },
  { kind: "peak", name: "peak memory", bytes: floats(3 * TRIAD) },
  ...[64, 128, 256, 512, 1024].map((extent) => gemm(extent, extent, extent)),
  gemm(64, 784, 256),
  gemm(64, 256, 10),
  ...conv2d(64, 1, 28, 16, 5),
  ...conv2d(64, 16, 12, 32, 5),
  ...conv2d(64, 32, 28, 64, 3),
  map("add", 3, 2 ** 20),
  map("exp", 2, 2 ** 20),
  map("tanh", 2, 2 ** 20),
  map("affine", 4, 2 ** 20),
  map("add", 3, 2 ** 23),
  softmax(64, 10),
  softmax(4096, 1000),
  batchNorm(64, 16, 24),
  batchNorm(64, 64, 28),
  adamStep(2 ** 18),
  adamStep(2 ** 22),
  { ...epoch, name: "mlp", layers: MLP, optimizer: ADAM, padding: 0, flops: flopsOf(MLP, 28) },
  {
    ...epoch,
    name: "lenet",
    layers: LENET,
    optimizer: { rule: "sgd", lr: 0.01, momentum: 0.9 },
    padding: 2,
    flops: flopsOf(LENET, 32),
  },
  { ...epoch, name: "cnn", layers: CNN, optimizer: ADAM, padding: 0, flops: flopsOf(CNN, 28) },
  {
    kind: "fit",
    name: "sine",
    layers: SINE,
    optimizer: { rule: "sgd", lr: 0.05, momentum: 0 },
    points: 1000,
    iterations: 300,
    flops: 1000 * flopsOf(SINE, 1),
  },
];

/** Workloads that one process measures: kernels of a kind together, each training alone. */
export function groupsOf(workloads: readonly Workload[]): Workload[][] {
  const groups = Map.groupBy(workloads, ({ kind, name }) => kind === "epoch" || kind === "fit" ? name : kind);
  return [...groups.values()];
}
