/** Recurrent networks step by step: activations, peepholes and lengths that no layer of the library has. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";

/** An activation of a gate. */
export type Gate = (x: Tensor) => Tensor;

/** One direction of a recurrent layer. */
export interface Direction {
  /** Weight of the input: `[gates * hidden, features]`, in the order of ONNX. */
  readonly w: Tensor;
  /** Weight of the state: `[gates * hidden, hidden]`. */
  readonly r: Tensor;
  /** Biases of both: `[2 * gates * hidden]`. */
  readonly b: Tensor | undefined;
  /** Peepholes of an LSTM: `[3 * hidden]`, for input, output and forget gate. */
  readonly p: Tensor | undefined;
  /** From the end to the beginning. */
  readonly backwards: boolean;
  readonly gates: readonly Gate[];
}

/** Settings that all directions share. */
export interface Recurrence {
  readonly hidden: number;
  readonly linearBeforeReset: boolean;
  readonly inputForget: boolean;
  /** 1 for each sequence that goes on at a step, `[n, 1]`; undefined if all go on to the end. */
  readonly goesOn: ((step: number) => Tensor) | undefined;
}

/** The states behind a step: of an LSTM also the cell. */
type States = readonly Tensor[];

/** Calculates the states behind a step from the input and those before it. */
export type StepRule = (x: Tensor, states: States, direction: Direction, recurrence: Recurrence) => States;

/** The sums that go into the gates. */
function sums({ w, r, b }: Direction, x: Tensor, h: Tensor): readonly [input: Tensor, state: Tensor] {
  const size = w.shape[0]!;
  return [
    core.linear(x, w, b?.narrow(0, 0, size) ?? null),
    core.linear(h, r, b?.narrow(0, size, size) ?? null),
  ];
}

const plain: StepRule = (x, [h], direction) => {
  const [a, b] = sums(direction, x, h!);
  return [direction.gates[0]!(a.add(b))];
};

const gru: StepRule = (x, [h], direction, { hidden, linearBeforeReset }) => {
  const { gates: [f, g], r, b } = direction, [a, c] = sums(direction, x, h!);
  const part = (t: Tensor, i: number): Tensor => t.narrow(1, i * hidden, hidden);
  const z = f!(part(a, 0).add(part(c, 0))), reset = f!(part(a, 1).add(part(c, 1)));
  const state = linearBeforeReset
    ? reset.mul(part(c, 2))
    : core.linear(reset.mul(h!), r.narrow(0, 2 * hidden, hidden), b?.narrow(0, 5 * hidden, hidden) ?? null);
  const next = g!(part(a, 2).add(state));
  return [z.mul(h!).add(z.neg().add(1).mul(next))];
};

const lstm: StepRule = (x, [h, c], direction, { hidden, inputForget }) => {
  const { gates: [f, g, last], p } = direction, [a, b] = sums(direction, x, h!), sum = a.add(b);
  const part = (i: number): Tensor => sum.narrow(1, i * hidden, hidden);
  const peep = (i: number, cell: Tensor): Tensor =>
    p === undefined ? part(i) : part(i).add(p.narrow(0, i * hidden, hidden).mul(cell));
  const input = f!(peep(0, c!)), forget = inputForget ? input.neg().add(1) : f!(peep(2, c!));
  const cell = forget.mul(c!).add(input.mul(g!(part(3)))), output = f!(peep(1, cell));
  return [output.mul(last!(cell)), cell];
};

/** The rules by the names of the operators. */
export const STEP_RULES: Readonly<Record<"RNN" | "GRU" | "LSTM", StepRule>> = {
  RNN: plain,
  GRU: gru,
  LSTM: lstm,
};

/** Runs one direction over `x` [time, n, features]: the outputs [time, n, hidden], and the last states. */
export function runSteps(
  rule: StepRule,
  x: Tensor,
  initial: States,
  direction: Direction,
  recurrence: Recurrence,
): readonly [outputs: Tensor, last: States] {
  const time = x.shape[0]!, outputs: Tensor[] = [], { goesOn } = recurrence;
  let states = initial;
  for (let step = 0; step < time; step++) {
    const t = direction.backwards ? time - 1 - step : step;
    const next = rule(x.select(0, t), states, direction, recurrence), on = goesOn?.(t);
    states = on === undefined ? next : next.map((state, i) => core.where(on, state, states[i]!));
    outputs[t] = on === undefined ? states[0]! : core.where(on, states[0]!, core.zerosLike(states[0]!));
  }
  return [core.stack(outputs, 0), states];
}
