/** TensorFlow.js on its WebAssembly backend, one thread: Deno lacks what its threads want. */
import type { Layer, Rule } from "../kinds.ts";
import { choice, type Measured, noise, readJob, serve, timeCall, timeFit, timeSteps } from "./side.ts";
import { mnistBatches } from "./mnist.ts";

/** A tensor of theirs. */
interface TfTensor {
  readonly shape: number[];
  add(y: TfTensor): TfTensor;
  sub(y: TfTensor): TfTensor;
  mul(y: TfTensor): TfTensor;
  rsqrt(): TfTensor;
  exp(): TfTensor;
  tanh(): TfTensor;
  sin(): TfTensor;
  relu(): TfTensor;
  reshape(shape: number[]): TfTensor;
  sum(axis: number): TfTensor;
  max(axis: number): TfTensor;
  argMax(axis: number): TfTensor;
  transpose(): TfTensor;
  gather(indices: TfTensor): TfTensor;
  matMul(y: TfTensor): TfTensor;
  conv2d(weight: TfTensor, strides: number, padding: string): TfTensor;
  softmax(): TfTensor;
  dispose(): void;
  dataSync(): Float32Array;
}

interface TfModel {
  predict(x: TfTensor): TfTensor;
  apply(x: TfTensor, options: object): TfTensor;
}

/** What is used of the library. */
interface Tf {
  readonly version_core: string;
  readonly layers: Readonly<Record<string, (options: object) => object>>;
  readonly train: {
    adam(lr: number): TfOptimizer;
    sgd(lr: number): TfOptimizer;
    momentum(lr: number, momentum: number): TfOptimizer;
  };
  readonly losses: {
    softmaxCrossEntropy(labels: TfTensor, logits: TfTensor): TfTensor;
    meanSquaredError(labels: TfTensor, values: TfTensor): TfTensor;
  };
  setBackend(name: string): Promise<boolean>;
  tensor(values: ArrayBufferView, shape: readonly number[], dtype?: string): TfTensor;
  scalar(value: number): TfTensor;
  variable(value: TfTensor): TfTensor;
  oneHot(labels: TfTensor, classes: number): TfTensor;
  linspace(from: number, to: number, count: number): TfTensor;
  sequential(options: { layers: object[] }): TfModel;
  tidy<T>(calculate: () => T): T;
  grads(f: (...operands: TfTensor[]) => TfTensor): (operands: TfTensor[], dy: TfTensor) => TfTensor[];
  batchNorm(x: TfTensor, mean: TfTensor, variance: TfTensor, offset: TfTensor, scale: TfTensor): TfTensor;
  moments(x: TfTensor, axes: number[], keepDims?: boolean): { mean: TfTensor; variance: TfTensor };
  maxPool(x: TfTensor, size: number, stride: number, padding: string): TfTensor;
  avgPool(x: TfTensor, size: number, stride: number, padding: string): TfTensor;
}

interface TfOptimizer {
  minimize(loss: () => TfTensor, returnCost: true): TfTensor;
  applyGradients(gradients: Readonly<Record<string, TfTensor>>): void;
}

const VERSION = "4.22.0";
// By variables, so that neither type checks nor lock files of this project come upon packages of npm.
const [main, backend] = [`npm:@tensorflow/tfjs@${VERSION}`, `npm:@tensorflow/tfjs-backend-wasm@${VERSION}`];
const tf: Tf = await import(main);
const { setWasmPaths }: { setWasmPaths(folder: string): void } = await import(backend);
setWasmPaths(new URL("../wasm-out/", import.meta.resolve(`${backend}/dist/index.js`)).href);
await tf.setBackend("wasm");

const job = readJob();

function numbers(...shape: readonly number[]): TfTensor {
  return tf.tensor(noise(shape.reduce((a, b) => a * b, 1)), shape);
}

const timed = (calculate: () => unknown): Promise<Measured> =>
  timeCall(job, () => tf.tidy(() => void calculate()));

function withGradients(f: (...operands: TfTensor[]) => TfTensor, ...operands: TfTensor[]): Promise<Measured> {
  const g = numbers(...f(...operands).shape), gradients = tf.grads(f);
  return timed(() => gradients(operands, g));
}

function layerOf(one: Layer, first: object): object {
  switch (one.layer) {
    case "linear":
      return tf.layers["dense"]!({ units: one.out, ...first });
    case "conv":
      return tf.layers["conv2d"]!({ filters: one.out, kernelSize: one.size, ...first });
    case "maxpool":
      return tf.layers["maxPooling2d"]!({ poolSize: one.size });
    case "flatten":
      return tf.layers["flatten"]!(first);
    default:
      return tf.layers["activation"]!({ activation: one.layer });
  }
}

