import type { LayerNormCall, LayerNormGradCall } from "@troodon/core";
import { body, expr as e, relaid } from "@troodon/core/kernel";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { type Round, teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { normalize } from "./batch_norm.ts";
import { map } from "./map.ts";
import { ITSELF, reduceTogether } from "./reduce.ts";
import { alongRows, areLong, perRow } from "./rows.ts";

const sum = (step: string, ...then: string[]): Round => ({
  states: [{ type: "f32", identity: "0f" }],
  step: [`a0 += ${step};`],
  merge: ["a0 += b0;"],
  then,
});

/** See {@linkcode LayerNormCall}. */
export function layerNorm(
  planner: Planner,
  { eps }: Planned<LayerNormCall>,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [rows, n] = inputs[0]!.shape as [number, number];
  if (rows === 0) return [];
  const operands = new Operands(inputs, outputs), affine = inputs.length === 3;
  const { traits, limits } = planner, team = teamFor(limits, rows, n, true, false);
  if (areLong(planner, team, [rows, n], 3)) return longLayerNorm(planner, eps, inputs, outputs);
  const text = new ShaderText(traits, operands);
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

/** Of rows that several workgroups share. */
function longLayerNorm(
  planner: Planner,
  eps: number,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const [x, ...affine] = inputs as [PlanView, ...PlanView[]], { shape } = x;
  const [y, mean, invStd] = outputs as [PlanView, PlanView, PlanView];
  const result = (v: PlanView): PlanView => relaid(v, [shape[0]!, 1], [1, 0]);
  return normalize(
    planner,
    {
      axes: [1],
      eps,
      statistics: [alongRows(mean, shape), alongRows(invStd, shape)],
      results: [result(mean), result(invStd)],
      affine: affine.map((v) => relaid(v, shape, [0, 1])),
    },
    x,
    y,
  );
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
  const team = teamFor(planner.limits, rows, n, true, false), drafts: Draft[] = [];
  if (rows * n > 0 && areLong(planner, team, shape, 2)) {
    drafts.push(...longInputGrad(planner, inputs, outputs[0]!));
  } else if (rows * n > 0) {
    const operands = new Operands(inputs, outputs.slice(0, 1)), affine = inputs.length === 5;
    const text = new ShaderText(planner.traits, operands);
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

const W = e.input(4), [SHARES, UNIT_SHARES] = [4, 5].map(e.input) as [e.Expr, e.Expr];
const UNIT = e.mul(e.sub(X, MEAN), INV_STD);

/** What is added up of a row, with a weight or without one: a share of the gradient, and the same times the normal value. */
const shares = (share: e.Expr) => [body(share), body(e.mul(share, UNIT))];
const SHARES_OF = { plain: shares(G), weighted: shares(e.mul(G, W)) };

/** The gradient of an element, from a share of it and both sums of its row. */
const slope = (share: e.Expr) =>
  body(e.mul(INV_STD, e.sub(share, e.div(e.add(SHARES, e.mul(UNIT, UNIT_SHARES)), e.scalar(0)))));
const SLOPE_OF = { plain: slope(G), weighted: slope(e.mul(G, e.input(6))) };

/** The gradient of the input, of rows that several workgroups share. */
function longInputGrad(planner: Planner, inputs: readonly PlanView[], output: PlanView): Draft[] {
  const [g, x, mean, invStd, ...weight] = inputs as [PlanView, PlanView, PlanView, PlanView, ...PlanView[]];
  const { shape } = x, rows = shape[0]!, kind = weight.length > 0 ? "weighted" : "plain";
  const known = [g, x, alongRows(mean, shape), alongRows(invStd, shape)];
  const weights = weight.map((v) => relaid(v, shape, [0, 1])), sums = [0, 1].map(() => perRow(planner, rows));
  const call = { kernel: "reduce", op: "sum", compute: "float32", shape, axes: [1] } as const;
  return [
    ...reduceTogether(planner, { ...call, bodies: SHARES_OF[kind] }, [...known, ...weights], sums),
    ...map(
      planner,
      { kernel: "map", body: SLOPE_OF[kind], compute: "float32", scalars: [shape[1]!], shape },
      [...known, ...sums.map((sum) => alongRows(sum, shape)), ...weights],
      [output],
    ),
  ];
}
