/** jax-js on its WebAssembly backend: everything under its jit. An array is used up by what takes it, but for `.ref`. */
import type { Layer, Rule } from "../kinds.ts";
import { mnistBatches } from "./mnist.ts";
import { choice, type Measured, noise, readJob, serve, timeCall, timeFit, timeSteps } from "./side.ts";

/** An array of theirs. */
interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: number[];
  add(y: JaxArray | number): JaxArray;
  sub(y: JaxArray | number): JaxArray;
  mul(y: JaxArray | number): JaxArray;
  div(y: JaxArray | number): JaxArray;
  neg(): JaxArray;
  reshape(shape: readonly number[]): JaxArray;
  sum(axis?: number | readonly number[]): JaxArray;
  mean(axis?: number | readonly number[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}

type Tree = JaxArray | readonly Tree[] | { readonly [name: string]: Tree };
type Calculation = (...operands: never[]) => Tree;

/** What is used of the library. */
interface Jax {
  readonly numpy: {
    array(values: ArrayBufferView): JaxArray;
    zeros(shape: readonly number[]): JaxArray;
    max(x: JaxArray, axis?: number | readonly number[]): JaxArray;
    mean(x: JaxArray): JaxArray;
    matmul(x: JaxArray, y: JaxArray): JaxArray;
    argmax(x: JaxArray, axis: number): JaxArray;
    sum(x: JaxArray, axis: number): JaxArray;
    take(x: JaxArray, indices: JaxArray, axis: number): JaxArray;
    transpose(x: JaxArray): JaxArray;
    exp(x: JaxArray): JaxArray;
    tanh(x: JaxArray): JaxArray;
    sqrt(x: JaxArray): JaxArray;
  };
  readonly nn: {
    relu(x: JaxArray): JaxArray;
    softmax(x: JaxArray): JaxArray;
    standardize(x: JaxArray): JaxArray;
    logSoftmax(x: JaxArray): JaxArray;
    oneHot(x: JaxArray, classes: number): JaxArray;
  };
  readonly lax: {
    conv(x: JaxArray, weight: JaxArray, strides: number[], padding: "VALID"): JaxArray;
    reduceWindow(
      x: JaxArray,
      calculate: (window: JaxArray) => JaxArray,
      size: number[],
      strides: number[],
    ): JaxArray;
  };
  readonly tree: { ref<T extends Tree>(tree: T): T };
  init(device: string): Promise<string[]>;
  defaultDevice(device: string): void;
  jit<F extends Calculation>(calculate: F): F;
  vjp(f: Calculation, operands: readonly JaxArray[]): [JaxArray, (g: JaxArray) => Tree];
  valueAndGrad<P extends Tree, R extends readonly Tree[]>(
    f: (parameters: P, ...rest: R) => JaxArray,
  ): (parameters: P, ...rest: R) => [JaxArray, P];
  blockUntilReady<T extends Tree>(tree: T): Promise<T>;
}

const VERSION = "0.1.25";
// By a variable, so that neither type checks nor lock files of this project come upon packages of npm.
const name = `npm:@jax-js/jax@${VERSION}`;
const jax: Jax = await import(name);
const { numpy: np, nn } = jax;
await jax.init("wasm");
jax.defaultDevice("wasm");

const job = readJob();

function numbers(...shape: readonly number[]): JaxArray {
  return np.array(noise(shape.reduce((a, b) => a * b, 1))).reshape(shape);
}

function disposeAll(tree: Tree): void {
  if (Array.isArray(tree)) tree.forEach(disposeAll);
  else if ("ref" in tree) (tree as JaxArray).dispose();
  else Object.values(tree as Record<string, Tree>).forEach(disposeAll);
}

/** Times a jitted calculation until its results are there. */
function timed(calculate: (...operands: JaxArray[]) => Tree, ...operands: JaxArray[]): Promise<Measured> {
  const run = jax.jit(calculate);
  return timeCall(job, async () => {
    const results = run(...operands.map((x) => x.ref));
    await jax.blockUntilReady(results);
    disposeAll(results);
  });
}

function withGradients(f: (...operands: JaxArray[]) => JaxArray, ...operands: JaxArray[]): Promise<Measured> {
  const g = numbers(...f(...operands.map((x) => x.ref)).shape);
  return timed(
    (g, ...operands) => {
      const [y, pull] = jax.vjp(f, operands);
      return [y, pull(g)];
    },
    g,
    ...operands,
  );
}

const affine = (y: JaxArray, bias: JaxArray): JaxArray => y.add(bias);

function convolve(x: JaxArray, weight: JaxArray, bias: JaxArray): JaxArray {
  return jax.lax.conv(x, weight, [1, 1], "VALID").add(bias.reshape([1, bias.shape[0]!, 1, 1]));
}

type Parameters = readonly { readonly weight: JaxArray; readonly bias: JaxArray }[];

function initial(layers: readonly Layer[]): Parameters {
  return layers.flatMap((one) => {
    if (one.layer !== "linear" && one.layer !== "conv") return [];
    const size = one.layer === "conv" ? one.size : 1, bound = (one.in * size ** 2) ** -0.5;
    const shape = one.layer === "conv" ? [one.out, one.in, size, size] : [one.in, one.out];
    return [{ weight: numbers(...shape).mul(2 * bound), bias: numbers(one.out).mul(2 * bound) }];
  });
}

function forward(layers: readonly Layer[], parameters: Parameters, x: JaxArray): JaxArray {
  let used = 0;
  for (const one of layers) {
    switch (one.layer) {
      case "linear": {
        const { weight, bias } = parameters[used++]!;
        x = affine(np.matmul(x, weight), bias);
        break;
      }
      case "conv": {
        const { weight, bias } = parameters[used++]!;
        x = convolve(x, weight, bias);
        break;
      }
      case "maxpool": {
        const [n, c, h, w] = x.shape as [number, number, number, number], size = one.size;
        x = np.max(x.reshape([n, c, h / size, size, w / size, size]), [3, 5]);
        break;
      }
      case "relu":
        x = nn.relu(x);
        break;
      case "tanh":
        x = np.tanh(x);
        break;
      case "flatten":
        x = x.reshape([x.shape[0]!, x.shape.slice(1).reduce((a, b) => a * b, 1)]);
    }
  }
  return x;
}

/** What a rule keeps for each parameter. */
interface Kept extends Record<string, JaxArray> {
  readonly m: JaxArray;
  readonly v: JaxArray;
}

/** A parameter and what is kept for it, after a step; `c` and `d` are Adam's corrections 1 / (1 - beta^t). */
function changed(
  { rule, lr, momentum }: Rule,
  [p, { m, v }, g, c, d]: [JaxArray, Kept, JaxArray, JaxArray, JaxArray],
): [JaxArray, Kept] {
  if (rule === "sgd") {
    const next = m.mul(momentum).add(g);
    return [p.sub(next.ref.mul(lr)), { m: next, v }];
  }
  const [first, second] = [m.mul(0.9).add(g.ref.mul(0.1)), v.mul(0.999).add(g.ref.mul(g).mul(0.001))];
  const slope = first.ref.mul(c).div(np.sqrt(second.ref.mul(d)).add(1e-8));
  return [p.sub(slope.mul(lr)), { m: first, v: second }];
}

const keptFor = (p: JaxArray): Kept => ({ m: np.zeros(p.shape), v: np.zeros(p.shape) });
const scalar = (x: number): JaxArray => np.array(new Float32Array([x]));

/** A step of training: what goes in is used up, but for the parameters, which it keeps. */
function trainer(
  layers: readonly Layer[],
  rule: Rule,
  lossOf: (output: JaxArray, y: JaxArray) => JaxArray,
): (x: JaxArray, y: JaxArray) => Promise<number> {
  type Pairs = readonly (readonly [JaxArray, Kept])[];
  const named = initial(layers);
  let pairs: Pairs = named.flatMap(({ weight, bias }) => [weight, bias]).map((p) => [p, keptFor(p)]);
  const grouped = (flat: readonly JaxArray[]): Parameters =>
    named.map((_, i) => ({ weight: flat[2 * i]!, bias: flat[2 * i + 1]! }));
  const differentiate = jax.valueAndGrad((flat: readonly JaxArray[], x: JaxArray, y: JaxArray) =>
    lossOf(forward(layers, grouped(flat), x), y)
  );
  const run = jax.jit(
    (pairs: Pairs, x: JaxArray, y: JaxArray, c: JaxArray, d: JaxArray): [Pairs, JaxArray] => {
      const [loss, gradients] = differentiate(pairs.map(([p]) => p.ref), x, y);
      const next = pairs.map(([p, kept], i) => changed(rule, [p, kept, gradients[i]!, c.ref, d.ref]));
      c.dispose();
      d.dispose();
      return [next, loss];
    },
  );
  let t = 0;
  return async (x, y) => {
    t++;
    const [next, loss] = run(pairs, x, y, scalar(1 / (1 - 0.9 ** t)), scalar(1 / (1 - 0.999 ** t)));
    pairs = next;
    return (await loss.data())[0]!;
  };
}

await serve(job, `jax-js ${VERSION}`, {
  gemm: ({ batch, m, k, n }) => {
    const several = batch === 1 ? [] : [batch];
    return timed((a, b) => np.matmul(a!, b!), numbers(...several, m, k), numbers(...several, k, n));
  },
  conv: ({ samples, channels, extent, filters, size, gradients }) => {
    const x = numbers(samples, channels, extent, extent), weight = numbers(filters, channels, size, size);
    const measure = gradients ? withGradients : timed;
    return measure((x, weight, bias) => convolve(x!, weight!, bias!), x, weight, numbers(filters));
  },
  map: ({ function: name, length }) => {
    const x = numbers(length), y = numbers(length), z = numbers(length);
    switch (name) {
      case "add":
        return timed((x, y) => x!.add(y!), x, y);
      case "relu":
        return timed((x) => nn.relu(x!), x);
      case "exp":
        return timed((x) => np.exp(x!), x);
      case "tanh":
        return timed((x) => np.tanh(x!), x);
      case "affine":
        return timed((x, w, b) => nn.relu(x!.mul(w!).add(b!)), x, y, z);
    }
  },
  reduce: ({ function: name, rows, columns, axis }) =>
    timed((x) => np[name](x!, axis), numbers(rows, columns)),
  rows: ({ function: name, rows, columns }) => {
    const x = numbers(rows, columns);
    if (name === "softmax") return timed((x) => nn.softmax(x!), x);
    const normalize = (x: JaxArray, weight: JaxArray, bias: JaxArray) =>
      nn.standardize(x).mul(weight).add(bias);
    return timed((x, weight, bias) => normalize(x!, weight!, bias!), x, numbers(columns), numbers(columns));
  },
  pool: ({ function: name, samples, channels, extent, size, stride }) => {
    const x = numbers(samples, channels, extent, extent), windows = [size, size], steps = [stride, stride];
    const bring = (window: JaxArray) => name === "max" ? np.max(window) : np.mean(window);
    return timed((x) => jax.lax.reduceWindow(x!, bring, windows, steps), x);
  },
  move: ({ function: name, rows, columns, picked }) => {
    const x = numbers(rows, columns), index = np.array(choice(picked, rows));
    if (name === "transpose") return timed((x) => np.transpose(x!), x);
    return timed((x, index) => np.take(x!, index!, 0), x, index);
  },
  batchnorm: ({ samples, channels, extent }) => {
    const shape = [1, channels, 1, 1], axes = [0, 2, 3];
    const f = (x: JaxArray, scale: JaxArray, offset: JaxArray): JaxArray => {
      const centered = x.ref.sub(x.mean(axes).reshape(shape));
      const variance = centered.ref.mul(centered.ref).mean(axes).reshape(shape);
      return centered.div(np.sqrt(variance.add(1e-5))).mul(scale.reshape(shape)).add(offset.reshape(shape));
    };
    const x = numbers(samples, channels, extent, extent);
    return withGradients(f, x, numbers(channels), numbers(channels));
  },
  adam: ({ length }) => {
    const rule: Rule = { rule: "adam", lr: 1e-3, momentum: 0 }, one = new Float32Array([1]);
    const operands = [...Array.from({ length: 4 }, () => numbers(length)), np.array(one), np.array(one)];
    return timed((p, m, v, g, c, d) => {
      const [next, kept] = changed(rule, [p!, { m: m!, v: v! }, g!, c!, d!]);
      return [next, kept];
    }, ...operands);
  },
  epoch: async ({ layers, optimizer: rule, batch, padding }) => {
    const { extent, next } = await mnistBatches(job, padding, batch);
    const step = trainer(
      layers,
      rule,
      (logits, y) => nn.logSoftmax(logits).mul(nn.oneHot(y, 10)).sum().div(-batch),
    );
    return timeSteps(job, batch, () => {
      const { images, labels } = next();
      return step(np.array(images).reshape([batch, 1, extent, extent]), np.array(labels));
    });
  },
  fit: ({ layers, optimizer: rule, points, iterations }) => {
    const values = Float32Array.from({ length: points }, (_, i) => Math.PI * (2 * i / (points - 1) - 1));
    const x = np.array(values).reshape([points, 1]), y = np.array(values.map(Math.sin)).reshape([points, 1]);
    const step = trainer(layers, rule, (output, y) => {
      const error = output.sub(y);
      return error.ref.mul(error).mean();
    });
    return timeFit(() => step(x.ref, y.ref), Math.min(iterations, 20));
  },
});
// Its workers would keep the process alive.
Deno.exit(0);
