/** Convolutions as products with a matrix of patches, one sample after the other. */
import type { Conv2dCall, Conv2dInputGradCall, Conv2dWeightGradCall } from "@troodon/core";
import { type Geometry, geometry } from "../conv/geometry.ts";
import { Staging } from "../conv/staging.ts";
import { addressOf, type CpuView, type Kernel, type KernelContext } from "../kernel.ts";
import { type Call, perform } from "../threads/task.ts";
import { zero } from "../zero.ts";
import type { Blas } from "./blas.ts";
import { emitPatches, emitSpread } from "./patches.ts";
import { type Convolution, worthConvolution } from "./worth.ts";

/** A kernel for contexts that have a library. */
type NativeKernel<C> = (
  patches: Patches,
  call: C,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
) => void;

/** The kernel `native` where it is faster, and `own` elsewhere. */
function preferring<C extends Conv2dCall | Conv2dInputGradCall | Conv2dWeightGradCall>(
  kind: Convolution,
  native: NativeKernel<C>,
  own: Kernel<C>,
  worth: typeof worthConvolution = worthConvolution,
): Kernel<C> {
  return (context, call, inputs, outputs) => {
    const { blas } = context;
    if (blas === null) return own(context, call, inputs, outputs);
    const [x, y] = kind === "forward"
      ? [inputs[0]!, outputs[0]!]
      : kind === "input"
      ? [outputs[0]!, inputs[0]!]
      : [inputs[1]!, inputs[0]!];
    const shapes = geometry(call.window, call.groups, x, y);
    if (!worth(kind, shapes, blas.threads)) return own(context, call, inputs, outputs);
    native(new Patches(context, blas, shapes), call, inputs, outputs);
  };
}

/** The convolution, by a native BLAS where that is faster than `own`. */
export function preferBlas(own: Kernel<Conv2dCall>, worth?: typeof worthConvolution): Kernel<Conv2dCall> {
  return preferring("forward", forward, own, worth);
}

/** The same for the gradient of the images. */
export function preferBlasInputGrad(
  own: Kernel<Conv2dInputGradCall>,
  worth?: typeof worthConvolution,
): Kernel<Conv2dInputGradCall> {
  return preferring("input", inputGrad, own, worth);
}

/** The same for those of the weights and the bias. */
export function preferBlasWeightGrad(
  own: Kernel<Conv2dWeightGradCall>,
  worth?: typeof worthConvolution,
): Kernel<Conv2dWeightGradCall> {
  return preferring("weight", weightGrad, own, worth);
}

function forward(
  patches: Patches,
  _: Conv2dCall,
  [x, weight, bias]: readonly CpuView[],
  [y]: readonly CpuView[],
) {
  const { context, blas, shapes: { filters }, steps, pixels } = patches;
  const { spread } = context.instance("blas/spread", emitSpread);
  patches.each((group, sample) => {
    const output = patches.outputs(y!, sample, group), filter = group * filters;
    patches.gather(patches.images(x!, sample, group));
    if (bias) spread!(addressOf(bias) + 4 * filter, filters, output, pixels);
    const weights = { pointer: addressOf(weight!) + 4 * filter * steps, stride: steps, transposed: false };
    const result = { pointer: output, stride: pixels };
    blas.multiply(
      "float32",
      { m: filters, n: pixels, k: steps },
      weights,
      patches.matrix,
      result,
      bias ? 1 : 0,
    );
  });
}

function inputGrad(
  patches: Patches,
  _: Conv2dInputGradCall,
  [g, weight]: readonly CpuView[],
  [x]: readonly CpuView[],
) {
  const { context, blas, shapes: { filters, samples, groups, channels, height, width }, steps, pixels } =
    patches;
  // What no window reaches has no gradient.
  zero(context, addressOf(x!), 4 * samples * groups * channels * height * width);
  patches.each((group, sample) => {
    const pointer = addressOf(weight!) + 4 * group * filters * steps;
    const output = { pointer: patches.outputs(g!, sample, group), stride: pixels, transposed: false };
    const weights = { pointer, stride: steps, transposed: true };
    blas.multiply("float32", { m: steps, n: pixels, k: filters }, weights, output, patches.matrix, 0);
    patches.scatter(patches.images(x!, sample, group));
  });
}

