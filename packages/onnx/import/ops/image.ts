/** Images resized, warped and put together. */
import * as core from "@troodon/core";
import { isFloating, type Tensor } from "@troodon/core";
import { sizeOf } from "@troodon/core/kernel";
import type { Call } from "../call.ts";
import type { Operators } from "../operator.ts";
import { type Neighbors, neighborsOf, type Resampling } from "./resample.ts";
import { windowOf } from "./window.ts";
import { normalized } from "./shape.ts";

/** One axis of `x` made of neighbors. */
function resampled(x: Tensor, axis: number, { positions, weights }: Neighbors): Tensor {
  const { device, dtype } = x, along = x.shape.map((_, i) => i === axis ? -1 : 1);
  const parts = positions.flatMap((at, k) => {
    const shares = weights[k]!;
    if (shares.every((share) => share === 0)) return [];
    const taken = x.indexSelect(axis, core.fromTypedArray(at, [at.length], { dtype: "int64", device }));
    if (shares.every((share) => share === 1)) return [taken];
    return [taken.mul(core.fromTypedArray(shares, [shares.length], { dtype, device }).reshape(along))];
  });
  return parts.reduce((a, b) => a.add(b));
}

/** Weights of 0 and 1 alone: which neighbor is the nearest. */
function picked(neighbors: Neighbors): Neighbors {
  const [before, behind] = neighbors.positions, share = neighbors.weights[1]!;
  const positions = [before!.map((at, i) => share[i] === 1 ? behind![i]! : at)];
  return { positions, weights: [share.map(() => 1)], inside: neighbors.inside };
}

/** The extent of a resized axis by that of the input. */
type Scales = readonly { readonly axis: number; readonly scale: number; readonly count: number }[];

function scalesOf(call: Call, x: Tensor): Scales {
  const { attributes, opset } = call,
    axes = normalized(attributes.ints("axes") ?? x.shape.map((_, i) => i), x.ndim);
  const scales = attributes.floats("scales") ?? call.numbers(opset < 11 ? 1 : 2);
  if (scales !== undefined && scales.length > 0) {
    if (scales.length !== axes.length) {
      call.refuse(`scales must be ${axes.length}: there are ${scales.length}`);
    }
    return axes.map((axis, i) => ({
      axis,
      scale: scales[i]!,
      count: Math.floor(x.shape[axis]! * scales[i]!),
    }));
  }
  const sizes = call.numbers(3);
  if (sizes?.length !== axes.length) call.refuse(`it needs ${axes.length} scales or sizes`);
  const ratios = axes.map((axis, i) => sizes[i]! / x.shape[axis]!),
    policy = attributes.text("keep_aspect_ratio_policy", "stretch");
  if (policy === "stretch") return axes.map((axis, i) => ({ axis, scale: ratios[i]!, count: sizes[i]! }));
  const scale = policy === "not_larger" ? Math.min(...ratios) : Math.max(...ratios);
  return axes.map((axis) => ({ axis, scale, count: Math.floor(scale * x.shape[axis]! + 0.5) }));
}

function resize(call: Call): Tensor {
  const x = call.input(0), { attributes, opset } = call, mode = attributes.text("mode", "nearest");
  if (!["nearest", "linear", "bilinear", "cubic"].includes(mode)) call.refuse(`there is no mode ${mode}`);
  const old = opset < 11,
    coordinates = old ? "asymmetric" : attributes.text("coordinate_transformation_mode", "half_pixel");
  const roi = coordinates === "tf_crop_and_resize" ? call.numbers(1) ?? call.refuse("it needs a roi") : [];
  const scales = scalesOf(call, x), outside = attributes.float("extrapolation_value", 0);
  let y = isFloating(x.dtype) ? x : x.to("float64");
  let inside: Tensor | undefined;
  for (const [i, { axis, scale, count }] of scales.entries()) {
    const extent = x.shape[axis]!;
    if (scale === 1 && count === extent && roi.length === 0) continue;
    if (count === 0) {
      y = y.narrow(axis, 0, 0);
      continue;
    }
    const neighbors = neighborsOf(
      {
        extent,
        count,
        scale,
        mode,
        coordinates,
        nearest: old ? "floor" : attributes.text("nearest_mode", "round_prefer_floor"),
        cubic: attributes.float("cubic_coeff_a", -0.75),
        antialias: attributes.flag("antialias"),
        excludeOutside: attributes.flag("exclude_outside"),
        roi: [roi[i] ?? 0, roi[i + scales.length] ?? 1],
      } satisfies Resampling,
    ) ?? call.refuse(`there is no coordinate_transformation_mode ${coordinates}`);
    y = resampled(y, axis, mode === "nearest" ? picked(neighbors) : neighbors);
    if (neighbors.inside.every((part) => part === 1)) continue;
    const { device, dtype } = y, along = y.shape.map((_, at) => at === axis ? -1 : 1);
    const part = core.fromTypedArray(neighbors.inside, [count], { dtype, device }).reshape(along);
    inside = inside === undefined ? part : inside.mul(part);
  }
  if (inside !== undefined) {
    y = core.where(inside.eq(0), core.full([], outside, { dtype: y.dtype, device: y.device }), y);
  }
  return isFloating(x.dtype) ? y : y.round().to(x.dtype);
}