function network(layers: readonly Layer[], inputShape: readonly number[]): TfModel {
  return tf.sequential({ layers: layers.map((one, i) => layerOf(one, i === 0 ? { inputShape } : {})) });
}

function optimizerOf({ rule, lr, momentum }: Rule): TfOptimizer {
  if (rule === "adam") return tf.train.adam(lr);
  return momentum === 0 ? tf.train.sgd(lr) : tf.train.momentum(lr, momentum);
}

await serve(job, `TensorFlow.js ${tf.version_core}`, {
  gemm: ({ batch, m, k, n }) => {
    const [a, b] = batch === 1
      ? [numbers(m, k), numbers(k, n)]
      : [numbers(batch, m, k), numbers(batch, k, n)];
    return timed(() => a.matMul(b));
  },
  conv: ({ samples, channels, extent, filters, size, gradients }) => {
    const f = (x: TfTensor, weight: TfTensor, bias: TfTensor) => x.conv2d(weight, 1, "valid").add(bias);
    const x = numbers(samples, extent, extent, channels), bias = numbers(filters);
    const weight = numbers(size, size, channels, filters);
    return gradients ? withGradients(f, x, weight, bias) : timed(() => f(x, weight, bias));
  },
  map: ({ function: name, length }) => {
    const x = numbers(length), y = numbers(length), z = numbers(length);
    const functions = {
      add: () => x.add(y),
      relu: () => x.relu(),
      exp: () => x.exp(),
      tanh: () => x.tanh(),
      affine: () => x.mul(y).add(z).relu(),
    };
    return timed(functions[name]);
  },
  reduce: ({ function: name, rows, columns, axis }) => {
    const x = numbers(rows, columns);
    const functions = { sum: () => x.sum(axis), max: () => x.max(axis), argmax: () => x.argMax(axis) };
    return timed(functions[name]);
  },
  rows: ({ function: name, rows, columns }) => {
    const x = numbers(rows, columns), scale = numbers(columns), offset = numbers(columns);
    if (name === "softmax") return timed(() => x.softmax());
    return timed(() => {
      const { mean, variance } = tf.moments(x, [1], true);
      return x.sub(mean).mul(variance.add(tf.scalar(1e-5)).rsqrt()).mul(scale).add(offset);
    });
  },
  pool: ({ function: name, samples, channels, extent, size, stride }) => {
    const x = numbers(samples, extent, extent, channels);
    return timed(() => tf[name === "max" ? "maxPool" : "avgPool"](x, size, stride, "valid"));
  },
  move: ({ function: name, rows, columns, picked }) => {
    const x = numbers(rows, columns), index = tf.tensor(choice(picked, rows), [picked], "int32");
    return timed(() => name === "gather" ? x.gather(index) : x.transpose());
  },
  batchnorm: ({ samples, channels, extent }) => {
    const f = (x: TfTensor, scale: TfTensor, offset: TfTensor): TfTensor => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return tf.batchNorm(x, mean, variance, offset, scale);
    };
    return withGradients(f, numbers(samples, extent, extent, channels), numbers(channels), numbers(channels));
  },
  adam: ({ length }) => {
    const gradient = numbers(length), optimizer = tf.train.adam(1e-3);
    const parameter = tf.variable(numbers(length)) as TfTensor & { readonly name: string };
    return timed(() => optimizer.applyGradients({ [parameter.name]: gradient }));
  },
  epoch: async ({ layers, optimizer: rule, batch, padding }) => {
    const { extent, next } = await mnistBatches(job, padding, batch);
    const net = network(layers, [extent, extent, 1]), optimizer = optimizerOf(rule);
    return timeSteps(job, batch, () => {
      const { images, labels } = next();
      return tf.tidy(() => {
        const x = tf.tensor(images, [labels.length, extent, extent, 1]);
        const y = tf.oneHot(tf.tensor(labels, [labels.length], "int32"), 10);
        const loss = () => tf.losses.softmaxCrossEntropy(y, net.apply(x, { training: true }));
        return optimizer.minimize(loss, true).dataSync()[0]!;
      });
    });
  },
  fit: ({ layers, optimizer: rule, points, iterations }) => {
    const x = tf.linspace(-Math.PI, Math.PI, points).reshape([points, 1]), y = x.sin();
    const net = network(layers, [1]), optimizer = optimizerOf(rule);
    return timeFit(() =>
      tf.tidy(() => {
        const loss = () => tf.losses.meanSquaredError(y, net.apply(x, { training: true }));
        return optimizer.minimize(loss, true).dataSync()[0]!;
      }), Math.min(iterations, 20));
  },
});
