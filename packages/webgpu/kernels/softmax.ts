import type { SoftmaxCall, SoftmaxGradCall } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { scalarFunction } from "../wgsl/scalar_bodies.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { type Round, teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { map } from "./map.ts";
import { ITSELF, reduce } from "./reduce.ts";
import { alongRows, areLong, perRow } from "./rows.ts";

/** The largest element of a row as `top`, and then the sum of exp(x - top) as `total`. */
export function softmaxRounds(text: ShaderText, x: string): Round[] {
  const exp = scalarFunction(text, "exponential");
  text.use("greatest");
  return [
    {
      states: [{ type: "f32", identity: "-inf()" }],
      step: [`a0 = greatest(a0, ${x});`],
      merge: ["a0 = greatest(a0, b0);"],
      then: ["let top = a0;"],
    },
    {
      states: [{ type: "f32", identity: "0f" }],
      step: [`a0 += ${exp}(${x} - top);`],
      merge: ["a0 += b0;"],
    },
  ];
}

const [X, TOP, SCALE] = [0, 1, 2].map(e.input) as [e.Expr, e.Expr, e.Expr];
const POWER = body(e.exp(e.sub(X, TOP))), LOGARITHM = body(e.log(X));
const VALUES = {
  softmax: body(e.div(e.exp(e.sub(X, TOP)), SCALE)),
  logSoftmax: body(e.sub(e.sub(X, TOP), SCALE)),
};

/** Dispatches that give what {@linkcode softmaxRounds} do, and what they find of each row: its largest element, and the sum of powers or its logarithm. */
export interface LongSoftmax {
  readonly drafts: readonly Draft[];
  readonly top: PlanView;
  readonly scale: PlanView;
}

/** The values of rows that several workgroups share. */
export function longSoftmax(
  planner: Planner,
  kernel: SoftmaxCall["kernel"],
  x: PlanView,
  y: PlanView,
): LongSoftmax {
  const { shape } = x, [top, scale] = [0, 1].map(() => perRow(planner, shape[0]!)) as [PlanView, PlanView];
  const call = { kernel: "reduce", compute: "float32", shape, axes: [1] } as const;
  const [tops, scales] = [alongRows(top, shape), alongRows(scale, shape)];
  const total = {
    ...call,
    op: "sum",
    body: POWER,
    ...(kernel === "logSoftmax" && { post: LOGARITHM }),
  } as const;
  const drafts = [
    ...reduce(planner, { ...call, op: "max", body: ITSELF }, [x], [top]),
    ...reduce(planner, total, [x, tops], [scale]),
    ...map(planner, { kernel: "map", body: VALUES[kernel], compute: "float32", shape }, [x, tops, scales], [
      y,
    ]),
  ];
  return { drafts, top, scale };
}

/** See {@linkcode SoftmaxCall}. */
export function softmax(
  planner: Planner,
  { kernel }: Planned<SoftmaxCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows * n === 0) return [];
  const { traits, limits } = planner, team = teamFor(limits, rows, n, true, false);
  if (areLong(planner, team, [rows, n], 3)) {
    return [...longSoftmax(planner, kernel, inputs[0]!, outputs[0]!).drafts];
  }
  const operands = new Operands(inputs, outputs), text = new ShaderText(traits, operands);
  const x = `${text.load(0, "f")}(row * ${n}u + k)`, both = softmaxRounds(text, x);
  const log = kernel === "logSoftmax";
  const exp = scalarFunction(text, log ? "logarithm" : "exponential");
  if (log) text.use("opaque");
  const value = log ? `opaque(${x} - top) - scale` : `${exp}(${x} - top) / scale`;
  const main = teamMain(text, team, {
    lines: rows,
    length: n,
    setup: [],
    rounds: [both[0]!, { ...both[1]!, then: [log ? `let scale = ${exp}(a0);` : "let scale = a0;"] }],
    each: [`${text.store(1, "f")}(row * ${n}u + k, ${value});`],
  });
  return [text.finish(kernel, main, teamGroups(team, rows), { steps: teamSteps(team, n, 3) })];
}

const [G, Y, SUM] = [X, TOP, SCALE];
/** What is added up of a row, and what its gradient is from that. */
const GRADIENTS = {
  softmaxGrad: [body(e.mul(G, Y)), body(e.mul(Y, e.sub(G, SUM)))],
  logSoftmaxGrad: [ITSELF, body(e.sub(G, e.mul(e.exp(Y), SUM)))],
} as const;

/** The gradient of rows that several workgroups share. */
function longSoftmaxGrad(
  planner: Planner,
  kernel: SoftmaxGradCall["kernel"],
  inputs: readonly PlanView[],
  output: PlanView,
): Draft[] {
  const { shape } = output, sum = perRow(planner, shape[0]!), [share, gradient] = GRADIENTS[kernel];
  const call = { kernel: "reduce", op: "sum", compute: "float32", shape, axes: [1] } as const;
  return [
    ...reduce(planner, { ...call, body: share }, inputs, [sum]),
    ...map(
      planner,
      { kernel: "map", body: gradient, compute: "float32", shape },
      [...inputs, alongRows(sum, shape)],
      [output],
    ),
  ];
}

/** See {@linkcode SoftmaxGradCall}. */
export function softmaxGrad(
  planner: Planner,
  { kernel }: Planned<SoftmaxGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = outputs[0]!.shape as [number, number];
  if (rows * n === 0) return [];
  const { traits, limits } = planner, team = teamFor(limits, rows, n, true, false);
  if (areLong(planner, team, [rows, n], 2)) return longSoftmaxGrad(planner, kernel, inputs, outputs[0]!);
  const operands = new Operands(inputs, outputs), text = new ShaderText(traits, operands);
  const [g, y] = [0, 1].map((t) => `${text.load(t, "f")}(row * ${n}u + k)`);
  const log = kernel === "logSoftmaxGrad";
  const value = log ? `${g} - ${scalarFunction(text, "exponential")}(${y}) * a0` : `${y} * (${g} - a0)`;
  const main = teamMain(text, team, {
    lines: rows,
    length: n,
    setup: [],
    rounds: [{
      states: [{ type: "f32", identity: "0f" }],
      step: [log ? `a0 += ${g};` : `a0 += ${g} * ${y};`],
      merge: ["a0 += b0;"],
    }],
    each: [`${text.store(2, "f")}(row * ${n}u + k, ${value});`],
  });
  return [text.finish(kernel, main, teamGroups(team, rows), { steps: teamSteps(team, n, 2) })];
}
