/** Sums, products and extrema over axes. */
import type { DType, ReduceCall } from "@troodon/core";
import { bytesOf, coalesce, pickAxes, sizeOf, sizeOfSpace, type Space } from "@troodon/core/kernel";
import type { Kernel } from "../../kernel.ts";
import { atLeastOne, byDistance, cut } from "../../lower/cut.ts";
import { canBeWide } from "../../lower/halves.ts";
import { indicesOf, keyOf, laneOf } from "../../lower/leaves.ts";
import { Parameters } from "../../lower/parameters.ts";
import type { PlanView } from "../../plan/plan.ts";
import { planned } from "../../plan/planned_kernel.ts";
import type { Planner } from "../../plan/planner.ts";
import { call as runs } from "../../threads/task.ts";
import type { WasmFunction } from "../../targets/wasm/wasm_function.ts";
import { elementDuration } from "../map/duration.ts";
import { emitReduce } from "./reduce_code.ts";
import { blockedBytes } from "./reduce_columns.ts";
import { combineParts, partLayout } from "./reduce_parts.ts";
import type { ReduceSpec } from "./reduction.ts";

/** The code of a reduction, and the parts that it is cut into. */
interface ReduceCode {
  readonly run: WasmFunction;
  readonly layout: Parameters;
  /** Loops, with strides in bytes, and how many bytes each operand has moved where they begin; none if there is nothing to write. */
  readonly parts: readonly { readonly space: Space; readonly shifts: readonly number[] }[];
  /** Bytes of temporary memory for each. */
  readonly temporary: number;
  readonly nanoseconds: number;
}

/** A view without its place. */
type Layout = Omit<PlanView, "address">;

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

/** Runs a {@linkcode ReduceCall}. */
export const reduce: Kernel<ReduceCall> = planned({
  key(key, { op, body, post, compute, shape, axes }, inputs, outputs) {
    key.add(OPS.indexOf(op)).add(body.id).add(post?.id ?? -1).type(compute);
    key.list(shape).list(axes).layouts(inputs).layouts(outputs);
  },
  plan: planReduce,
  numbers: (call) => call,
});

/** Plans a call: whole results for each part or, where results are few and long, a share of all of them. */
function planReduce(
  planner: Planner,
  call: ReduceCall,
  inputs: readonly PlanView[],
  [output]: readonly PlanView[],
): void {
  const whole = codeOf(planner, call, inputs, output!, false), results = sizeOf(output!.shape);
  const enough = Math.min(ENOUGH, planner.cuts(whole.nanoseconds));
  if (results > 0 && results <= FEW && whole.parts.length < enough) {
    const { post: _, ...own } = call;
    const shared = codeOf(planner, own, inputs, partLayout(call, output!), true), { length } = shared.parts;
    if (length > whole.parts.length) {
      const { dtype, shape } = partLayout(call, output!),
        parts = planner.temporary([length, ...shape], dtype);
      runParts(planner, own, shared, inputs, parts);
      return combineParts(planner, call, parts, output!);
    }
  }
  if (whole.parts.length > 0) runParts(planner, call, whole, inputs, output!);
}

function runParts(
  planner: Planner,
  { body, post }: ReduceCall,
  { run, layout, parts, temporary, nanoseconds }: ReduceCode,
  inputs: readonly PlanView[],
  output: PlanView,
): void {
  const views = [...inputs, output], bodies = post ? [body, post] : [body];
  const tasks = parts.map(({ space, shifts }) => {
    const operands = shifts.map((shift, t) => views[t]?.address.plus(shift) ?? shift);
    const block = planner.block({ layout, space, operands, bodies });
    return [runs(run, block, temporary > 0 ? planner.scratch(temporary) : 0)];
  });
  planner.run(tasks, nanoseconds);
}

