/** How much a kernel calculates and moves, from its call alone. */
import type { Body, CallOf, KernelCall, ViewSpec } from "@troodon/core";
import { bytesOf, sizeOf } from "@troodon/core/kernel";

/** What one or more launches have to do. */
export interface Work {
  /** Operations on floating-point numbers, or on integers where there are no others. */
  readonly flops: number;
  /** Bytes of all elements that are read or written, each once for every launch. */
  readonly bytes: number;
}

/** Name of a kernel family. */
export type KernelName = KernelCall["kernel"];

type Count<C> = (call: C, inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]) => number;

/** Functions that a body calls for each element: an `exp` is one, as an addition is. */
const callsOf = (body: Body): number => body.program.steps.filter(({ kind }) => kind === "call").length;

const size = (view: ViewSpec | undefined): number => sizeOf(view!.shape);

/** Multiplications and additions of a convolution: `pixels` [n, o, h, w] of products with `weight` [o, c, kh, kw]. */
const convolution = (pixels: ViewSpec, weight: ViewSpec): number =>
  2 * size(pixels) * size(weight) / weight.shape[0]!;

const ofElements = (each: number): Count<unknown> => (_, inputs) => each * size(inputs[0]);

const softmax = ofElements(5); // max, subtract, exp, add, divide or subtract
const softmaxGrad = ofElements(4);
const normalize = ofElements(8); // mean 1, variance 3, the rest 4
const normalizeGrad = ofElements(10);

/** By family; the compiler wants one for every kernel of the contract. */
const FLOPS: { readonly [K in KernelName]: Count<CallOf<K>> } = {
  map: ({ body, shape }) => sizeOf(shape) * callsOf(body),
  reduce: ({ body, post, shape }, _, outputs) =>
    sizeOf(shape) * (callsOf(body) + 1) + (post ? size(outputs[0]) * callsOf(post) : 0),
  argreduce: ofElements(1),
  scan: ofElements(1),
  matmul: ({ epilogue }, [a], [y]) =>
    2 * size(y) * a!.shape.at(-1)! + (epilogue ? size(y) * callsOf(epilogue) : 0),
  gather: () => 0,
  scatter: ({ mode }, [index]) => mode === "add" ? size(index) : 0,
  sort: ({ axis }, [x]) => size(x) * Math.ceil(Math.log2(Math.max(2, x!.shape[axis]!))), // comparisons
  fold: ofElements(1),
  conv2d: (_, [, weight], [y]) => convolution(y!, weight!),
  conv2dInputGrad: (_, [g, weight]) => convolution(g!, weight!),
  conv2dWeightGrad: (_, [g], [weight]) => convolution(g!, weight!),
  maxPool2d: ({ window: { size: [h, w] } }, _, [y]) => h * w * size(y),
  maxPool2dGrad: ofElements(1),
  avgPool2d: ({ window: { size: [h, w] } }, _, [y]) => h * w * size(y),
  avgPool2dGrad: ({ window: { size: [h, w] } }, [g]) => h * w * size(g),
  softmax,
  logSoftmax: softmax,
  softmaxGrad,
  logSoftmaxGrad: softmaxGrad,
  crossEntropy: softmax,
  crossEntropyGrad: (_call, _inputs, [gradient]) => 3 * size(gradient),
  crossEntropyLoss: softmax,
  crossEntropyLossGrad: (_call, _inputs, [gradient]) => 3 * size(gradient),
  batchNorm: normalize,
  batchNormGrad: normalizeGrad,
  layerNorm: normalize,
  layerNormGrad: normalizeGrad,
};

/** The kernels of the contract. */
export const KERNEL_NAMES: readonly KernelName[] = Object.keys(FLOPS) as KernelName[];

/** Bytes of the different elements that a view shows. */
function bytesOfView({ shape, strides, dtype }: ViewSpec): number {
  // Repeated elements count once; windows that overlap show no more than their span.
  const places = shape.reduce((n, extent, axis) => strides[axis] === 0 ? n : n * extent, 1);
  const span = shape.reduce((n, extent, axis) => n + (extent - 1) * Math.abs(strides[axis]!), 1);
  return Math.min(places, span) * bytesOf(dtype);
}

function bytesMoved(call: KernelCall, inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]): number {
  const sum = [...inputs, ...outputs].reduce((n, view) => n + bytesOfView(view), 0);
  if (call.kernel === "gather") {
    const [x] = inputs, [y] = outputs;
    return sum - bytesOfView(x!) + bytesOfView(y!);
  }
  if (call.kernel === "scatter") {
    const [, source] = inputs, [y] = outputs;
    return sum - bytesOfView(y!) + bytesOfView(source!) * (call.mode === "add" ? 2 : 1);
  }
  return sum;
}

/** What a launch has to do: the least that its meaning asks for, not what a kernel happens to do. */
export function workOf(call: KernelCall, inputs: readonly ViewSpec[], outputs: readonly ViewSpec[]): Work {
  const flops = FLOPS[call.kernel] as Count<KernelCall>;
  return { flops: flops(call, inputs, outputs), bytes: bytesMoved(call, inputs, outputs) };
}
