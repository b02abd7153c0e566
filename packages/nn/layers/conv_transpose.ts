/** Transposed convolutions. */
import {
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type Pair,
  type Tensor,
  type Triple,
} from "@troodon/core";
import { checkSurplus, readOptions } from "@troodon/core/kernel";
import type { PairList, TripleList } from "./conv.ts";
import { CONV_TRANSPOSE_OPTIONS, type ConvTransposeOptions, TransposedConvolution } from "./convolution.ts";
import { sizesOf } from "./sizes.ts";
import { checkExtents, checkNumbers, checkSizes } from "../check_numbers.ts";

/**
 * {@linkcode ConvTranspose2d} over one axis: input [n, inChannels, l] (or without n), output
 * [n, outChannels, l'], weight [inChannels, outChannels / groups, k].
 */
export class ConvTranspose1d extends TransposedConvolution {
  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `groups` does not divide both numbers of channels.
   */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number,
    options: ConvTransposeOptions<number> = {},
  ) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { inChannels, outChannels });
    checkNumbers(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, CONV_TRANSPOSE_OPTIONS);
    super(inChannels, outChannels, [kernelSize], options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, inChannels, l] or [inChannels, l]
   */
  override forward(x: Tensor): Tensor {
    const { stride: [stride], dilation: [dilation], groups } = this.movement;
    const { padding: [padding], outputPadding: [outputPadding] } = this.margins;
    return convTranspose1d(x, this.weight, this.bias, {
      stride: stride!,
      dilation: dilation!,
      groups,
      padding: padding!,
      outputPadding: outputPadding!,
    });
  }
}

/**
 * The transpose of what {@linkcode Conv2d} does, with a window that is learnt.
 *
 * Input [n, inChannels, h, w] (or without n), output [n, outChannels, h', w'] with
 * h' = (h - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1. Weight
 * [inChannels, outChannels / groups, kh, kw] and bias [outChannels] start uniform
 * within 1 / sqrt(outChannels / groups * kh * kw).
 */
export class ConvTranspose2d extends TransposedConvolution {
  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `groups` does not divide both numbers of channels.
   */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Pair,
    options: ConvTransposeOptions<Pair> = {},
  ) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { inChannels, outChannels });
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, CONV_TRANSPOSE_OPTIONS);
    super(inChannels, outChannels, sizesOf(kernelSize, 2), options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, inChannels, h, w] or [inChannels, h, w]
   */
  override forward(x: Tensor): Tensor {
    const { stride, dilation, groups } = this.movement, { padding, outputPadding } = this.margins;
    return convTranspose2d(x, this.weight, this.bias, {
      stride: stride as PairList,
      dilation: dilation as PairList,
      groups,
      padding: padding as PairList,
      outputPadding: outputPadding as PairList,
    });
  }
}

/**
 * {@linkcode ConvTranspose2d} over three axes: input [n, inChannels, d, h, w] (or without n), output
 * [n, outChannels, d', h', w'], weight [inChannels, outChannels / groups, kd, kh, kw].
 */
export class ConvTranspose3d extends TransposedConvolution {
  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `groups` does not divide both numbers of channels.
   */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Triple,
    options: ConvTransposeOptions<Triple> = {},
  ) {
    checkSurplus(new.target.name, arguments, 4);
    checkExtents(new.target.name, { inChannels, outChannels });
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, CONV_TRANSPOSE_OPTIONS);
    super(inChannels, outChannels, sizesOf(kernelSize, 3), options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, inChannels, d, h, w] or [inChannels, d, h, w]
   */
  override forward(x: Tensor): Tensor {
    const { stride, dilation, groups } = this.movement, { padding, outputPadding } = this.margins;
    return convTranspose3d(x, this.weight, this.bias, {
      stride: stride as TripleList,
      dilation: dilation as TripleList,
      groups,
      padding: padding as TripleList,
      outputPadding: outputPadding as TripleList,
    });
  }
}
