/** Pooling. */
import * as core from "@troodon/core";
import { isFloating, type Tensor } from "@troodon/core";
import type { Call } from "../call.ts";
import type { Operators, Results } from "../operator.ts";
import { isEven, padded, type Window, windowOf } from "./window.ts";

type Two = readonly [number, number];
type PlanarOptions = { readonly stride: Two; readonly padding: Two };
type Three = readonly [number, number, number];

/** Positions at which windows begin, in an axis with margins. */
function countOf(call: Call, extent: number, i: number, window: Window): number {
  const { size, stride, dilation, before, after } = window;
  const room = extent + before[i]! + after[i]! - dilation[i]! * (size[i]! - 1) - 1;
  if (room < 0) call.refuse(`windows of [${size}] do not fit into an extent of ${extent}`);
  if (!call.attributes.flag("ceil_mode")) return Math.floor(room / stride[i]!) + 1;
  const count = Math.ceil(room / stride[i]!) + 1;
  // A window that would begin behind the input is left out.
  return (count - 1) * stride[i]! >= extent + before[i]! ? count - 1 : count;
}

/** The pooling of a node as one without margins: the input has them, with `value` in them. */
interface Framed {
  readonly window: Window;
  /** The input as [n, c, d, h, w], with margins, up to the end of the last window. */
  readonly x: Tensor;
  readonly counts: readonly number[];
  /** Adds margins to a tensor of the shape of the input. */
  readonly frame: (x: Tensor, value: number) => Tensor;
}

function framed(call: Call, value: number): Framed {
  const x = call.input(0), extents = x.shape.slice(2);
  if (extents.length < 1 || extents.length > 3) {
    call.refuse(`windows have 1 to 3 axes: current shape is [${x.shape}]`);
  }
  const size = call.attributes.ints("kernel_shape") ?? call.refuse("it needs a kernel_shape");
  const window = windowOf(call, extents, size), { before, stride, dilation } = window;
  const counts = extents.map((extent, i) => countOf(call, extent, i, window));
  const reach = counts.map((count, i) => (count - 1) * stride[i]! + dilation[i]! * (size[i]! - 1) + 1);
  const after = extents.map((extent, i) => reach[i]! - extent - before[i]!);
  const frame = (x: Tensor, value: number): Tensor => volume(padded(x, before, after, value));
  return { window, x: frame(x, value), counts, frame };
}

/** [n, c, w] and [n, c, h, w] as [n, c, d, h, w]. */
function volume(x: Tensor): Tensor {
  return x.reshape([...x.shape.slice(0, 2), ...Array(5 - x.ndim).fill(1), ...x.shape.slice(2)]);
}

/** Numbers of the axes as three. */
function three(numbers: readonly number[]): Three {
  return [...Array(3 - numbers.length).fill(1), ...numbers] as unknown as Three;
}

/** The result with the axes of the input. */
function flat(y: Tensor, counts: readonly number[]): Tensor {
  return y.reshape([...y.shape.slice(0, 2), ...counts]);
}

/** Options of the library's own pooling of images, where it has the windows of a node; undefined elsewhere. */
function planar(call: Call): { readonly size: Two; readonly options: PlanarOptions } | undefined {
  const x = call.input(0), size = call.attributes.ints("kernel_shape") ?? [];
  if (x.ndim !== 4 || size.length !== 2 || call.attributes.flag("ceil_mode") || !isFloating(x.dtype)) {
    return undefined;
  }
  const window = windowOf(call, x.shape.slice(2), size), { stride, dilation, before } = window;
  const fits = isEven(window) && dilation.every((d) => d === 1) && before.every((n, i) => n <= size[i]! / 2);
  return fits
    ? {
      size: size as unknown as Two,
      options: { stride: stride as unknown as Two, padding: before as unknown as Two },
    }
    : undefined;
}

function maxPool(call: Call): Results {
  const images = call.wanted[1] ? undefined : planar(call);
  if (images !== undefined) return core.maxPool2d(call.input(0), images.size, images.options);
  const input = call.input(0), { dtype } = input, integers = !isFloating(dtype);
  const { window: { size, stride, dilation }, x, counts, frame } = framed(call, integers ? 0 : -Infinity);
  if (integers) {
    // Margins of integers would need the least number of their dtype: float64 holds those of int32 exactly.
    const framedFloats = frame(input.to("float64"), -Infinity);
    const y = core.maxPool3d(framedFloats, three(size), { stride: three(stride), dilation: three(dilation) });
    return flat(y, counts).to(dtype);
  }
  const options = { stride: three(stride), dilation: three(dilation) };
  if (!call.wanted[1]) return flat(core.maxPool3d(x, three(size), options), counts);
  const { values, indices } = core.maxPool3dWithIndices(x, three(size), options);
  // Positions in the frame become those in the input: an image of its own positions, framed alike, has them.
  const places = frame(positionsOf(call, input), -1).reshape([...x.shape.slice(0, 2), -1]);
  const found = core.gather(places, 2, indices.reshape([...indices.shape.slice(0, 2), -1]));
  return [flat(values, counts), flat(found.reshape(indices.shape), counts)];
}

