import { type Body, body, expr, type ReduceCall, rowMajor, sizeOf } from "@troodon/core";
import type { GpuView, KernelContext } from "../kernel.ts";
import { Operands, relaid } from "../operands.ts";
import type { Groups, Shader } from "../device/stream.ts";
import { coalesce, count, offsetOf, pick, positions, type Space } from "../space.ts";
import { COMBINE, identityOf } from "../wgsl/combine.ts";
import { ShaderText } from "../wgsl/shader.ts";
import { wordsOf } from "../wgsl/words.ts";
import { type Team, teamFor, teamGroups, teamMain } from "../wgsl/team.ts";
import { kindOf } from "../wgsl/types.ts";

/** A reduction whose `post` may read more: inputs behind the first `read` have the output's shape. */
export type GeneralReduction = ReduceCall & { readonly read?: number };

interface Plan {
  readonly shader: Shader;
  readonly groups: Groups;
  readonly splits: number;
}

/** What sums add up where they add up nothing else. */
export const ITSELF: Body = body(expr.input(0));

/** An expression brought together over axes; see {@linkcode ReduceCall}. */
export function reduce(
  context: KernelContext,
  call: GeneralReduction,
  inputs: readonly GpuView[],
  outputs: readonly GpuView[],
): void {
  const { compute, shape, axes } = call;
  const output = outputs[0]!, lines = sizeOf(output.shape);
  if (lines === 0) return;
  const read = call.read ?? inputs.length;
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const length = axes.reduce((n, axis) => n * shape[axis]!, 1);
  const along = isAlong(inputs.slice(0, read), kept, axes);
  const team = teamFor(lines, length, along, true);
  if (team.splits === 1) {
    launch(context, call, inputs, output, team, kept, read);
    return;
  }
  // Each workgroup leaves its part of a line; a second launch brings the parts together.
  const parts = context.scratch(4 * lines * team.splits);
  const dtype = kindOf(compute) === "f" ? "float32" as const : "int32" as const;
  const partial = { buffer: parts, dtype, shape: output.shape, strides: rowMajor(output.shape), offset: 0 };
  const { post: _, ...first } = call;
  launch(context, first, inputs.slice(0, read), partial, team, kept, read);
  const all = [team.splits, ...output.shape];
  reduce(
    context,
    { ...call, body: ITSELF, shape: all, axes: [0], read: 1 },
    [
      relaid(partial, all, rowMajor(all)),
      ...inputs.slice(read).map(raised),
    ],
    [raised(output)],
  );
}

/** The same view with an axis of extent 1 in front. */
function raised(view: GpuView): GpuView {
  return relaid(view, [1, ...view.shape], [0, ...view.strides]);
}

/** Whether elements that are brought together lie closer than those that are not. */
function isAlong(inputs: readonly GpuView[], kept: readonly number[], axes: readonly number[]): boolean {
  const closest = (view: GpuView, among: readonly number[]) =>
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

function launch(
  context: KernelContext,
  call: GeneralReduction,
  inputs: readonly GpuView[],
  output: GpuView,
  team: Team,
  kept: readonly number[],
  read: number,
): void {
  const { op, body, post, compute, scalars, shape, axes } = call;
  const operands = new Operands(inputs, [output]);
  const key =
    `reduce${op},${body.id},${post?.id},${compute},${shape}/${axes},${read},${team.splits}${operands.key}`;
  const plan = context.plan(key, () => compile(context, call, operands, team, kept, read));
  const words = wordsOf(operands, 0, [], post ? [body, post] : [body], scalars, compute);
  context.dispatch(plan.shader, operands, words, plan.groups);
}

function compile(
  context: KernelContext,
  { op, body, post, compute, shape, axes }: GeneralReduction,
  operands: Operands,
  team: Team,
  kept: readonly number[],
  read: number,
): Plan {
  const kind = kindOf(compute), text = new ShaderText(context.traits, operands);
  const strides = operands.views.map((v) => v.strides);
  const plain = body.usesCoordinate || (post?.usesCoordinate ?? false);
  const join = (space: Space): Space => plain ? space : coalesce(space);
  const outer = join(pick({ extents: shape, strides }, kept));
  const inner = join(pick({ extents: shape, strides: strides.slice(0, read) }, axes));
  const lines = count(outer), length = count(inner);
  const calculate = text.body("calculate", body, compute);
  const combine = text.body("combine", COMBINE[op], compute);
  const finish = post && text.body("finish", post, compute);
  const position = (axis: number): string => {
    const at = axes.indexOf(axis);
    return at < 0 ? `q${kept.indexOf(axis)}` : `p${at}`;
  };
  const value = calculate.call(
    (t) => `${text.load(t, kind)}(base${t} + ${offsetOf(inner.strides[t]!, "p")})`,
    position,
  );
  const output = operands.inputs, store = text.store(output, kind);
  const split = team.splits > 1 ? ` + group.z * ${lines}u` : "";
  // Along the axes that are gone, a result is at position 0.
  const result = finish
    ? finish.call(
      (i) =>
        i === 0 ? "a0" : `${text.load(read + i - 1, kind)}(${offsetOf(outer.strides[read + i - 1]!, "q")})`,
      (axis) => axes.includes(axis) ? "0u" : position(axis),
    )
    : "a0";
  const main = teamMain(text, team, {
    lines,
    length,
    setup: [
      ...positions(outer, "row", "q"),
      ...calculate.inputs.map((t) => `let base${t} = ${offsetOf(outer.strides[t]!, "q")};`),
    ],
    rounds: [{
      states: [{ type: kind === "f" ? "f32" : "i32", identity: identityOf(op, kind) }],
      step: [...positions(inner, "k", "p"), `a0 = ${combine.call((i) => i === 0 ? "a0" : value)};`],
      merge: [`a0 = ${combine.call((i) => i === 0 ? "a0" : "b0")};`],
    }],
    done: [`${store}(${offsetOf(outer.strides[output]!, "q")}${split}, ${result});`],
  });
  return {
    shader: context.compile(text.finish("reduce", main)),
    groups: teamGroups(team, lines),
    splits: team.splits,
  };
}
