/** Shapes, and how elements are laid out in them. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import type { Call } from "../call.ts";
import type { Operators } from "../operator.ts";

/** Axes counted from the front. */
export function normalized(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => axis < 0 ? axis + rank : axis);
}

function reshape(call: Call): Tensor {
  const x = call.input(0), shape = call.ints("shape", 1) ?? call.refuse("it needs a shape");
  const allowZero = call.attributes.flag("allowzero");
  return x.reshape(shape.map((extent, axis) => extent === 0 && !allowZero ? x.shape[axis] ?? 0 : extent));
}

function transpose(call: Call): Tensor {
  const x = call.input(0), axes = x.shape.map((_, axis) => axis);
  return x.permute(call.attributes.ints("perm") ?? axes.reverse());
}

function squeeze(call: Call): Tensor {
  const x = call.input(0), given = call.ints("axes", 1);
  const axes = given && normalized(given, x.ndim);
  if (axes?.some((axis) => x.shape[axis] !== 1)) {
    call.refuse(`axes [${given}] must have extent 1: shape is [${x.shape}]`);
  }
  return x.reshape(x.shape.filter((extent, axis) => axes ? !axes.includes(axis) : extent !== 1));
}

function unsqueeze(call: Call): Tensor {
  const x = call.input(0), given = call.ints("axes", 1) ?? call.refuse("it needs axes");
  const rank = x.ndim + given.length, axes = normalized(given, rank), extents = x.shape.values();
  if (new Set(axes).size < axes.length || axes.some((axis) => !(axis >= 0 && axis < rank))) {
    call.refuse(`axes must be different ones of ${rank}: they are [${given}]`);
  }
  return x.reshape(
    Array.from({ length: rank }, (_, axis) => axes.includes(axis) ? 1 : extents.next().value!),
  );
}

function flatten(call: Call): Tensor {
  const x = call.input(0), axis = call.attributes.int("axis", 1);
  const rows = sizeOf(x.shape.slice(0, axis));
  return x.reshape([rows, sizeOf(x.shape.slice(axis < 0 ? axis + x.ndim : axis))]);
}

function concat(call: Call): Tensor {
  const all = call.all(), axis = call.attributes.int("axis", 1);
  return all.length === 1 ? all[0]! : core.cat(all, axis);
}

function split(call: Call): Tensor[] {
  const x = call.input(0), { attributes, wanted } = call, axis = attributes.int("axis", 0);
  const extent = x.shape.at(axis) ?? call.refuse(`axis ${axis} must be one of ${x.ndim}`);
  const parts = attributes.int("num_outputs", wanted.length), size = Math.ceil(extent / parts);
  const sizes = call.ints("split", 1) ??
    Array.from({ length: parts }, (_, i) => Math.max(0, Math.min(size, extent - i * size)));
  return core.split(x, sizes, axis);
}

/** A part of an axis as Python has it, with steps that may go backwards. */
function sliced(x: Tensor, axis: number, start: number, end: number, step: number): Tensor {
  const extent = x.shape[axis]!,
    clamp = (at: number, least: number, most: number): number =>
      Math.min(Math.max(at < 0 ? at + extent : at, least), most);
  if (step > 0) {
    const from = clamp(start, 0, extent), to = Math.max(clamp(end, 0, extent), from);
    return core.slice(x, axis, from, to, Math.min(step, Math.max(extent, 1)));
  }
  // ONNX begins at the first element where Python would take none.
  const from = clamp(start, 0, extent - 1), to = Math.min(clamp(end, -1, extent - 1), from);
  const turned = core.slice(x, axis, to + 1, from + 1).flip([axis]);
  return core.slice(turned, axis, 0, undefined, Math.min(-step, Math.max(extent, 1)));
}

function slice(call: Call): Tensor {
  const x = call.input(0);
  const starts = call.ints("starts", 1) ?? call.refuse("it needs starts");
  const ends = call.ints("ends", 2) ?? call.refuse("it needs ends");
  const axes = normalized(call.ints("axes", 3) ?? starts.map((_, i) => i), x.ndim), steps = call.numbers(4);
  if (
    ends.length !== starts.length || axes.length !== starts.length ||
    (steps?.length ?? axes.length) !== axes.length
  ) {
    call.refuse("starts, ends, axes and steps must be equally many");
  }
  if (axes.some((axis) => !(axis >= 0 && axis < x.ndim))) {
    call.refuse(`axes must be of ${x.ndim}: they are [${axes}]`);
  }
  if (steps?.includes(0)) call.refuse("steps must not be 0");
  return axes.reduce((y, axis, i) => sliced(y, axis, starts[i]!, ends[i]!, steps?.[i] ?? 1), x);
}

function expand(call: Call): Tensor {
  const shape = call.numbers(1) ?? call.refuse("it needs a shape");
  const wanted = core.broadcastShapes(call.inputs[0]?.tensor.shape ?? [], shape);
  call.grow(sizeOf(wanted));
  return call.input(0).expand([...wanted]);
}

function tile(call: Call): Tensor {
  const times = call.opset < 6
    ? call.refuse("before version 6 its inputs mean something else")
    : call.numbers(1) ?? call.refuse("it needs repeats");
  call.grow((call.inputs[0]?.tensor.numel() ?? 0) * sizeOf(times));
  return core.repeat(call.input(0), times);
}

const PAD_MODES = { constant: "constant", reflect: "reflect", edge: "replicate", wrap: "circular" } as const;

