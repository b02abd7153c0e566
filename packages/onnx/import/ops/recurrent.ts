/** Recurrent layers. */
import * as core from "@troodon/core";
import type { RecurrentWeights, Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators, Results } from "../operator.ts";
import { type Direction, type Gate, type Recurrence, runSteps, STEP_RULES } from "./recurrent_steps.ts";

type Kind = keyof typeof STEP_RULES;

/** Gates of a kind in the order of PyTorch, by their places in that of ONNX. */
const ORDERS: Readonly<Record<Kind, readonly number[]>> = { RNN: [0], GRU: [1, 0, 2], LSTM: [0, 2, 3, 1] };

/** The activations that a kind has by default, for one direction. */
const USUAL: Readonly<Record<Kind, readonly string[]>> = {
  RNN: ["Tanh"],
  GRU: ["Sigmoid", "Tanh"],
  LSTM: ["Sigmoid", "Tanh", "Tanh"],
};

/** Activations of gates, with their parameters. */
const GATES: Readonly<Record<string, (alpha?: number, beta?: number) => Gate>> = {
  affine: (alpha = 1, beta = 0) => (x) => x.mul(alpha).add(beta),
  elu: (alpha = 1) => (x) => core.elu(x, { alpha }),
  hardsigmoid: (alpha = 0.2, beta = 0.5) => (x) => core.clamp(x.mul(alpha).add(beta), { min: 0, max: 1 }),
  leakyrelu: (negativeSlope = 0.01) => (x) => core.leakyRelu(x, { negativeSlope }),
  relu: () => (x) => core.relu(x),
  scaledtanh: (alpha = 1, beta = 1) => (x) => x.mul(beta).tanh().mul(alpha),
  sigmoid: () => (x) => core.sigmoid(x),
  softplus: () => (x) => core.softplus(x),
  softsign: () => (x) => core.softsign(x),
  tanh: () => (x) => x.tanh(),
  thresholdedrelu: (alpha = 1) => (x) => core.threshold(x, alpha, 0),
};

/** The activations of all gates of all directions. */
function gatesOf(call: Call, kind: Kind, names: readonly string[]): Gate[] {
  const { attributes } = call, alphas = [...attributes.floats("activation_alpha") ?? []];
  const betas = [...attributes.floats("activation_beta") ?? []], clip = attributes.float("clip");
  return names.map((name, i) => {
    const known = name.toLowerCase(), make = GATES[known] ?? call.refuse(`there is no activation ${name}`);
    // Parameters stand one behind the other, for the activations that have some.
    const gate = make(
      TAKES_ALPHA.has(known) ? alphas.shift() : undefined,
      TAKES_BETA.has(known) ? betas.shift() : undefined,
    );
    // The cell of an LSTM is not bounded, as in onnxruntime.
    const isBounded = clip !== undefined && (kind !== "LSTM" || i % 3 < 2);
    return !isBounded ? gate : (x) => gate(core.clamp(x, { min: -clip, max: clip }));
  });
}

/** Activations with a first parameter, and with a second. */
const TAKES_ALPHA = new Set(["affine", "elu", "hardsigmoid", "leakyrelu", "scaledtanh", "thresholdedrelu"]);
const TAKES_BETA = new Set(["affine", "hardsigmoid", "scaledtanh"]);

/** Gates of one direction in the order of PyTorch. */
function reordered(kind: Kind, hidden: number, numbers: Tensor): Tensor {
  const order = ORDERS[kind];
  return order.length === 1 ? numbers : core.cat(order.map((i) => numbers.narrow(0, i * hidden, hidden)), 0);
}

