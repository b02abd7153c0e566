import { body, expr as e, type LayerNormCall, type LayerNormGradCall, relaid } from "@troodon/core";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { type Round, teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { ITSELF, reduceTogether } from "./reduce.ts";

const sum = (step: string, ...then: string[]): Round => ({
  states: [{ type: "f32", identity: "0f" }],
  step: [`a0 += ${step};`],
  merge: ["a0 += b0;"],
  then,
});

/** See {@linkcode LayerNormCall}. */
export function layerNorm(
  { traits, limits }: Planner,
  { eps }: Planned<LayerNormCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows === 0) return [];
  const operands = new Operands(inputs, outputs), affine = inputs.length === 3;
  const text = new ShaderText(traits, operands), team = teamFor(limits, rows, n, true, false);
  const x = `${text.load(0, "f")}(row * ${n}u + k)`, o = inputs.length;
  const unit = `(${x} - mean) * scale`;
  const y = affine ? `${unit} * ${text.load(1, "f")}(k) + ${text.load(2, "f")}(k)` : unit;
  const main = teamMain(text, team, {
    lines: rows,
    length: n,
    setup: [],
    rounds: [
      sum(x, `let mean = a0 / ${n}f;`),
      {
        ...sum("0f", `let scale = 1f / sqrt(a0 / ${n}f + ${eps}f);`),
        step: [`let d = ${x} - mean;`, "a0 += d * d;"],
      },
    ],
    each: [`${text.store(o, "f")}(row * ${n}u + k, ${y});`],
    done: [`${text.store(o + 1, "f")}(row, mean);`, `${text.store(o + 2, "f")}(row, scale);`],
  });
  return [text.finish("layerNorm", main, teamGroups(team, rows), { steps: teamSteps(team, n, 3) })];
}

const [G, X, MEAN, INV_STD] = [0, 1, 2, 3].map(e.input) as [e.Expr, e.Expr, e.Expr, e.Expr];
/** What the gradient of the weight adds up. */
const WEIGHT_SHARE = body(e.mul(G, e.mul(e.sub(X, MEAN), INV_STD)));

/** See {@linkcode LayerNormGradCall}. */
export function layerNormGrad(
  planner: Planner,
  _: Planned<LayerNormGradCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const shape = inputs[0]!.shape, [rows, n] = shape as [number, number];
  const operands = new Operands(inputs, outputs.slice(0, 1)), affine = inputs.length === 5;
  const drafts: Draft[] = [];
  if (rows * n > 0) {
    const text = new ShaderText(planner.traits, operands);
    const team = teamFor(planner.limits, rows, n, true, false);
    const [g, x] = [0, 1].map((t) => `${text.load(t, "f")}(row * ${n}u + k)`);
    const weighted = affine ? `${g} * ${text.load(4, "f")}(k)` : g!;
    const main = teamMain(text, team, {
      lines: rows,
      length: n,
      setup: [
        `let mean = ${text.load(2, "f")}(min(row, ${rows - 1}u));`,
        `let scale = ${text.load(3, "f")}(min(row, ${rows - 1}u));`,
      ],
      rounds: [{
        states: [{ type: "f32", identity: "0f" }, { type: "f32", identity: "0f" }],
        step: [`let share = ${weighted};`, "a0 += share;", `a1 += share * ((${x} - mean) * scale);`],
        merge: ["a0 += b0;", "a1 += b1;"],
      }],
      each: [
        `let unit = (${x} - mean) * scale;`,
        `${text.store(inputs.length, "f")}(row * ${n}u + k, ` +
        `scale * (${weighted} - (a0 + unit * a1) / ${n}f));`,
      ],
    });
    const steps = teamSteps(team, n, 2);
    drafts.push(text.finish("layerNormGrad", main, teamGroups(team, rows), { steps }));
  }
  // Of the weight and the bias: over all rows.
  const call = { kernel: "reduce", op: "sum", compute: "float32", shape, axes: [0] } as const;
  const perRow = (v: PlanView): PlanView => relaid(v, shape, [1, 0]);
  const sums = outputs.slice(1).map((v) => relaid(v, [1, n], [0, 1]));
  const views = [inputs[0]!, inputs[1]!, perRow(inputs[2]!), perRow(inputs[3]!)];
  if (sums.length > 0) {
    const bodies = [WEIGHT_SHARE, ITSELF].slice(0, sums.length);
    drafts.push(...reduceTogether(planner, { ...call, bodies }, views, sums));
  }
  return drafts;
}
