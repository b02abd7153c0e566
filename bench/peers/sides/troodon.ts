/** Troodon, written as its examples are. */
import {
  Adam,
  avgPool2d,
  BatchNorm2d,
  chooseDevice,
  Compose,
  Conv2d,
  CrossEntropyLoss,
  Embedding,
  Flatten,
  fromTypedArray,
  layerNorm,
  Linear,
  linspace,
  LSTM,
  manualSeed,
  MaxPool2d,
  maxPool2d,
  Mnist,
  type Module,
  MSELoss,
  noGrad,
  Normalize,
  type Optimizer,
  Pad,
  Parameter,
  ReLU,
  Scope,
  Sequential,
  SGD,
  Tanh,
  type Tensor,
  tensor,
  ToTensor,
  TransformerEncoder,
  TransformerEncoderLayer,
} from "@troodon/troodon";
import { compile, type Compiled } from "@troodon/compile";
import type { Layer, Rule } from "../kinds.ts";
import {
  choice,
  type Measure,
  type Measured,
  noise,
  readJob,
  serve,
  timeCall,
  timeEpoch,
  timeFit,
} from "./side.ts";

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

/** The first images of MNIST as the other sides have them: normalized, in their borders, in the device's memory. */
async function digits(padding: number): Promise<{ readonly images: Tensor; readonly labels: Tensor }> {
  const transform = new Compose([new Pad(padding), new ToTensor(), new Normalize([0.1307], [0.3081])]);
  const dataset = await Mnist.open({ root: job.data, offline: true, transform });
  const { image, label } = dataset.getBatch(Int32Array.from({ length: job.limit }, (_, i) => i));
  return {
    images: fromTypedArray(image.data, image.shape),
    labels: fromTypedArray(label.data, label.shape),
  };
}

const epoch: Measure<"epoch"> = async ({ layers, optimizer: rule, batch, padding }) => {
  const { images, labels } = await digits(padding);
  const net = new Sequential(...layers.map(build)), optimizer = optimizerOf(net, rule);
  const criterion = new CrossEntropyLoss();

  const step = compiledHere((rows: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = criterion.forward(net.forward(images.indexSelect(0, rows)), labels.indexSelect(0, rows));
    loss.backward();
    optimizer.step();
    return loss;
  });

  return timeEpoch(job, batch, (order) => {
    let loss = NaN;
    for (let i = 0; i < order.length; i += batch) {
      using _ = new Scope();
      const chosen = order.subarray(i, i + batch), last = step(fromTypedArray(chosen, [chosen.length]));
      if (i + batch >= order.length) loss = last.item();
    }
    return loss;
  });
};

const fit: Measure<"fit"> = ({ layers, optimizer: rule, points, iterations }) => {
  const x = linspace(-Math.PI, Math.PI, points).reshape([-1, 1]), y = x.sin();
  const net = new Sequential(...layers.map(build)), optimizer = optimizerOf(net, rule);
  const criterion = new MSELoss();
  return timeSteps(optimizer, () => criterion.forward(net.forward(x), y), iterations);
};

/** Compiles the function if this side is compiled. */
function compiledHere<F extends (...args: never[]) => Tensor>(step: F): F | Compiled<F> {
  return job.compiled ? compile(step) : step;
}

/** Measures steps that minimize a loss. */
function timeSteps(optimizer: Optimizer, lossOf: () => Tensor, iterations: number): Promise<Measured> {
  const step = compiledHere(() => {
    optimizer.zeroGrad();
    const loss = lossOf();
    loss.backward();
    optimizer.step();
    return loss;
  });
  return timeFit(() => {
    using _ = new Scope();
    return step().item();
  }, iterations);
}

const sequences: Measure<"sequences"> = (
  { network, batch, length, width, heads, layers, classes, iterations },
) => {
  const criterion = new CrossEntropyLoss();
  if (network === "transformer") {
    const options = { dimFeedforward: 2 * width, dropout: 0, batchFirst: true, normFirst: true };
    const encoder = new TransformerEncoder(() => new TransformerEncoderLayer(width, heads, options), layers);
    const head = new Linear(width, classes), x = numbers(batch, length, width);
    const labels = fromTypedArray(choice(batch, classes), [batch]);
    const optimizer = new Adam([...encoder.parameters(), ...head.parameters()]);
    return timeSteps(optimizer, () => criterion(head(encoder(x).mean(1)), labels), iterations);
  }
  const embedding = new Embedding(classes, width / 4),
    lstm = new LSTM(width / 4, width, { batchFirst: true });
  const head = new Linear(width, classes),
    text = fromTypedArray(choice(batch * length, classes), [batch, length]);
  const next = fromTypedArray(choice(batch * length, classes), [batch * length]);
  const optimizer = new Adam([embedding, lstm, head].flatMap((part) => [...part.parameters()]));
  return timeSteps(optimizer, () => {
    const [hidden] = lstm(embedding(text));
    return criterion(head(hidden).reshape([-1, classes]), next);
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
    // What no scope frees would be new memory in every call.
    x.grad?.dispose();
    x.grad = null;
    layer.zeroGrad();
    layer.forward(x).backward(g);
  });
}

const FUNCTIONS: Readonly<Record<string, (x: Tensor, y: Tensor, z: Tensor) => Tensor>> = {
  add: (x, y) => x.add(y),
  relu: (x) => x.relu(),
  exp: (x) => x.exp(),
  tanh: (x) => x.tanh(),
  // In the place of what has no name, as PyTorch does it too.
  affine: (x, w, b) => x.mul(w).add_(b).relu_(),
};

await serve(job, `Troodon, ${device}`, {
  epoch,
  fit,
  sequences,
  gemm: ({ batch, m, k, n }) => {
    const [a, b] = batch === 1
      ? [numbers(m, k), numbers(k, n)]
      : [numbers(batch, m, k), numbers(batch, k, n)];
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
  reduce: ({ function: name, rows, columns, axis }) => {
    const x = numbers(rows, columns);
    const functions = { sum: () => x.sum(axis), max: () => x.amax(axis), argmax: () => x.argmax(axis) };
    return timed(functions[name]);
  },
  rows: ({ function: name, rows, columns }) => {
    const x = numbers(rows, columns), weight = numbers(columns), bias = numbers(columns);
    return timed(name === "softmax" ? () => x.softmax(1) : () => layerNorm(x, [columns], weight, bias));
  },
  pool: ({ function: name, samples, channels, extent, size, stride }) => {
    const x = numbers(samples, channels, extent, extent);
    return timed(() => name === "max" ? maxPool2d(x, size, { stride }) : avgPool2d(x, size, { stride }));
  },
  move: ({ function: name, rows, columns, picked }) => {
    const x = numbers(rows, columns), index = fromTypedArray(choice(picked, rows), [picked]);
    return timed(() => name === "gather" ? x.indexSelect(0, index) : x.t().contiguous());
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
