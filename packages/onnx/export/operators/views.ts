/** Views as nodes. */
import { contiguousLayout, type ViewOp } from "@troodon/core/kernel";
import { int } from "../graph/attributes.ts";
import type { Name } from "../graph/builder.ts";
import type { Dim } from "../graph/dim.ts";
import { missing } from "./families.ts";
import { rowwise } from "./rowwise.ts";
import {
  type Context,
  extentAlong,
  fixedShape,
  openDims,
  sameShapes,
  type Translation,
} from "./translation.ts";

/** The arguments of slices; see `core/ops/shape/axis_part.ts`. */
interface PartParams {
  readonly parts:
    readonly ({ readonly start: number; readonly step: number; readonly count: number | null } | null)[];
}

const LAST = 2 ** 31 - 1;

const reshape: Translation = (context) => {
  const { call, graph, inputs } = context;
  if (sameShapes(call.inputs[0]!, call.output)) return inputs[0]!;
  return rowwise(context) ?? graph.reshape(inputs[0]!, openDims(context));
};

const permute: Translation = ({ call, graph, inputs }) =>
  graph.transpose(inputs[0]!, (call.params as { axes: readonly number[] }).axes);

const expand: Translation = (context) => {
  const { call, graph, inputs } = context, [x] = call.inputs;
  if (sameShapes(x!, call.output)) return inputs[0]!;
  return graph.node("Expand", [inputs[0]!, graph.shape(expanding(context))]);
};

/** The extents to repeat over: 1, which changes nothing, where the input has them already. */
function expanding(context: Context): Dim[] {
  const { call } = context, x = call.inputs[0]!, y = call.output, lead = y.rank - x.rank;
  return y.first.spec.shape.map((_, axis) => {
    const own = axis >= lead && x.shapes.every((shape, run) => shape[axis - lead] === y.shapes[run]![axis]);
    return own ? 1 : extentAlong(context, y, axis);
  });
}

/** A part of one axis in all runs. */
interface Part {
  readonly axis: number;
  readonly start: Dim;
  readonly end: Dim;
  readonly step: number;
  /** True for one position, which removes the axis. */
  readonly single: boolean;
}

/** The parts that a slicing call takes, axes that it takes as they are left out. */
export function partsOf({ call }: Context, axes: number): Part[] {
  const runs = call.inputs[0]!.shapes.map((_, run) =>
    (call.calls[run]!.action as { params: PartParams }).params
  );
  if (
    runs.some(({ parts }) => parts.some((part, axis) => (part === null) !== (runs[0]!.parts[axis] === null)))
  ) {
    throw new RangeError(
      `Cannot export ${call.place} as it must slice the same axes whatever the extents of dynamic axes are`,
    );
  }
  const params = (index: number) => (call.calls[index]!.action as { params: PartParams }).params;
  return params(0).parts.flatMap((part, axis) => {
    if (part === null || axis >= axes) return [];
    const of = (select: (part: NonNullable<PartParams["parts"][number]>, extent: number) => number): Dim =>
      call.number((c) => {
        const run = call.calls.indexOf(c);
        return select(params(run).parts[axis]!, call.inputs[0]!.shapes[run]![axis]!);
      });
    const { step } = part, single = part.count === null;
    const whole = call.inputs[0]!.shapes.every((shape, run) => {
      const { start, count } = params(run).parts[axis]!;
      return start === 0 && step === 1 && count === shape[axis];
    });
    if (whole) return [];
    const reaches = call.inputs[0]!.shapes.every((shape, run) => {
      const { start, count } = params(run).parts[axis]!;
      return step > 0 && start + step * (count ?? 1) >= shape[axis]!;
    });
    const end = reaches ? LAST : of(({ start, count }) => start + step * (count ?? 1));
    // Backwards to the first position: the end before it would count from the other end.
    return [{ axis, start: of(({ start }) => start), end: end === -1 ? -LAST : end, step, single }];
  });
}

