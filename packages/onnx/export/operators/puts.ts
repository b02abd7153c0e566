/** Changes of parts of tensors: the whole with the part in its place. */
import type { ViewOp } from "@troodon/core/kernel";
import { int, text } from "../graph/attributes.ts";
import type { Name } from "../graph/builder.ts";
import type { Dim } from "../graph/dim.ts";
import type { JointValue } from "../graph/join.ts";
import { missing } from "./families.ts";
import { type Context, fixedShape, openDims, outputDims, type Translation } from "./translation.ts";
import { positionsOf } from "./views.ts";

interface PartParams {
  readonly parts:
    readonly ({ readonly start: number; readonly step: number; readonly count: number | null } | null)[];
}

/** The number that all elements of a value are; null if there is none. */
function fillOf({ callOf }: Context, value: JointValue): number | null {
  const call = callOf(value);
  if (call === undefined || !["fill_", "full"].includes(call.name)) return null;
  return (call.firstParams as { scalars: readonly number[] }).scalars[0]!;
}

/** Margins around the part: in front of every axis, then behind. */
function margins({ call }: Context): Dim[] {
  const of = (side: "before" | "after"): Dim[] =>
    call.inputs[0]!.first.spec.shape.map((_, axis) =>
      call.number((c) => {
        const { parts } = (c.action as { params: PartParams }).params, part = parts[axis];
        const extent = call.inputs[0]!.shapes[call.calls.indexOf(c)]![axis]!;
        if (!part) return 0;
        return side === "before" ? part.start : extent - part.start - (part.count ?? 1);
      })
    );
  return [...of("before"), ...of("after")];
}

const slice: Translation = (context) => {
  const { call, graph, inputs } = context, { parts } = call.firstParams as PartParams;
  if (parts.some((part) => part !== null && part.step !== 1)) return anywhere(context);
  const single = parts.flatMap((part, axis) => part?.count === null ? [axis] : []);
  const part = single.length === 0 ? inputs[1]! : graph.node("Unsqueeze", [inputs[1]!, graph.ints(single)]);
  const around = graph.shape(margins(context)),
    { dtype } = call.output,
    fill = fillOf(context, call.inputs[0]!);
  const padded = (x: Name, value: Name) => graph.node("Pad", [x, around, value], { mode: text("constant") });
  if (fill !== null) return padded(part, graph.scalar(fill, dtype));
  const ones = graph.node("Expand", [graph.scalar(1, "int32"), graph.node("Shape", [part])]);
  const inside = graph.cast(padded(ones, graph.scalar(0, "int32")), "int32", "bool");
  return graph.node("Where", [inside, padded(part, graph.scalar(0, dtype)), inputs[0]!]);
};

const reshape: Translation = (context) => context.graph.reshape(context.inputs[1]!, openDims(context));

const permute: Translation = ({ call, graph, inputs }) => {
  const { axes } = call.params as { axes: readonly number[] }, inverse: number[] = [];
  axes.forEach((axis, i) => inverse[axis] = i);
  return graph.transpose(inputs[1]!, inverse);
};

/** A diagonal, whose axis is the last one of the part. */
const diagonal: Translation = (context) => {
  const { call, graph, inputs } = context, whole = call.inputs[0]!;
  const { offset, rows, columns } = call.params as Record<"offset" | "rows" | "columns", number>;
  const others = Array.from({ length: whole.rank }, (_, i) => i).filter((i) => i !== rows && i !== columns);
  const width = whole.fixedExtent(columns, call.place), height = whole.fixedExtent(rows, call.place);
  const order = [...others, rows, columns], inverse: number[] = [];
  order.forEach((axis, i) => inverse[axis] = i);
  const dims = outputDims(context), last = others.length, count = call.inputs[1]!.first.spec.shape[last]!;
  const flat = graph.reshape(graph.transpose(inputs[0]!, order), [
    ...others.map((i) => dims[i]!),
    height * width,
  ]);
  const first = offset < 0 ? -offset * width : offset;
  const places = graph.list(Array.from({ length: count }, (_, i) => first + i * (width + 1)), "int64");
  const index = graph.node("Expand", [places, graph.node("Shape", [inputs[1]!])]);
  const changed = graph.node("ScatterElements", [flat, index, inputs[1]!], { axis: int(last) });
  return graph.transpose(graph.reshape(changed, order.map((i) => dims[i]!)), inverse);
};

/** A part that any view shows of a tensor of fixed shape, each element once. */
const anywhere: Translation = (context) => {
  const { call, graph, inputs } = context, { op, params } = call.action as { op: ViewOp; params: unknown };
  const shape = fixedShape(call, call.output), places = positionsOf(op, shape, params, call.output.dtype);
  const [flat, part] = inputs.map((x) => graph.reshape(x, [-1])) as [Name, Name];
  const changed = graph.node("ScatterElements", [flat, graph.list(places, "int64"), part], { axis: int(0) });
  return graph.reshape(changed, outputDims(context));
};

const PUTS: Readonly<Record<string, Translation>> = {
  slice,
  select: slice,
  reshape,
  permute,
  transpose: permute,
  diagonal,
  asStrided: anywhere,
  unfold: anywhere,
};

/** The nodes of a change of a part. */
export const changed: Translation = (context) => {
  const { name, place } = context.call;
  if (!Object.hasOwn(PUTS, name)) throw missing(place, `changes in place of what ${name} shows`);
  return PUTS[name]!(context);
};
