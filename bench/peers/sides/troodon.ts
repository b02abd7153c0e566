/** Troodon, written as its examples are. */
import {
  Adam,
  BatchNorm2d,
  chooseDevice,
  Compose,
  Conv2d,
  CrossEntropyLoss,
  DataLoader,
  Flatten,
  LabelledImages,
  Linear,
  linspace,
  manualSeed,
  MaxPool2d,
  Mnist,
  type Module,
  MSELoss,
  type NdArray,
  noGrad,
  Normalize,
  type Optimizer,
  Pad,
  Parameter,
  ReLU,
  Scope,
  Sequential,
  SGD,
  Subset,
  Tanh,
  type Tensor,
  tensor,
  ToTensor,
} from "@troodon/troodon";
import type { Layer, Rule } from "../workloads.ts";
import { type Measure, type Measured, noise, readJob, serve, timeCall, timeFit } from "./side.ts";

const job = readJob();
manualSeed(0);
const device = await chooseDevice("cpu", { log: null });

function build(one: Layer): Module {
  switch (one.layer) {
    case "linear":
      return new Linear(one.in, one.out);
    case "conv":
      return new Conv2d(one.in, one.out, one.size);
    case "maxpool":
      return new MaxPool2d(one.size);
    case "relu":
      return new ReLU();
    case "tanh":
      return new Tanh();
    case "flatten":
      return new Flatten();
  }
}

function optimizerOf(net: Module, { rule, lr, momentum }: Rule): Optimizer {
  return rule === "adam" ? new Adam(net.parameters(), { lr }) : new SGD(net.parameters(), { lr, momentum });
}

/** The first images of MNIST: bytes in their borders, which the loader makes into tensors. */
async function digits(padding: number): Promise<LabelledImages<NdArray>> {
  const bare = await Mnist.open({ root: job.data, offline: true }), pad = new Pad(padding);
  const height = bare.height + 2 * padding, width = bare.width + 2 * padding;
  const images = new Uint8Array(job.limit * height * width);
  for (let i = 0; i < job.limit; i++) images.set(pad.apply(bare.imageAt(i)).data, i * height * width);
  const transform = new Compose([new ToTensor(), new Normalize([0.1307], [0.3081])]);
  return new LabelledImages({ images, labels: bare.labels.subarray(0, job.limit), height, width }, {
    transform,
  });
}

const epoch: Measure<"epoch"> = async ({ layers, optimizer: rule, batch: batchSize, padding }) => {
  const images = await digits(padding);
  const net = new Sequential(...layers.map(build)), optimizer = optimizerOf(net, rule);
  const criterion = new CrossEntropyLoss();

  function step(image: Tensor, label: Tensor): Tensor {
    optimizer.zeroGrad();
    const loss = criterion.forward(net.forward(image), label);
    loss.backward();
    optimizer.step();
    return loss;
  }

  async function pass(count: number): Promise<number> {
    const dataset = new Subset(images, Array.from({ length: count }, (_, i) => i));
    const loader = new DataLoader(dataset, { batchSize, shuffle: true });
    let loss = NaN, left = loader.length;
    for await (using batch of loader) {
      using _ = new Scope();
      const last = step(batch.image, batch.label);
      if (--left === 0) loss = last.item();
    }
    return loss;
  }

  await pass(batchSize * 40 + job.limit % batchSize);
  const start = performance.now();
  const loss = await pass(job.limit);
  return { seconds: (performance.now() - start) / 1000, loss };
};

const fit: Measure<"fit"> = ({ layers, optimizer: rule, points, iterations }) => {
  const x = linspace(-Math.PI, Math.PI, points).reshape([-1, 1]), y = x.sin();
  const net = new Sequential(...layers.map(build)), optimizer = optimizerOf(net, rule);
  const criterion = new MSELoss();
  return timeFit(() => {
    using _ = new Scope();
    const loss = criterion.forward(net.forward(x), y);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  }, iterations);
};

function numbers(...shape: readonly number[]): Tensor {
  return tensor(noise(shape.reduce((a, b) => a * b, 1))).reshape(shape);
}

/** Times a calculation whose results are given back at once. */
function timed(calculate: () => unknown): Promise<Measured> {
  return timeCall(job, () => {
    using _ = new Scope();
    calculate();
  });
}

/** Forward and backward through a layer, the gradient of its input being wanted too. */
function timedWithGradients(x: Tensor, layer: Module): Promise<Measured> {
  x.requiresGrad_();
  const g = numbers(...noGrad(() => layer.forward(x)).shape);
  return timed(() => {
    x.grad = null;
    layer.zeroGrad();
    layer.forward(x).backward(g);
  });
}

const FUNCTIONS: Readonly<Record<string, (x: Tensor, y: Tensor, z: Tensor) => Tensor>> = {
  add: (x, y) => x.add(y),
  exp: (x) => x.exp(),
  tanh: (x) => x.tanh(),
  affine: (x, w, b) => x.mul(w).add(b).relu(),
};

await serve(job, `Troodon, ${device}`, {
  epoch,
  fit,
  gemm: ({ m, k, n }) => {
    const a = numbers(m, k), b = numbers(k, n);
    return timed(() => a.matmul(b));
  },
  conv: ({ samples, channels, extent, filters, size, gradients }) => {
    const x = numbers(samples, channels, extent, extent), layer = new Conv2d(channels, filters, size);
    if (gradients) return timedWithGradients(x, layer);
    for (const parameter of layer.parameters()) parameter.requiresGrad_(false);
    return timed(() => layer.forward(x));
  },
  map: ({ function: name, length }) => {
    const x = numbers(length), y = numbers(length), z = numbers(length), calculate = FUNCTIONS[name]!;
    return timed(() => calculate(x, y, z));
  },
  softmax: ({ rows, columns }) => {
    const x = numbers(rows, columns);
    return timed(() => x.softmax(1));
  },
  batchnorm: ({ samples, channels, extent }) =>
    timedWithGradients(numbers(samples, channels, extent, extent), new BatchNorm2d(channels)),
  adam: ({ length }) => {
    const parameter = new Parameter(numbers(length));
    parameter.grad = numbers(length);
    const optimizer = new Adam([parameter]);
    return timed(() => optimizer.step());
  },
});
