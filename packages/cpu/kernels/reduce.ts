/** Sums, products and extrema over axes. */
import { bytesOf, type DType, type ReduceCall, sizeOf } from "@troodon/core";
import type { CpuView, Kernel, KernelContext, WasmFunction } from "../kernel.ts";
import { indicesOf, keyOf, laneOf } from "../lower/leaves.ts";
import { atLeastOne, Block, byDistance, coalesce, cut, Parameters, pick, type Space } from "../lower/nest.ts";
import { call as threadCall } from "../threads/task.ts";
import { elementDuration } from "./duration.ts";
import { PlanCache } from "./plan_cache.ts";
import { emitReduce, type ReduceSpec } from "./reduce_code.ts";
import { blockedBytes } from "./reduce_columns.ts";
import { bringTogether, partOf, partsOf } from "./reduce_parts.ts";

interface ReducePlan {
  readonly run: WasmFunction;
  /** For each part of the results; none if there is nothing to write. */
  readonly blocks: readonly Block[];
  /** Bytes of temporary memory for each. */
  readonly temporary: number;
  readonly nanoseconds: number;
  /** How many results each block brings together a part of; 0 if each has results of its own. */
  readonly shared: number;
}

/** So many results at most are brought together by several threads. */
const FEW = 256;

/** Fewer parts of results than this leave threads without work. */
const ENOUGH = 4;

/** Rows up to this length are reduced several at a time, although their elements lie apart then. */
const SHORT = 8;

/** From so many columns and rows on, rows are far apart and columns long. */
const MANY = 64;

/** Columns of a part that are worth it, where rows lie far apart. */
const WIDE = 256;

/** Numbers of what reductions there are. */
const OPS: readonly ReduceCall["op"][] = ["sum", "prod", "max", "min"];

const cache = new PlanCache<ReducePlan>((context, { blocks }) =>
  blocks.forEach((block) => block.release(context))
);

/** Runs a {@linkcode ReduceCall}. */
export const reduce: Kernel<ReduceCall> = (context, call, inputs, outputs) => {
  const { body, post, compute, shape } = call;
  const numbers = [OPS.indexOf(call.op), post?.id ?? -1, shape.length];
  for (let i = 0; i < shape.length; i++) numbers.push(shape[i]!);
  for (let i = 0; i < call.axes.length; i++) numbers.push(call.axes[i]!);
  const plan = cache.get(context, body.id, compute, numbers, inputs, outputs) ??
    cache.set(
      context,
      body.id,
      compute,
      numbers,
      inputs,
      outputs,
      planOf(context, call, inputs, outputs[0]!),
    );
  const { run, blocks, temporary, nanoseconds, shared } = plan, output = outputs[0]!;
  if (blocks.length === 0) return;
  const parts = shared > 0 ? partsOf(context, call, output, blocks.length) : undefined;
  const pointers: number[] = [];
  for (const view of inputs) pointers.push(view.buffer.pointer + view.offset * bytesOf(view.dtype));
  pointers.push(parts?.buffer.pointer ?? output.buffer.pointer + output.offset * bytesOf(output.dtype));
  const scalars = call.scalars.length === 0
    ? []
    : [...body.hostScalars(call.scalars), ...(shared === 0 && post?.hostScalars(call.scalars)) || []];
  const room = temporary > 0 ? blocks.map(() => context.scratch(temporary)) : [];
  const words = context.memory.i32;
  for (const block of blocks) {
    block.setScalars(context, scalars);
    block.at(words, pointers);
  }
  if (blocks.length === 1) run(blocks[0]!.address, room[0] ?? 0);
  else context.run(blocks.map(({ address }, i) => [threadCall(run, address, room[i] ?? 0)]), nanoseconds);
  if (parts) bringTogether(context, call, parts, output);
};

/** The plan of a call; where results are few and long, for parts of them. */
function planOf(
  context: KernelContext,
  call: ReduceCall,
  inputs: readonly CpuView[],
  output: CpuView,
): ReducePlan {
  const plan = planFor(context, call, inputs, output, false), results = sizeOf(output.shape);
  const enough = Math.min(ENOUGH, context.cuts(plan.nanoseconds));
  if (results === 0 || results > FEW || plan.blocks.length >= enough) return plan;
  const { post: _, ...own } = call;
  const parts = planFor(context, own, inputs, partOf(call, output), true);
  const [better, other] = parts.blocks.length > plan.blocks.length ? [parts, plan] : [plan, parts];
  for (const block of other.blocks) block.release(context);
  return better;
}