/** The position of each element, counted over all; of columns first where the node asks for that. */
function positionsOf(call: Call, x: Tensor): Tensor {
  const options = { dtype: "int64", device: x.device } as const;
  const all = core.arange(0, x.numel(), 1, options);
  if (call.attributes.int("storage_order", 0) === 0 || x.ndim < 4) return all.reshape(x.shape);
  const turned = [...x.shape.slice(0, 2), ...x.shape.slice(2).reverse()];
  return all.reshape(turned).permute([0, 1, ...x.shape.slice(2).map((_, i) => x.ndim - 1 - i)]).contiguous();
}

function averagePool(call: Call): Tensor {
  const images = planar(call), countIncludePad = call.attributes.flag("count_include_pad");
  if (images !== undefined) {
    return core.avgPool2d(call.input(0), images.size, { ...images.options, countIncludePad });
  }
  const { window: { size, stride, dilation, before, after }, x, counts, frame } = framed(call, 0),
    input = call.input(0);
  const sums = windowSums(x, size, stride, dilation);
  // Margins count where the node says so; what windows reach behind them never does.
  const inside = core.ones([1, 1, ...input.shape.slice(2)], { dtype: input.dtype, device: input.device });
  const counted = countIncludePad ? padded(inside, before, after, 1) : inside;
  const around = countIncludePad ? core.pad(volume(counted), restOf(counted, x)) : frame(counted, 0);
  return flat(sums.div(windowSums(around, size, stride, dilation)), counts);
}

/** Returns the padding for `pad()` that extends the axes of `part` to those of `whole`. */
function restOf(part: Tensor, whole: Tensor): number[] {
  const extents = volume(part).shape;
  return [4, 3, 2].flatMap((axis) => [0, whole.shape[axis]! - extents[axis]!]);
}

/** Sums over windows of volumes. */
function windowSums(
  x: Tensor,
  size: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): Tensor {
  const [n, c, ...extents] = x.shape as [number, number, ...number[]];
  if (dilation.every((d) => d === 1)) {
    return core.avgPool3d(x, three(size), { stride: three(stride), divisorOverride: 1 });
  }
  const ones = core.ones([1, 1, ...three(size)], { dtype: x.dtype, device: x.device });
  const sums = core.conv3d(x.reshape([n * c, 1, ...extents]), ones, null, {
    stride: three(stride),
    dilation: three(dilation),
  });
  return sums.reshape([n, c, ...sums.shape.slice(2)]);
}

function lpPool(call: Call): Tensor {
  const p = call.attributes.int("p", 2), { window: { size, stride, dilation }, x, counts } = framed(call, 0);
  return flat(windowSums(x.abs().pow(p), size, stride, dilation).pow(1 / p), counts);
}

function maxUnpool(call: Call): Tensor {
  const x = call.input(0), indices = call.input(1), { attributes } = call, extents = x.shape.slice(2);
  const size = attributes.ints("kernel_shape") ?? call.refuse("it needs a kernel_shape");
  const { stride, before, after } = windowOf(call, extents, size);
  const natural = extents.map((extent, i) => (extent - 1) * stride[i]! + size[i]! - before[i]! - after[i]!);
  const channels = [...x.shape.slice(0, 2), ...natural], shape = call.numbers(2) ?? channels;
  // Positions count over all elements of the natural shape.
  const count = channels.reduce((a, b) => a * b, 1),
    zeros = core.zeros([count], { dtype: x.dtype, device: x.device });
  const whole = core.scatter(zeros, 0, indices.reshape([-1]), x.reshape([-1])).reshape(channels);
  return shape.every((extent, i) => extent === channels[i]) ? whole : padded(
    whole,
    natural.map(() => 0),
    shape.slice(2).map((extent, i) => extent - natural[i]!),
  );
}

/** The axes behind the channels, all of which are pooled. */
const placesOf = (x: Tensor): number[] => x.shape.slice(2).map((_, i) => i + 2);

function globalLpPool(call: Call): Tensor {
  const x = call.input(0), p = call.attributes.int("p", 2);
  return x.abs().pow(p).sum(placesOf(x), { keepdim: true }).pow(1 / p);
}

/** Pooling. */
export const POOLING: Operators = {
  AveragePool: averagePool,
  GlobalAveragePool: (call) => core.mean(call.input(0), placesOf(call.input(0)), { keepdim: true }),
  GlobalLpPool: globalLpPool,
  GlobalMaxPool: (call) => core.amax(call.input(0), placesOf(call.input(0)), { keepdim: true }),
  LpPool: lpPool,
  MaxPool: maxPool,
  MaxUnpool: { run: maxUnpool, known: [2] },
};
