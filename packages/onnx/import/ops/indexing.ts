/** Elements by their positions. */
import * as core from "@troodon/core";
import { isFloating, type ScatterReduction, type Tensor } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import type { Call } from "../call.ts";
import type { Operators } from "../operator.ts";

/** Positions along an axis of `extent`, those below 0 counted from its end. */
function counted(index: Tensor, extent: number): Tensor {
  return core.where(index.lt(0), index.add(extent), index);
}

/** Positions that are an input; known ones are looked at on the host. */
function positions(call: Call, i: number, extent: number): Tensor {
  const value = call.inputs[i];
  if (!value?.isKnown) return counted(call.input(i), extent);
  return call.numbers(i)!.every((at) => at >= 0) ? call.input(i) : counted(call.input(i), extent);
}

function axisOf(call: Call, x: Tensor): number {
  const axis = call.attributes.int("axis", 0);
  return axis < 0 ? axis + x.ndim : axis;
}

function gather(call: Call): Tensor {
  const x = call.input(0), axis = axisOf(call, x), extent = x.shape[axis];
  if (extent === undefined) call.refuse(`axis ${axis} must be one of ${x.ndim}`);
  const known = call.inputs[1]?.isKnown ? call.numbers(1) : undefined, index = call.input(1);
  // A position that is known needs no kernel.
  if (known?.length === 1 && index.ndim === 0) {
    const at = known[0]! < 0 ? known[0]! + extent : known[0]!;
    if (at >= 0 && at < extent) return x.select(axis, at);
  }
  const shape = [...x.shape.slice(0, axis), ...index.shape, ...x.shape.slice(axis + 1)];
  return x.indexSelect(axis, positions(call, 1, extent).reshape([-1])).reshape(shape);
}

function gatherElements(call: Call): Tensor {
  const x = call.input(0), axis = axisOf(call, x);
  return core.gather(x, axis, positions(call, 1, x.shape[axis]!));
}

/** The positions, counted over all elements of the first axes, that rows of coordinates name. */
function flatPositions(index: Tensor, extents: readonly number[]): Tensor {
  return extents.reduce<Tensor | undefined>((at, extent, axis) => {
    const part = counted(index.select(-1, axis), extent);
    return at === undefined ? part : at.mul(extent).add(part);
  }, undefined) ?? core.zeros(index.shape.slice(0, -1), { dtype: "int64", device: index.device });
}

function gatherNd(call: Call): Tensor {
  const x = call.input(0), index = call.input(1), batch = call.attributes.int("batch_dims", 0);
  const depth = index.shape.at(-1)!, shared = x.shape.slice(0, batch), count = sizeOf(shared);
  const within = x.shape.slice(batch, batch + depth), rest = x.shape.slice(batch + depth);
  if (batch + depth > x.ndim) call.refuse(`indices name ${batch + depth} axes of ${x.ndim}`);
  const places = index.shape.slice(batch, -1);
  let at = flatPositions(index, within).reshape([count, sizeOf(places)]);
  if (batch > 0) {
    at = at.add(
      core.arange(0, count, 1, { dtype: "int64", device: x.device }).mul(sizeOf(within)).unsqueeze(1),
    );
  }
  const rows = x.reshape([count * sizeOf(within), ...rest]);
  return rows.indexSelect(0, at.reshape([-1])).reshape([...shared, ...places, ...rest]);
}

const REDUCTIONS: Readonly<Record<string, ScatterReduction>> = {
  add: "sum",
  mul: "prod",
  max: "amax",
  min: "amin",
};

function scattered(call: Call, x: Tensor, axis: number, index: Tensor, updates: Tensor): Tensor {
  const reduction = call.attributes.text("reduction", "none");
  if (reduction === "none") return core.scatter(x, axis, index, updates);
  const kind = REDUCTIONS[reduction] ?? call.refuse(`there is no reduction ${reduction}`);
  return core.scatterReduce(x, axis, index, updates, kind);
}

function scatterElements(call: Call): Tensor {
  const x = call.input(0), axis = axisOf(call, x);
  return scattered(call, x, axis, positions(call, 1, x.shape[axis]!), call.input(2));
}

