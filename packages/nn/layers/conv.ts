/** Convolutions. */
import { conv1d, conv2d, conv3d, type Pair, type Tensor, type Triple } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions } from "@troodon/core/kernel";
import { CONV_OPTIONS, type ConvOptions, ForwardConvolution } from "./convolution.ts";
import { sizesOf } from "./sizes.ts";
import { checkExtents, checkNumbers, checkSizes } from "../check_numbers.ts";

/** Both numbers, as the op takes them. */
export type PairList = readonly [number, number];

/** All three numbers, as the op takes them. */
export type TripleList = readonly [number, number, number];

/** Options of {@linkcode Conv2d}. */
export type Conv2dOptions = ConvOptions<Pair>;
const CONV2D_OPTIONS: OptionKeys<Conv2dOptions> = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  bias: true,
  paddingMode: true,
  device: true,
  dtype: true,
};

/**
 * {@linkcode Conv2d} over one axis: input [n, inChannels, l] (or without n), output [n, outChannels, l'],
 * weight [outChannels, inChannels / groups, k].
 */
export class Conv1d extends ForwardConvolution {
  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `groups` does not divide both numbers of channels.
   */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options: ConvOptions<number> = {},
  ) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { inChannels, outChannels });
    checkNumbers(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, CONV_OPTIONS);
    super(inChannels, outChannels, [kernelSize], options);
  }

  /** The convolution of an input and so many zeros around it. */
  protected override convolve(x: Tensor, padding: readonly number[] | "same" | "valid"): Tensor {
    const { stride: [stride], dilation: [dilation], groups } = this.movement;
    return conv1d(x, this.weight, this.bias, {
      stride: stride!,
      dilation: dilation!,
      groups,
      padding: typeof padding === "string" ? padding : padding[0]!,
    });
  }
}

/**
 * Cross-correlation with a window that is learnt.
 *
 * Input [n, inChannels, h, w] (or without n), output [n, outChannels, h', w'] with
 * h' = floor((h + 2 padding - dilation (kernel - 1) - 1) / stride + 1). Weight
 * [outChannels, inChannels / groups, kh, kw] and bias [outChannels] start uniform
 * within 1 / sqrt(inChannels / groups * kh * kw).
 *
 * @example Shapes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Conv2d } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * assertEquals(new Conv2d(1, 6, 5).forward(randn([2, 1, 32, 32])).shape, [2, 6, 28, 28]);
 * ```
 */
export class Conv2d extends ForwardConvolution {
  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `groups` does not divide both numbers of channels.
   */
  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { inChannels, outChannels });
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, CONV2D_OPTIONS);
    super(inChannels, outChannels, sizesOf(kernelSize, 2), options);
  }

  /** The convolution of an input and so many zeros around it. */
  protected override convolve(x: Tensor, padding: readonly number[] | "same" | "valid"): Tensor {
    const { stride, dilation, groups } = this.movement;
    return conv2d(x, this.weight, this.bias, {
      stride: stride as PairList,
      dilation: dilation as PairList,
      groups,
      padding: padding as PairList | "same" | "valid",
    });
  }
}

/**
 * {@linkcode Conv2d} over three axes: input [n, inChannels, d, h, w] (or without n), output
 * [n, outChannels, d', h', w'], weight [outChannels, inChannels / groups, kd, kh, kw].
 */
export class Conv3d extends ForwardConvolution {
  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `groups` does not divide both numbers of channels.
   */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Triple,
    options: ConvOptions<Triple> = {},
  ) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { inChannels, outChannels });
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, CONV_OPTIONS);
    super(inChannels, outChannels, sizesOf(kernelSize, 3), options);
  }

  /** The convolution of an input and so many zeros around it. */
  protected override convolve(x: Tensor, padding: readonly number[] | "same" | "valid"): Tensor {
    const { stride, dilation, groups } = this.movement;
    return conv3d(x, this.weight, this.bias, {
      stride: stride as TripleList,
      dilation: dilation as TripleList,
      groups,
      padding: padding as TripleList | "same" | "valid",
    });
  }
}
