import type { Body, ReduceCall } from "@troodon/core";
import {
  body,
  bytesOf,
  coalesce,
  COMBINATIONS,
  expr,
  pickAxes,
  relaid,
  rowMajor,
  sizeOf,
  sizeOfSpace,
  type Space,
} from "@troodon/core/kernel";
import type { Draft, Planned, Planner, PlanView } from "../kernel.ts";
import { Operands } from "../operands.ts";
import { identityText } from "../wgsl/combine.ts";
import { offsetOf, positions } from "../wgsl/positions.ts";
import { checkPositions } from "../wgsl/representable.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { type Team, teamFor, teamGroups, teamMain, teamSteps } from "../wgsl/team.ts";
import { dtypeOf, kindOf, typeName } from "../wgsl/types.ts";

/** A reduction whose `post` may read more: inputs behind the first `read` have the output's shape. */
export type GeneralReduction = Planned<ReduceCall> & { readonly read?: number };

/** What sums add up where they add up nothing else. */
export const ITSELF: Body = body(expr.input(0));

/** An expression reduced over axes; see {@linkcode ReduceCall}. */
export function reduce(
  planner: Planner,
  { body, ...call }: GeneralReduction,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  return reduceTogether(planner, { ...call, bodies: [body] }, inputs, outputs);
}

/** Reductions of several expressions over the same axes: as many dispatches as one of them takes. */
export type JointReduction = Omit<GeneralReduction, "body"> & { readonly bodies: readonly Body[] };

/** Several expressions of the same inputs reduced at once, each to an output of its own, all of one shape; `post` is for a single one. */
export function reduceTogether(
  planner: Planner,
  call: JointReduction,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
): Draft[] {
  const { compute, shape, axes } = call, lines = sizeOf(outputs[0]!.shape);
  if (lines === 0) return [];
  const read = call.read ?? inputs.length;
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const length = axes.reduce((n, axis) => n * shape[axis]!, 1);
  const along = isAlong(inputs.slice(0, read), kept, axes);
  const team = teamFor(planner.limits, lines, length, along, true);
  if (team.splits === 1) return [oneDispatch(planner, call, inputs, outputs, team, kept, read)];
  // Each workgroup leaves its part of a line; a second dispatch combines the parts.
  const dtype = dtypeOf(kindOf(compute));
  const partials = outputs.map((output): PlanView => {
    const buffer = planner.scratch(bytesOf(dtype) * lines * team.splits);
    return { buffer, dtype, shape: output.shape, strides: rowMajor(output.shape), offset: 0 };
  });
  const { post: _, ...first } = call;
  const all = [team.splits, ...outputs[0]!.shape];
  return [
    oneDispatch(planner, first, inputs.slice(0, read), partials, team, kept, read),
    ...reduceTogether(
      planner,
      { ...call, bodies: partials.map((_, i) => bodyOf(i)), shape: all, axes: [0], read: partials.length },
      [...partials.map((partial) => relaid(partial, all, rowMajor(all))), ...inputs.slice(read).map(raised)],
      outputs.map(raised),
    ),
  ];
}

/** The expression that is input `i`. */
const bodyOf = (i: number): Body => i === 0 ? ITSELF : SECOND;
const SECOND = body(expr.input(1));

/** The view with an axis of extent 1 in front. */
export function raised(view: PlanView): PlanView {
  return relaid(view, [1, ...view.shape], [0, ...view.strides]);
}

/** Whether elements that are reduced lie closer to each other than those that are not. */
function isAlong(inputs: readonly PlanView[], kept: readonly number[], axes: readonly number[]): boolean {
  const closest = (view: PlanView, among: readonly number[]) =>
    among.reduce((least, a) => {
      const stride = Math.abs(view.strides[a]!);
      return view.shape[a] === 1 || stride === 0 ? least : Math.min(least, stride);
    }, Infinity);
  for (const view of inputs) {
    const [x, y] = [closest(view, axes), closest(view, kept)];
    if (x !== y) return x < y;
  }
  return true;
}

function oneDispatch(
  { traits }: Planner,
  { op, bodies, post, compute, scalars, shape, axes }: JointReduction,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
  team: Team,
  kept: readonly number[],
  read: number,
): Draft {
  const operands = new Operands(inputs, outputs);
  const kind = kindOf(compute), text = new ShaderText(traits, operands);
  const strides = operands.views.map((v) => v.strides);
  const plain = bodies.some((body) => body.usesCoordinate) || (post?.usesCoordinate ?? false);
  if (plain) checkPositions("reduce", Math.max(...shape, 1));
  const join = (space: Space): Space => plain ? space : coalesce(space);
  const outer = join(pickAxes({ extents: shape, strides }, kept));
  const inner = join(pickAxes({ extents: shape, strides: strides.slice(0, read) }, axes));
  const lines = sizeOfSpace(outer), length = sizeOfSpace(inner);
  const calculate = bodies.map((body, i) =>
    text.body(i === 0 ? "calculate" : `calculate${i}`, body, compute, scalars)
  );
  const combine = text.body("combine", COMBINATIONS[op].body, compute);
  const finish = post && text.body("finish", post, compute, scalars);
  const position = (axis: number): string => {
    const at = axes.indexOf(axis);
    return at < 0 ? `q${kept.indexOf(axis)}` : `p${at}`;
  };
  const values = calculate.map((one) =>
    one.call((t) => `${text.load(t, kind)}(base${t} + ${offsetOf(inner.strides[t]!, "p")})`, position)
  );
  const split = ` + group.z * ${text.size(lines)}`;
  // Along the axes that are gone, a result is at position 0.
  const result = (i: number): string =>
    finish
      ? finish.call(
        (t) =>
          t === 0
            ? `a${i}`
            : `${text.load(read + t - 1, kind)}(${offsetOf(outer.strides[read + t - 1]!, "q")})`,
        (axis) => axes.includes(axis) ? "0u" : position(axis),
      )
      : `a${i}`;
  const taken = [...new Set(calculate.flatMap((one) => one.inputs))];
  const main = teamMain(text, team, {
    lines,
    length,
    setup: [
      ...positions(outer, "row", "q"),
      ...taken.map((t) => `let base${t} = ${offsetOf(outer.strides[t]!, "q")};`),
    ],
    rounds: [{
      states: bodies.map(() => ({ type: typeName(kind, 1), identity: identityText(op, compute) })),
      step: [
        ...positions(inner, "k", "p"),
        ...values.map((value, i) => `a${i} = ${combine.call((t) => t === 0 ? `a${i}` : value)};`),
      ],
      merge: bodies.map((_, i) => `a${i} = ${combine.call((t) => t === 0 ? `a${i}` : `b${i}`)};`),
    }],
    done: outputs.map((_, i) => {
      const output = operands.inputs + i;
      return `${text.store(output, kind)}(${offsetOf(outer.strides[output]!, "q")}${split}, ${result(i)});`;
    }),
  });
  return text.finish("reduce", main, teamGroups(team, lines), { steps: teamSteps(team, length) });
}