function codeOf(
  planner: Planner,
  { op, body, post, compute, shape, axes }: ReduceCall,
  inputs: readonly PlanView[],
  output: Layout,
  shared: boolean,
): ReduceCode {
  const reduced = new Set(axes);
  const kept = shape.map((_, a) => a).filter((a) => !reduced.has(a));
  const positions = indicesOf(body.program).axes.map((axis) => shape.map((_, a) => Number(a === axis)));
  const written = output.strides.map((s, a) => reduced.has(a) ? 0 : s);
  const given: Space = { extents: shape, strides: [...inputs.map((v) => v.strides), written, ...positions] };
  const ordered = byDistance({ extents: shape, strides: [written, ...given.strides] });
  const outer = atLeastOne(coalesce(pickAxes(given, ordered.filter((a) => !reduced.has(a)))));
  const inside = byDistance(given).filter((a) => reduced.has(a));
  const inner = atLeastOne(coalesce(pickAxes(given, inside)));
  const columns = prefersColumns(outer, inner, inputs.length);
  const dtypes: DType[] = [
    ...inputs.map((v) => v.dtype),
    output.dtype,
    ...positions.map((): DType => "uint8"),
  ];
  const width = outer.extents.at(-1)!;
  const blocked = columns && width >= MANY && inner.extents.at(-1)! >= MANY;
  const vector = columns ? outer : inner;
  const layout = new Parameters(
    dtypes.length,
    outer.extents.length + inner.extents.length,
    body.hostScalarCount + (post?.hostScalarCount ?? 0),
  );
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
    layout,
  };
  const nanoseconds = sizeOf(shape) * elementDuration([body], inputs.length);
  if (kept.some((a) => shape[a] === 0)) return { run: () => 0, layout, parts: [], temporary: 0, nanoseconds };
  const key = `reduce/${op}/${body.key}/${post?.key}/${keyOf(compute, spec.operands)}${inputs.length}/` +
    `${blocked ? "blocks" : columns ? "columns" : "rows"}/${spec.outer}/${spec.inner}/${spec.wide}`;
  const wide = canBeWide(compute, dtypes);
  const { run } = planner.instance(key, (module) => emitReduce(module, spec), { wide });
  const bytes = dtypes.map(bytesOf);
  // Rows of narrow columns would be read in many short pieces.
  const most = blocked && !shared ? Math.ceil(width / WIDE) : Infinity;
  const cutSpace = shared ? inner : outer, results = shared ? sizeOf(output.shape) : 0;
  const cuts = cut(cutSpace, cutSpace.extents.length, Math.min(most, planner.cuts(nanoseconds)));
  const parts = cuts.map(({ space, offsets }, i) => {
    const [first, second] = shared ? [outer, space] : [space, inner];
    const strides = dtypes.map((_, t) =>
      [...first.strides[t]!, ...second.strides[t]!].map((n) => n * bytes[t]!)
    );
    const moved = offsets.with(inputs.length, offsets[inputs.length]! + i * results);
    return {
      space: { extents: [...first.extents, ...second.extents], strides },
      shifts: moved.map((n, t) => n * bytes[t]!),
    };
  });
  return { run: run!, layout, parts, temporary: blocked ? blockedBytes(width) : 0, nanoseconds };
}

/** Whether neighbors in memory belong to different results, so that a vector holds several of them. */
function prefersColumns(outer: Space, inner: Space, inputs: number): boolean {
  const width = outer.extents.at(-1)!;
  if (width < 2) return false;
  const length = sizeOfSpace(inner);
  if (length <= SHORT) return width >= 4;
  // Operands that repeat over some axes are small, and are reread from the cache.
  const whole = (t: number): boolean =>
    [outer, inner].every((space) => space.strides[t]!.every((n, a) => n !== 0 || space.extents[a] === 1));
  const dense = (space: Space): number =>
    space.strides.slice(0, inputs).reduce((n, s, t) => n + (s.at(-1) !== 1 ? 0 : whole(t) ? inputs : 1), 0);
  return dense(outer) > dense(inner) || (dense(outer) === dense(inner) && inner.extents.at(-1)! < 4);
}