const SAMPLE_MODES: Readonly<Record<string, core.GridSampleMode>> = {
  bilinear: "bilinear",
  linear: "bilinear",
  nearest: "nearest",
  bicubic: "bicubic",
  cubic: "bicubic",
};

const SAMPLE_PADDINGS: readonly core.GridSamplePadding[] = ["zeros", "border", "reflection"];

function gridSample(call: Call): Tensor {
  const { attributes } = call, name = attributes.text("mode", "linear"), mode = SAMPLE_MODES[name];
  const wanted = attributes.text("padding_mode", "zeros"),
    paddingMode = SAMPLE_PADDINGS.find((known) => known === wanted);
  if (mode === undefined || paddingMode === undefined) call.refuse(`there is no mode ${name} with ${wanted}`);
  return core.gridSample(call.input(0), call.input(1), {
    mode,
    paddingMode,
    alignCorners: attributes.flag("align_corners"),
  });
}

function affineGrid(call: Call): Tensor {
  const size = call.numbers(1) ?? call.refuse("it needs a size");
  return core.affineGrid(call.input(0), size, { alignCorners: call.attributes.flag("align_corners") });
}

/** Patches of an image added up where they stand. */
function colToIm(call: Call): Tensor {
  const x = call.input(0), shape = call.numbers(1) ?? [], block = call.numbers(2) ?? [];
  const { stride, dilation, before, after } = windowOf(call, shape, block), [n, , patches] = x.shape;
  const framed = shape.map((extent, i) => extent + before[i]! + after[i]!);
  const counts = framed.map((extent, i) =>
    Math.floor((extent - dilation[i]! * (block[i]! - 1) - 1) / stride[i]!) + 1
  );
  if (sizeOf(counts) !== patches) {
    call.refuse(`[${counts}] patches of [${block}] fit into [${shape}]: there are ${patches}`);
  }
  // The place in the frame of each element of each patch, in the order of the columns.
  const places = offsets(block, dilation, framed).flatMap((element) =>
    offsets(counts, stride, framed).map((patch) => element + patch)
  );
  const index = core.tensor(places, { dtype: "int64", device: x.device });
  const columns = x.reshape([n!, -1, places.length]), [, channels] = columns.shape;
  const zeros = core.zeros([n!, channels!, sizeOf(framed)], { dtype: x.dtype, device: x.device });
  const whole = core.scatterAdd(zeros, 2, index.expand(columns.shape).contiguous(), columns);
  const inner = whole.reshape([n!, channels!, ...framed]);
  return shape.reduce((y, extent, i) => y.narrow(i + 2, before[i]!, extent), inner);
}

/** Places of the points of a grid with these steps, counted over all elements of `extents`. */
function offsets(counts: readonly number[], steps: readonly number[], extents: readonly number[]): number[] {
  return counts.reduce<number[]>(
    (all, count, i) =>
      all.flatMap((at) => Array.from({ length: count }, (_, k) => at * extents[i]! + k * steps[i]!)),
    [0],
  );
}

/** Images resized, warped and put together. */
export const IMAGE: Operators = {
  AffineGrid: { run: affineGrid, known: [1] },
  Col2Im: { run: colToIm, known: [1, 2] },
  GridSample: gridSample,
  Resize: { run: resize, known: [1, 2, 3] },
  Upsample: {
    run: resize,
    known: [1],
    refuse: (_, opset) => opset > 9 ? "operator sets after 9" : undefined,
  },
};