function scatterNd(call: Call): Tensor {
  const x = call.input(0), index = call.input(1), updates = call.input(2), depth = index.shape.at(-1)!;
  const within = x.shape.slice(0, depth),
    inner = sizeOf(x.shape.slice(depth)),
    places = sizeOf(index.shape.slice(0, -1));
  const at = flatPositions(index, within).reshape([places, 1]).expand([places, inner]);
  const rows = x.reshape([sizeOf(within), inner]);
  return scattered(call, rows, 0, at.contiguous(), updates.reshape([places, inner])).reshape(x.shape);
}

/** 1 at positions and 0 elsewhere, or other values, along a new axis. */
function oneHot(call: Call): Tensor {
  const index = call.input(0),
    depth = call.number(1) ?? call.refuse("it needs a depth"),
    values = call.input(2);
  const axis = call.attributes.int("axis", -1), at = axis < 0 ? axis + index.ndim + 1 : axis;
  const whole = counted(isFloating(index.dtype) ? index.to("int64") : index, depth).unsqueeze(at);
  const along = core.arange(0, depth, 1, { dtype: "int64", device: index.device });
  const shape = Array.from({ length: index.ndim + 1 }, (_, i) => i === at ? depth : 1);
  return core.where(whole.eq(along.reshape(shape)), values.select(0, 1), values.select(0, 0));
}

function compress(call: Call): Tensor {
  const x = call.input(0), axis = call.attributes.int("axis"), condition = call.numbers(1) ?? [];
  const at = condition.flatMap((chosen, i) => chosen === 0 ? [] : [i]);
  const index = core.tensor(at, { dtype: "int64", device: x.device });
  return axis === undefined ? x.reshape([-1]).indexSelect(0, index) : x.indexSelect(axis, index);
}

/** A cache with an update at a place of an axis, which is another one for each sample. */
function tensorScatter(call: Call): Tensor {
  const x = call.input(0), update = call.input(1), { attributes } = call, given = attributes.int("axis", -2);
  const axis = given < 0 ? given + x.ndim : given, extent = x.shape[axis]!, length = update.shape[axis]!;
  const starts = call.optional(2) ?? core.zeros([x.shape[0]!], { dtype: "int64", device: x.device });
  const steps = core.arange(0, length, 1, { dtype: "int64", device: x.device });
  const along = (t: Tensor, at: number): Tensor => t.reshape(x.shape.map((_, i) => i === at ? -1 : 1));
  const places = along(starts, 0).add(along(steps, axis));
  const index = attributes.text("mode", "linear") === "circular" ? core.remainder(places, extent) : places;
  return core.scatter(x, axis, index.expand(update.shape).contiguous(), update);
}

/** The different elements, sorted or in the order in which they come first. */
function unique(call: Call): Tensor[] {
  const x = call.input(0), { attributes } = call, given = attributes.int("axis");
  const axis = given === undefined ? 0 : given < 0 ? given + x.ndim : given;
  const parts = given === undefined ? x.reshape([-1]) : x;
  const { values, inverse, counts } = core.unique(parts, {
    ...(given === undefined ? {} : { dim: axis }),
    returnInverse: true,
    returnCounts: true,
  });
  const order = Array.from(inverse.dataSync()), groups = counts.numel();
  const first = Array.from({ length: groups }, (_, group) => order.indexOf(group));
  const place = (list: readonly number[]): Tensor =>
    core.tensor([...list], { dtype: "int64", device: x.device });
  if (attributes.flag("sorted", true)) return [values, place(first), inverse.reshape([-1]), counts];
  const byFirst = first.map((_, group) => group).sort((a, b) => first[a]! - first[b]!);
  const rank = byFirst.map((_, group) => byFirst.indexOf(group)), picked = place(byFirst);
  return [
    values.indexSelect(axis, picked),
    place(byFirst.map((group) => first[group]!)),
    place(order.map((group) => rank[group]!)),
    counts.indexSelect(0, picked),
  ];
}

/** Elements by their positions. */
export const INDEXING: Operators = {
  Compress: { run: compress, known: [1] },
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  NonZero: (call) => {
    const x = call.input(0);
    return core.nonzero(x.ndim === 0 ? x.reshape([1]) : x).t();
  },
  OneHot: { run: oneHot, known: [1] },
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  TensorScatter: tensorScatter,
  Unique: unique,
};
