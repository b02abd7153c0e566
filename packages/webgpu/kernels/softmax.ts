import type { SoftmaxCall, SoftmaxGradCall } from "@troodon/core";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { scalarFunction } from "../wgsl/scalar_bodies.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { type Round, teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";

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

/** See {@linkcode SoftmaxCall}. */
export function softmax(
  { traits, limits }: Planner,
  { kernel }: Planned<SoftmaxCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows * n === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands), team = teamFor(limits, rows, n, true, false);
  const x = `${text.load(0, "f")}(row * ${n}u + k)`, both = softmaxRounds(text, x);
  const log = kernel === "logSoftmax";
  const exp = scalarFunction(text, log ? "logarithm" : "exponential");
  const value = log ? `${x} - top - scale` : `${exp}(${x} - top) / scale`;
  const main = teamMain(text, team, {
    lines: rows,
    length: n,
    setup: [],
    rounds: [both[0]!, { ...both[1]!, then: [log ? `let scale = ${exp}(a0);` : "let scale = a0;"] }],
    each: [`${text.store(1, "f")}(row * ${n}u + k, ${value});`],
  });
  return [text.finish(kernel, main, teamGroups(team, rows), { steps: teamSteps(team, n, 3) })];
}

/** See {@linkcode SoftmaxGradCall}. */
export function softmaxGrad(
  { traits, limits }: Planner,
  { kernel }: Planned<SoftmaxGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = outputs[0]!.shape as [number, number];
  if (rows * n === 0) return [];
  const operands = new Operands(inputs, outputs);
  const text = new ShaderText(traits, operands), team = teamFor(limits, rows, n, true, false);
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