function weightGrad(
  patches: Patches,
  _: Conv2dWeightGradCall,
  [g, x]: readonly CpuView[],
  [weight, bias]: readonly CpuView[],
) {
  const { context, blas, shapes: { filters }, steps, pixels } = patches;
  const one = context.scratch(4 * pixels);
  context.memory.f32.fill(1, one / 4, one / 4 + pixels);
  const ones = { pointer: one, stride: pixels, transposed: true };
  patches.each((group, sample) => {
    const beta = sample > 0 ? 1 : 0, first = group * filters;
    const output = { pointer: patches.outputs(g!, sample, group), stride: pixels, transposed: false };
    patches.gather(patches.images(x!, sample, group));
    const columns = { ...patches.matrix, transposed: true };
    const sums = { pointer: addressOf(weight!) + 4 * first * steps, stride: steps };
    blas.multiply("float32", { m: filters, n: steps, k: pixels }, output, columns, sums, beta);
    if (!bias) return;
    const biasSums = { pointer: addressOf(bias) + 4 * first, stride: 1 };
    blas.multiply("float32", { m: filters, n: 1, k: pixels }, output, ones, biasSums, beta);
  });
}

/** The patches of one sample and group. */
class Patches {
  readonly context: KernelContext;
  readonly blas: Blas;
  readonly shapes: Geometry;
  /** Rows: channels times taps. */
  readonly steps: number;
  /** Columns. */
  readonly pixels: number;
  /** Where they are. */
  readonly matrix: { readonly pointer: number; readonly stride: number; readonly transposed: false };
  readonly #staging: Staging;
  readonly #taps: number;

  constructor(context: KernelContext, blas: Blas, shapes: Geometry) {
    this.context = context;
    this.blas = blas;
    this.shapes = shapes;
    this.#staging = new Staging(context, shapes, { phases: shapes.window.stride[1] });
    const offsets = this.#staging.taps();
    this.steps = offsets.length;
    this.pixels = shapes.outHeight * shapes.outWidth;
    this.matrix = {
      pointer: context.scratch(4 * this.steps * this.pixels),
      stride: this.pixels,
      transposed: false,
    };
    this.#taps = context.scratch(4 * this.steps);
    context.memory.i32.set(offsets, this.#taps / 4);
  }

  /** Visits all samples of all groups. */
  each(visit: (group: number, sample: number) => void): void {
    const { samples, groups } = this.shapes;
    for (let group = 0; group < groups; group++) {
      for (let sample = 0; sample < samples; sample++) visit(group, sample);
    }
  }

  /** Address of the images of a sample and group in x [n, c, h, w]. */
  images(x: CpuView, sample: number, group: number): number {
    const { groups, channels, height, width } = this.shapes;
    return addressOf(x) + 4 * (sample * groups + group) * channels * height * width;
  }

  /** The same in y [n, o, h', w']. */
  outputs(y: CpuView, sample: number, group: number): number {
    const { groups, filters } = this.shapes;
    return addressOf(y) + 4 * (sample * groups + group) * filters * this.pixels;
  }

  /** Fills the matrix from the images at `pointer`. */
  gather(pointer: number): void {
    this.#pass("gather", this.#place(pointer));
  }

  /** Adds the matrix to the images at `pointer`. */
  scatter(pointer: number): void {
    this.#pass("scatter", this.#place(pointer));
    const calls: Call[] = [];
    this.#staging.take(calls, pointer);
    perform(calls);
  }

  #place(pointer: number): number {
    const calls: Call[] = [], image = this.#staging.place(calls, pointer);
    perform(calls);
    return image;
  }

  #pass(direction: "gather" | "scatter", image: number): void {
    const { outHeight, outWidth, window } = this.shapes, rowBytes = window.stride[0] * this.#staging.rowBytes;
    const pass = this.context.instance("blas/patches", emitPatches)[direction]!;
    pass(this.#taps, this.steps, image, rowBytes, outHeight, outWidth, this.matrix.pointer);
  }
}