/** Runs the layer that the library has, which has the usual activations and no lengths. */
function runLayer(
  kind: Kind,
  x: Tensor,
  states: readonly Tensor[],
  directions: readonly Direction[],
  hidden: number,
): readonly [outputs: readonly Tensor[], last: readonly Tensor[]] {
  const weights = directions.map(({ w, r, b }): RecurrentWeights => {
    const size = w.shape[0]!, part = (t: Tensor): Tensor => reordered(kind, hidden, t);
    return {
      weightIh: part(w),
      weightHh: part(r),
      biasIh: b === undefined ? null : part(b.narrow(0, 0, size)),
      biasHh: b === undefined ? null : part(b.narrow(0, size, size)),
    };
  });
  const bidirectional = directions.length === 2, turned = !bidirectional && directions[0]!.backwards;
  const input = turned ? x.flip([0]) : x, options = { bidirectional };
  let output: Tensor, last: readonly Tensor[];
  if (kind === "LSTM") {
    const [y, state] = core.lstm(input, [states[0]!, states[1]!], weights, options);
    output = y, last = state;
  } else {
    const [y, h] = (kind === "GRU" ? core.gru : core.rnn)(input, states[0]!, weights, options);
    output = y, last = [h];
  }
  const parts = bidirectional ? core.split(output, hidden, 2) : [turned ? output.flip([0]) : output];
  return [parts, last];
}

/** Returns true if the library's layer computes the node. */
function isUsual(
  call: Call,
  kind: Kind,
  names: readonly string[],
  { linearBeforeReset, goesOn }: Recurrence,
): boolean {
  const usual = names.every((name, i) => name === USUAL[kind][i % USUAL[kind].length]);
  return usual && goesOn === undefined && call.attributes.float("clip") === undefined &&
    (kind !== "GRU" || linearBeforeReset) && !call.attributes.flag("input_forget") && !call.has(7);
}

/** Returns a mask of the sequences that go on at a step; undefined if all are as long as the input. */
function lengthsOf(call: Call, time: number): Recurrence["goesOn"] {
  const lengths = call.numbers(4);
  if (lengths === undefined || lengths.every((length) => length === time)) return undefined;
  const all = core.tensor([...lengths], { dtype: "int64", device: call.device }).reshape([-1, 1]);
  return (step) => all.gt(step);
}

const recurrent = (kind: Kind) => (call: Call): Results => {
  const { attributes } = call, batchFirst = attributes.int("layout", 0) === 1;
  const given = call.input(0),
    x = batchFirst ? given.transpose(0, 1) : given,
    w = call.input(1),
    r = call.input(2);
  const count = w.shape[0]!,
    hidden = attributes.int("hidden_size", r.shape[2]!),
    [time, n] = x.shape as [number, number];
  const order = attributes.text("direction", "forward");
  const names = attributes.texts("activations") ?? Array.from({ length: count }, () => USUAL[kind]).flat();
  const gates = gatesOf(call, kind, names), each = gates.length / count, peepholes = call.optional(7);
  const directions = Array.from({ length: count }, (_, i): Direction => ({
    w: w.select(0, i),
    r: r.select(0, i),
    b: call.optional(3)?.select(0, i),
    p: peepholes?.select(0, i),
    backwards: order === "reverse" || i === 1,
    gates: gates.slice(i * each, (i + 1) * each),
  }));
  const zeros = core.zeros([count, n, hidden], { dtype: x.dtype, device: x.device });
  const state = (i: number): Tensor => {
    const initial = call.optional(i);
    return initial === undefined ? zeros : batchFirst ? initial.transpose(0, 1) : initial;
  };
  const initial = kind === "LSTM" ? [state(5), state(6)] : [state(5)];
  const recurrence: Recurrence = {
    hidden,
    linearBeforeReset: attributes.flag("linear_before_reset"),
    inputForget: attributes.flag("input_forget"),
    goesOn: lengthsOf(call, time),
  };
  let outputs: readonly Tensor[], last: readonly Tensor[];
  if (isUsual(call, kind, names, recurrence)) {
    [outputs, last] = runLayer(kind, x, initial, directions, hidden);
  } else {
    const runs = directions.map((direction, i) =>
      runSteps(STEP_RULES[kind], x, initial.map((t) => t.select(0, i)), direction, recurrence)
    );
    outputs = runs.map(([y]) => y);
    last = initial.map((_, k) => core.stack(runs.map(([, states]) => states[k]!), 0));
  }
  const y = core.stack([...outputs], 1);
  return batchFirst ? [y.permute([2, 0, 1, 3]), ...last.map((t) => t.transpose(0, 1))] : [y, ...last];
};

/** Recurrent layers. */
export const RECURRENT: Operators = {
  GRU: { run: recurrent("GRU"), known: [4] },
  LSTM: { run: recurrent("LSTM"), known: [4] },
  RNN: { run: recurrent("RNN"), known: [4] },
};