const slice: Translation = (context) => {
  const { call, graph } = context, parts = partsOf(context, call.inputs[0]!.rank);
  const ranges = parts.filter(({ single }) => !single);
  let x: Name = context.inputs[0]!;
  if (ranges.length > 0) {
    x = graph.node("Slice", [
      x,
      graph.shape(ranges.map(({ start }) => start)),
      graph.shape(ranges.map(({ end }) => end)),
      graph.ints(ranges.map(({ axis }) => axis)),
      graph.ints(ranges.map(({ step }) => step)),
    ]);
  }
  for (const { axis, start } of parts.filter(({ single }) => single).toReversed()) {
    x = graph.node("Gather", [x, graph.number(start, "int64")], { axis: int(axis) });
  }
  return x;
};

/** Windows along an axis, their elements behind all axes. */
const unfold: Translation = ({ call, graph, inputs }) => {
  const { axis, size, step, dilation } = call.params as Record<"axis" | "size" | "step" | "dilation", number>;
  const count = call.output.fixedExtent(axis, call.place), rank = call.inputs[0]!.rank;
  const places = Array.from(
    { length: count * size },
    (_, i) => Math.floor(i / size) * step + (i % size) * dilation,
  );
  const windows = graph.node("Gather", [inputs[0]!, graph.list(places, "int64", [count, size])], {
    axis: int(axis),
  });
  const order = Array.from({ length: rank + 1 }, (_, i) => i).toSpliced(axis + 1, 1);
  return graph.transpose(windows, [...order, axis + 1]);
};

const diagonal: Translation = (context) => {
  const { call, graph, inputs } = context, x = call.inputs[0]!;
  const { offset, rows, columns } = call.params as Record<"offset" | "rows" | "columns", number>;
  const others = Array.from({ length: x.rank }, (_, i) => i).filter((i) => i !== rows && i !== columns);
  const width = x.fixedExtent(columns, call.place), height = x.fixedExtent(rows, call.place);
  const turned = graph.transpose(inputs[0]!, [...others, rows, columns]),
    count = call.output.first.spec.shape.at(-1)!;
  const flat = graph.reshape(turned, [...openDims(context).slice(0, -1), height * width]);
  const first = offset < 0 ? -offset * width : offset;
  const places = graph.list(Array.from({ length: count }, (_, i) => first + i * (width + 1)), "int64");
  return graph.node("Gather", [flat, places], { axis: int(others.length) });
};

/** The row-major positions of the elements that a view of a contiguous tensor shows. */
export function positionsOf(
  op: ViewOp,
  shape: readonly number[],
  params: unknown,
  dtype: Context["call"]["output"]["dtype"],
): number[] {
  const look = op.view({ ...contiguousLayout(shape), dtype }, params);
  let places = [look.offset];
  look.shape.forEach((n, axis) => {
    places = places.flatMap((place) => Array.from({ length: n }, (_, i) => place + i * look.strides[axis]!));
  });
  return places;
}

/** Any view of a tensor of fixed shape. */
const asStrided: Translation = (context) => {
  const { call, graph, inputs } = context, { op, params } = call.action as { op: ViewOp; params: unknown };
  const shape = fixedShape(call, call.inputs[0]!), places = positionsOf(op, shape, params, call.output.dtype);
  const flat = graph.reshape(inputs[0]!, [-1]);
  return graph.node("Gather", [flat, graph.list(places, "int64", fixedShape(call, call.output))], {
    axis: int(0),
  });
};

const VIEWS: Readonly<Record<string, Translation>> = {
  reshape,
  permute,
  transpose: permute,
  expand,
  slice,
  select: slice,
  unfold,
  diagonal,
  asStrided,
};

/** The nodes of a view. */
export const viewed: Translation = (context) => {
  const { name, place } = context.call;
  if (!Object.hasOwn(VIEWS, name)) throw missing(place, `the view ${name}`);
  return VIEWS[name]!(context);
};