function pad(call: Call): Tensor {
  const x = call.input(0), { attributes } = call, mode = attributes.text("mode", "constant");
  const pads = attributes.ints("pads") ?? attributes.ints("paddings") ?? call.numbers(1) ??
    call.refuse("it needs pads");
  const axes = normalized(call.numbers(3) ?? x.shape.map((_, axis) => axis), x.ndim), { length } = axes;
  const padding = Array.from({ length: 2 * x.ndim }, (_, i) => {
    const axis = axes.indexOf(x.ndim - 1 - (i >> 1));
    return axis < 0
      ? 0
      : pads[axis + (i % 2) * length] ?? call.refuse(`pads must be ${2 * length}: there are ${pads.length}`);
  });
  if (!Object.hasOwn(PAD_MODES, mode)) call.refuse(`there is no mode ${mode}`);
  const value = attributes.float("value") ?? call.number(2) ?? 0;
  return core.pad(x, padding, { mode: PAD_MODES[mode as keyof typeof PAD_MODES], value });
}

function shape(call: Call): Tensor {
  const { shape } = (call.inputs[0] ?? call.refuse("it needs an input")).tensor, { attributes } = call;
  const part = shape.slice(attributes.int("start", 0), attributes.int("end"));
  return core.tensor([...part], { dtype: "int64", device: call.device });
}

function size(call: Call): Tensor {
  const { tensor } = call.inputs[0] ?? call.refuse("it needs an input");
  return core.tensor(tensor.numel(), { dtype: "int64", device: call.device });
}

/** Space between channels and places: block times block channels become a square of places. */
function depthToSpace(call: Call): Tensor {
  const x = call.input(0), block = call.attributes.int("blocksize", 1), [n, c, h, w] = x.shape;
  if (x.ndim !== 4 || c! % (block * block) !== 0) {
    call.refuse(`shape [${x.shape}] does not fit blocks of ${block}`);
  }
  if (call.attributes.text("mode", "DCR") === "CRD") return core.pixelShuffle(x, block);
  const depth = c! / (block * block), parts = x.reshape([n!, block, block, depth, h!, w!]);
  return parts.permute([0, 3, 4, 1, 5, 2]).reshape([n!, depth, h! * block, w! * block]);
}

function spaceToDepth(call: Call): Tensor {
  const x = call.input(0), block = call.attributes.int("blocksize", 1), [n, c, h, w] = x.shape;
  if (x.ndim !== 4 || h! % block !== 0 || w! % block !== 0) {
    call.refuse(`shape [${x.shape}] does not fit blocks of ${block}`);
  }
  const parts = x.reshape([n!, c!, h! / block, block, w! / block, block]);
  const order = call.attributes.text("mode", "DCR") === "CRD" ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
  return parts.permute(order).reshape([n!, c! * block * block, h! / block, w! / block]);
}

function trilu(call: Call): Tensor {
  const k = call.number(1) ?? 0, x = call.input(0);
  return call.attributes.flag("upper", true) ? core.triu(x, k) : core.tril(x, k);
}

/** Cuts or pads axes so that the middle stays in the middle. */
function centerCropPad(call: Call): Tensor {
  const x = call.input(0), sizes = call.numbers(1) ?? call.refuse("it needs a shape");
  const axes = normalized(call.attributes.ints("axes") ?? x.shape.map((_, axis) => axis), x.ndim);
  return axes.reduce((y, axis, i) => {
    const extent = x.shape[axis]!, size = sizes[i] ?? extent, more = size - extent;
    if (more <= 0) return y.narrow(axis, Math.floor(-more / 2), size);
    const before = Math.floor(more / 2), margins = [before, more - before];
    return core.pad(y, [...Array(2 * (y.ndim - 1 - axis)).fill(0), ...margins]);
  }, x);
}

/** Each sequence of a batch backwards, up to its length. */
function reverseSequence(call: Call): Tensor {
  const x = call.input(0), { attributes } = call, time = attributes.int("time_axis", 0);
  const batch = attributes.int("batch_axis", 1), lengths = call.numbers(1) ?? call.refuse("it needs lengths");
  const parts = lengths.map((length, i) => {
    const sequence = x.narrow(batch, i, 1), rest = x.shape[time]! - length;
    const turned = sequence.narrow(time, 0, length).flip([time]);
    return rest === 0 ? turned : core.cat([turned, sequence.narrow(time, length, rest)], time);
  });
  return core.cat(parts, batch);
}

/** Shapes, and how elements are laid out in them. */
export const SHAPE: Operators = {
  CenterCropPad: { run: centerCropPad, known: [1] },
  Concat: concat,
  DepthToSpace: depthToSpace,
  Expand: { run: expand, known: [1] },
  Flatten: flatten,
  Pad: { run: pad, known: [1, 2, 3] },
  Reshape: { run: reshape, known: [1] },
  ReverseSequence: { run: reverseSequence, known: [1] },
  Shape: { run: shape, shapes: true },
  Size: { run: size, shapes: true },
  Slice: { run: slice, known: [1, 2, 3, 4] },
  SpaceToDepth: spaceToDepth,
  Split: { run: split, known: [1] },
  Squeeze: { run: squeeze, known: [1] },
  Tile: { run: tile, known: [1] },
  Transpose: transpose,
  Trilu: { run: trilu, known: [1] },
  Unsqueeze: { run: unsqueeze, known: [1] },
};
