/** Runs random graphs, compiled and uncompiled. */
import { tape } from "@troodon/autograd";
import { compile, type CompileOptions } from "@troodon/compile";
import {
  type Backend,
  Device,
  Generator,
  manualSeed,
  randn,
  type Tensor,
  tidySync,
  withDevice,
} from "@troodon/core";
import { clipGradNorm } from "@troodon/nn";
import { Adam, AdamW, type Optimizer, RMSprop, SGD } from "@troodon/optim";
import type { Graph } from "./graph.ts";
import { INSTRUCTIONS } from "./instructions.ts";

/** Number of calls of a step. */
const CALLS = 8;

/** Results of all calls of a step, and the values of all that it changed, call by call. */
export type Outcome = readonly (readonly (readonly number[])[])[];

const OPTIMIZERS: Readonly<Record<Graph["optimizer"], (params: Tensor[]) => Optimizer | null>> = {
  none: () => null,
  sgd: (params) => new SGD(params, { lr: 0.05 }),
  momentum: (params) => new SGD(params, { lr: 0.05, momentum: 0.9 }),
  adam: (params) => new Adam(params, { lr: 0.02 }),
  adamw: (params) => new AdamW(params, { lr: 0.02, weightDecay: 0.1 }),
  rmsprop: (params) => new RMSprop(params, { lr: 0.01 }),
};

/**
 * Runs the step of a graph several times on its own device, compiled if `options` are given.
 *
 * @param noise Relative size of random changes of the parameters before the first step; 0 by default.
 */
export async function runGraph(
  backend: Backend,
  graph: Graph,
  options?: CompileOptions,
  noise = 0,
): Promise<Outcome> {
  const device = new Device(backend, { tape, generator: new Generator(graph.seed) });
  manualSeed(graph.seed);
  return await withDevice(device, async () => {
    const generator = new Generator(graph.seed + 1);
    const noises = new Generator(graph.seed + 2);
    const params = graph.parameters.map((size) =>
      tidySync(() =>
        randn(size, { generator }).mul(0.5).mul(randn(size, { generator: noises }).mul(noise).add(1))
      ).adopt().requiresGrad_()
    );
    const state = randn([2, 3], { generator }).adopt(), optimizer = OPTIMIZERS[graph.optimizer](params);
    const step = (x: Tensor, alpha: number): Tensor[] =>
      takeStep(graph, { x, alpha, state, params, optimizer });
    using compiled = options === undefined ? null : compile(step, options);
    const run = compiled ?? step, outcome: number[][][] = [];
    for (let call = 0; call < CALLS; call++) {
      const [rows, columns] = graph.input, grown = graph.grows >= 0 && call >= graph.grows ? 1 : 0;
      const x = randn([rows + grown, columns], { generator });
      const results = run(x, 0.5 + (call % 3) / 4);
      outcome.push(await Promise.all([...results, ...params, state, ...gradsOf(params)].map(numbersOf)));
    }
    return outcome;
  });
}

/** Inputs and state of a step. */
interface Working {
  readonly x: Tensor;
  readonly alpha: number;
  readonly state: Tensor;
  readonly params: readonly Tensor[];
  readonly optimizer: Optimizer | null;
}

/** Runs the instructions, the backward pass and the optimizer. */
function takeStep(graph: Graph, { x, alpha, state, params, optimizer }: Working): Tensor[] {
  const values = [x, ...params];
  if (graph.zero !== "keep") optimizer?.zeroGrad({ setToNull: graph.zero === "null" });
  for (const { op, args, n } of graph.instructions) {
    const [a, b] = args.map((back) => values[values.length - 1 - back % values.length]!);
    values.push(INSTRUCTIONS[op]!(a!, b!, { n, alpha, state }));
  }
  const results = graph.outputs.map((back) => values[values.length - 1 - back % values.length]!.tanh());
  const own = params.reduce((sum, p) => sum.add(p.square().mean()), params[0]!.sum().mul(0.01));
  const loss = results.reduce((sum, y) => sum.add(y.mean()), own);
  loss.backward();
  if (graph.clips) clipGradNorm(params, 1);
  optimizer?.step();
  return [loss.detach(), ...results.map((y) => y.detach())];
}

const gradsOf = (params: readonly Tensor[]): Tensor[] =>
  params.flatMap(({ grad }) => grad === null ? [] : [grad]);
const numbersOf = async (x: Tensor): Promise<number[]> => Array.from(await x.dataAsync(), Number);

/** Describes where two outcomes differ by more than `relative` of the largest element; null if they do not. */
export function difference(found: Outcome, expected: Outcome, relative: number): string | null {
  for (const [call, tensors] of expected.entries()) {
    if (found[call]!.length !== tensors.length) return `call ${call} has ${found[call]!.length} tensors`;
    for (const [i, numbers] of tensors.entries()) {
      const largest = numbers.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      for (const [at, x] of numbers.entries()) {
        const y = found[call]![i]![at]!;
        if (Object.is(x, y) || Math.abs(x - y) <= relative * largest) continue;
        return `call ${call}, tensor ${i}, element ${at}: ${y} in place of ${x}`;
      }
    }
  }
  return null;
}
