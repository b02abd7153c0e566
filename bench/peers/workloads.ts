/** What is measured: one list for all sides, in Deno and in Python, which get it as JSON. */
import type {
  AdamStep,
  BatchNorm,
  Conv,
  Elementwise,
  Gemm,
  Layer,
  Move,
  Pool,
  Reduction,
  Rows,
  Rule,
  Sequences,
  Workload,
} from "./kinds.ts";

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

function gemm(m: number, k: number, n: number, batch: number = 1): Gemm {
  const name = `gemm ${batch === 1 ? "" : `${batch} of `}${m}x${k}x${n}`;
  return { kind: "gemm", name, batch, m, k, n, flops: 2 * batch * m * k * n };
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

/** The same without its gradients. */
function conv2dAlone(...shape: Parameters<typeof conv2d>): Conv {
  return conv2d(...shape)[0]!;
}

function map(name: Elementwise["function"], arrays: number, length: number): Elementwise {
  return {
    ...{ kind: "map", name: `map ${name} ${length}`, function: name, length },
    bytes: floats(arrays * length),
  };
}

function reduction(name: Reduction["function"], rows: number, columns: number, axis: 0 | 1): Reduction {
  return {
    ...{ kind: "reduce", name: `${name} ${rows}x${columns} along ${axis}`, function: name },
    ...{ rows, columns, axis, bytes: floats(rows * columns) },
  };
}

function rowsOf(name: Rows["function"], rows: number, columns: number): Rows {
  const bytes = floats(2 * rows * columns);
  return { kind: "rows", name: `${name} ${rows}x${columns}`, function: name, rows, columns, bytes };
}

/** Means and largest elements of the windows. */
function pools(samples: number, channels: number, extent: number, size: number, stride: number): Pool[] {
  const windows = (Math.floor((extent - size) / stride) + 1) ** 2;
  return (["max", "avg"] as const).map((name) => ({
    ...{ kind: "pool", function: name, samples, channels, extent, size, stride },
    name: `${name}-pool ${samples}x${channels}x${extent}x${extent} by ${size}, stride ${stride}`,
    bytes: floats(samples * channels * (extent ** 2 + windows)),
  }));
}

function transpose(rows: number, columns: number): Move {
  const name = `transpose ${rows}x${columns}`, bytes = floats(2 * rows * columns);
  return { kind: "move", name, function: "transpose", rows, columns, picked: rows, bytes };
}

function gather(picked: number, rows: number, columns: number): Move {
  const name = `gather ${picked} of ${rows}x${columns}`, bytes = floats(2 * picked * columns);
  return { kind: "move", name, function: "gather", rows, columns, picked, bytes };
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

function transformer(batch: number, length: number, width: number, heads: number): Sequences {
  const name = `transformer ${batch}x${length}x${width}`, sizes = { batch, length, width, heads };
  return {
    kind: "sequences",
    name,
    network: "transformer",
    ...sizes,
    layers: 2,
    classes: 10,
    iterations: 300,
  };
}

const lstm = {
  kind: "sequences",
  network: "lstm",
  heads: 1,
  layers: 1,
  classes: 65,
  iterations: 100,
} as const;

/** All that is measured. */
export const WORKLOADS: readonly Workload[] = [
  { kind: "peak", name: "peak fma 128-bit", flops: 1 },
  { kind: "peak", name: "peak fma native", flops: 1 },
  { kind: "peak", name: "peak memory", bytes: floats(3 * TRIAD) },
  ...[8, 16, 32, 64, 128, 256, 512, 1024].map((extent) => gemm(extent, extent, extent)),
  gemm(64, 784, 256),
  gemm(64, 256, 10),
  gemm(1, 512, 512),
  gemm(4096, 16, 16),
  gemm(16, 4096, 16),
  gemm(64, 64, 64, 32),
  gemm(128, 32, 128, 96),
  ...conv2d(64, 1, 28, 16, 5),
  ...conv2d(64, 16, 12, 32, 5),
  ...conv2d(64, 32, 28, 64, 3),
  conv2dAlone(16, 64, 28, 64, 1),
  conv2dAlone(64, 6, 14, 16, 5),
  conv2dAlone(1, 3, 112, 16, 3),
  map("add", 3, 1000),
  map("relu", 2, 1000),
  map("exp", 2, 1000),
  map("tanh", 2, 1000),
  map("affine", 4, 1000),
  map("add", 3, 100_000),
  map("relu", 2, 100_000),
  map("exp", 2, 100_000),
  map("tanh", 2, 100_000),
  map("affine", 4, 100_000),
  map("add", 3, 2 ** 20),
  map("relu", 2, 2 ** 20),
  map("exp", 2, 2 ** 20),
  map("tanh", 2, 2 ** 20),
  map("affine", 4, 2 ** 20),
  map("add", 3, 2 ** 23),
  ...([[32, 32], [1000, 100], [100, 1000], [1024, 1024], [64, 16384]] as const).flatMap(([rows, columns]) =>
    (["sum", "max", "argmax"] as const).flatMap((name) => [
      reduction(name, rows, columns, 0),
      reduction(name, rows, columns, 1),
    ])
  ),
  rowsOf("softmax", 64, 10),
  rowsOf("softmax", 64, 1000),
  rowsOf("softmax", 4096, 64),
  rowsOf("softmax", 4096, 1000),
  rowsOf("softmax", 16, 50_000),
  rowsOf("layernorm", 64, 256),
  rowsOf("layernorm", 4096, 512),
  ...pools(64, 16, 24, 2, 2),
  ...pools(64, 16, 24, 3, 2),
  ...pools(64, 16, 24, 3, 1),
  ...pools(16, 64, 56, 3, 2),
  ...pools(16, 64, 8, 8, 8),
  transpose(64, 64),
  transpose(1024, 1024),
  transpose(4096, 512),
  gather(64, 1000, 64),
  gather(8192, 10_000, 128),
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
  transformer(2, 4, 16, 2),
  transformer(64, 8, 64, 4),
  { ...lstm, name: "lstm 2x16x32", batch: 2, length: 16, width: 32 },
  { ...lstm, name: "lstm 32x64x128", batch: 32, length: 64, width: 128 },
];

/** Workloads that one process measures: kernels of a kind together, each training alone. */
export function groupsOf(workloads: readonly Workload[]): Workload[][] {
  const groups = Map.groupBy(
    workloads,
    ({ kind, name }) => ["epoch", "fit", "sequences"].includes(kind) ? name : kind,
  );
  return [...groups.values()];
}