function planFor(
  context: KernelContext,
  { op, body, post, compute, shape, axes }: ReduceCall,
  inputs: readonly CpuView[],
  output: Omit<CpuView, "buffer">,
  shared: boolean,
): ReducePlan {
  const reduced = new Set(axes);
  const kept = shape.map((_, a) => a).filter((a) => !reduced.has(a));
  const nothing = { run: () => 0, blocks: [], temporary: 0, nanoseconds: 0, shared: 0 };
  if (kept.some((a) => shape[a] === 0)) return nothing;
  const positions = indicesOf(body.program).axes.map((axis) => shape.map((_, a) => Number(a === axis)));
  const written = output.strides.map((s, a) => reduced.has(a) ? 0 : s);
  const given: Space = { extents: shape, strides: [...inputs.map((v) => v.strides), written, ...positions] };
  const ordered = byDistance({ extents: shape, strides: [written, ...given.strides] });
  const outer = atLeastOne(coalesce(pick(given, ordered.filter((a) => !reduced.has(a)))));
  const inside = byDistance(given).filter((a) => reduced.has(a));
  const inner = atLeastOne(coalesce(pick(given, inside)));
  const columns = prefersColumns(outer, inner, inputs.length);
  const dtypes: DType[] = [
    ...inputs.map((v) => v.dtype),
    output.dtype,
    ...positions.map((): DType => "uint8"),
  ];
  const width = outer.extents.at(-1)!;
  const blocked = columns && width >= MANY && inner.extents.at(-1)! >= MANY;
  const vector = columns ? outer : inner;
  const spec: ReduceSpec = {
    op,
    body,
    post,
    compute,
    columns,
    blocked,
    wide: shared && output.dtype !== compute,
    inputs: inputs.length,
    operands: dtypes.map((dtype, t) => ({ dtype, lane: laneOf(vector.strides[t]!.at(-1)!) })),
    outer: outer.extents.length,
    inner: inner.extents.length,
    layout: new Parameters(
      dtypes.length,
      outer.extents.length + inner.extents.length,
      body.hostScalarCount + (post?.hostScalarCount ?? 0),
    ),
  };
  const key = `reduce/${op}/${body.key}/${post?.key}/${keyOf(compute, spec.operands)}${inputs.length}/` +
    `${blocked ? "blocks" : columns ? "columns" : "rows"}/${spec.outer}/${spec.inner}/${spec.wide}`;
  const { run } = context.instance(key, (module) => emitReduce(module, spec));
  const bytes = dtypes.map(bytesOf);
  const nanoseconds = sizeOf(shape) * elementDuration([body], inputs.length);
  // Rows of narrow columns would be read in many short pieces.
  const most = blocked && !shared ? Math.ceil(width / WIDE) : Infinity;
  const cutSpace = shared ? inner : outer, results = shared ? sizeOf(output.shape) : 0;
  const parts = cut(cutSpace, cutSpace.extents.length, Math.min(most, context.cuts(nanoseconds)));
  const blocks = parts.map(({ space, offsets }, i) => {
    const [first, second] = shared ? [outer, space] : [space, inner];
    const strides = dtypes.map((_, t) =>
      [...first.strides[t]!, ...second.strides[t]!].map((n) => n * bytes[t]!)
    );
    const extents = [...first.extents, ...second.extents];
    const moved = offsets.with(inputs.length, offsets[inputs.length]! + i * results);
    const block = new Block(context, spec.layout, { extents, strides }, moved.map((n, t) => n * bytes[t]!));
    block.at(context.memory.i32, dtypes.map(() => 0));
    return block;
  });
  return { run: run!, blocks, temporary: blocked ? blockedBytes(width) : 0, nanoseconds, shared: results };
}

/** Whether neighbours in memory belong to different results, so that a vector holds several of them. */
function prefersColumns(outer: Space, inner: Space, inputs: number): boolean {
  const width = outer.extents.at(-1)!;
  if (width < 2) return false;
  const length = inner.extents.reduce((n, e) => n * e, 1);
  if (length <= SHORT) return width >= 4;
  // Operands that repeat over some axes are small, and are reread from the cache.
  const whole = (t: number): boolean =>
    [outer, inner].every((space) => space.strides[t]!.every((n, a) => n !== 0 || space.extents[a] === 1));
  const dense = (space: Space): number =>
    space.strides.slice(0, inputs).reduce((n, s, t) => n + (s.at(-1) !== 1 ? 0 : whole(t) ? inputs : 1), 0);
  return dense(outer) > dense(inner) || (dense(outer) === dense(inner) && inner.extents.at(-1)! < 4);
}
