/** What all convolutions share. */
import { type Tensor, tidySync } from "@troodon/core";
import { type OptionKeys, showTuple } from "@troodon/core/kernel";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions, resetAffine } from "./linear.ts";
import { marginsOf, oneOrSeveral, sizesOf } from "./sizes.ts";

/** What stands in the margin of an input: zeros, or what the mode of {@linkcode pad} of this name makes of the input. */
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

/** Options of all convolutions; `Size` is a number for all axes, or a list of one for each. */
export interface ConvolutionOptions<Size> extends LayerOptions {
  /** Step of the window; 1 by default. */
  readonly stride?: Size;
  /** Distance between the taps of the window; 1 by default. */
  readonly dilation?: Size;
  /** Channels are cut into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
  /** Whether something is added to each output channel; true by default. */
  readonly bias?: boolean;
}

/** Options of {@linkcode Conv1d}, {@linkcode Conv2d} and {@linkcode Conv3d}. */
export interface ConvOptions<Size> extends ConvolutionOptions<Size> {
  /** What is added on every side; 0 by default. "same" keeps the size at stride 1, "valid" adds nothing. */
  readonly padding?: Size | "same" | "valid";
  /** "zeros" by default. */
  readonly paddingMode?: PaddingMode;
}

/** The keys of {@linkcode ConvOptions}. */
export const CONV_OPTIONS: OptionKeys<ConvOptions<unknown>> = {
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  bias: true,
  paddingMode: true,
  device: true,
  dtype: true,
};

/** Options of {@linkcode ConvTranspose1d}, {@linkcode ConvTranspose2d} and {@linkcode ConvTranspose3d}. */
export interface ConvTransposeOptions<Size> extends ConvolutionOptions<Size> {
  /** What is cut off on every side of the result; 0 by default. */
  readonly padding?: Size;
  /** What the result has more at its end, less than the stride; 0 by default. */
  readonly outputPadding?: Size;
}

/** The keys of {@linkcode ConvTransposeOptions}. */
export const CONV_TRANSPOSE_OPTIONS: OptionKeys<ConvTransposeOptions<unknown>> = {
  stride: true,
  padding: true,
  outputPadding: true,
  groups: true,
  bias: true,
  dilation: true,
  device: true,
  dtype: true,
};

type Sizes = number | readonly number[];

/** How a window moves, one number for each axis. */
export interface Movement {
  /** Steps between windows. */
  readonly stride: readonly number[];
  /** Steps between the taps of a window. */
  readonly dilation: readonly number[];
  /** Groups of channels. */
  readonly groups: number;
}

/** A layer with a window that is learnt. */
export abstract class Convolution extends Module {
  /** The window for each pair of channels. */
  weight: Parameter;
  /** [outChannels], or null. */
  bias: Parameter | null;
  /** Stride and dilation along each axis, and the number of groups. */
  protected readonly movement: Movement;

  /** `leading` is the first two axes of the weight. */
  constructor(
    [inChannels, outChannels]: readonly [number, number],
    leading: readonly [number, number],
    kernelSize: readonly number[],
    options: ConvolutionOptions<Sizes>,
  ) {
    super();
    const { stride = 1, dilation = 1, groups = 1, bias = true } = options, axes = kernelSize.length;
    if (!Number.isInteger(groups) || groups < 1 || inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new RangeError(
        `Cannot make ${this.constructor.name} as groups must divide both numbers of channels: current numbers are ` +
          `${inChannels} and ${outChannels}, groups ${groups}`,
      );
    }
    this.movement = { stride: sizesOf(stride, axes), dilation: sizesOf(dilation, axes), groups };
    this.weight = emptyParameter([...leading, ...kernelSize], options);
    this.bias = bias ? emptyParameter([outChannels], options) : null;
    resetAffine(this.weight, this.bias);
  }

  /** Numbers of channels, in and out. */
  protected abstract get channels(): readonly [number, number];

  /** Number of channels of the input. */
  get inChannels(): number {
    return this.channels[0];
  }

  /** Number of channels of the output. */
  get outChannels(): number {
    return this.channels[1];
  }

  /** What is printed behind the stride, behind the dilation, and at the end. */
  protected abstract paddingRepr(): readonly [string, string, string];

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { stride, dilation, groups } = this.movement, [, , ...size] = this.weight.shape;
    const [padding, outputPadding, mode] = this.paddingRepr();
    return [
      ...this.channels,
      `kernel_size=${showTuple(size)}`,
      `stride=${showTuple(stride)}`,
      padding,
      dilation.some((d) => d !== 1) ? `dilation=${showTuple(dilation)}` : "",
      outputPadding,
      groups !== 1 ? `groups=${groups}` : "",
      this.bias === null ? "bias=False" : "",
      mode,
    ].filter((part) => part !== "").join(", ");
  }

  /** The options of the constructor that say how margins are filled. */
  protected abstract paddingOptions(): Readonly<Record<string, unknown>>;

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const { stride, dilation, groups } = this.movement, { bias, weight, channels } = this;
    return [...channels, oneOrSeveral(weight.shape.slice(2)), {
      stride: oneOrSeveral(stride),
      dilation: oneOrSeveral(dilation),
      groups,
      bias: bias !== null,
      ...this.paddingOptions(),
    }];
  }
}

const shown = (name: string, values: readonly number[]): string =>
  values.some((n) => n !== 0) ? `${name}=${showTuple(values)}` : "";

/** The base of convolutions: weight [outChannels, inChannels / groups, ...kernelSize]. */
export abstract class ForwardConvolution extends Convolution {
  /** Padding on both sides of each axis, or "same" or "valid". */
  protected readonly padding: readonly number[] | "same" | "valid";
  /** Values of the padding: zeros, or reflected, replicated or circular elements of the input. */
  protected readonly mode: PaddingMode;

  /** A layer with weights drawn from the device's generator. */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: readonly number[],
    options: ConvOptions<Sizes>,
  ) {
    const { padding = 0, paddingMode = "zeros", groups = 1 } = options;
    super([inChannels, outChannels], [outChannels, inChannels / groups], kernelSize, options);
    this.padding = typeof padding === "string" ? padding : sizesOf(padding, kernelSize.length);
    this.mode = paddingMode;
    if (padding === "same" && this.movement.stride.some((s) => s !== 1)) {
      throw new RangeError(
        `Cannot make ${this.constructor.name} as padding "same" needs a stride of 1: current stride is ` +
          showTuple(this.movement.stride),
      );
    }
  }

  /** The convolution of an input and so many zeros around it. */
  protected abstract convolve(x: Tensor, padding: readonly number[] | "same" | "valid"): Tensor;

  /** Numbers of channels, in and out. */
  protected override get channels(): readonly [number, number] {
    return [this.weight.shape[1]! * this.movement.groups, this.weight.shape[0]!];
  }

  /**
   * Applies the layer.
   *
   * @param x [n, inChannels, ...] or [inChannels, ...]
   */
  override forward(x: Tensor): Tensor {
    const mode = this.mode;
    if (mode === "zeros") return this.convolve(x, this.padding);
    return tidySync(() => this.convolve(x.pad(this.margins(), { mode }), "valid"));
  }

  /** Padding that is applied to the input before the convolution, in elements before and after each axis. */
  protected margins(): readonly number[] {
    if (this.padding === "valid") return [];
    if (this.padding !== "same") return marginsOf(this.padding);
    const [, , ...size] = this.weight.shape;
    // The odd one goes behind.
    return size.map((k, i) => (k - 1) * this.movement.dilation[i]!)
      .toReversed().flatMap((n) => [Math.floor(n / 2), Math.ceil(n / 2)]);
  }

  /** What is printed of the padding. */
  protected override paddingRepr(): readonly [string, string, string] {
    const padding = this.padding, mode = this.mode;
    return [
      typeof padding === "string" ? `padding=${padding}` : shown("padding", padding),
      "",
      mode === "zeros" ? "" : `padding_mode=${mode}`,
    ];
  }

  /** The options of the constructor that say how margins are filled. */
  protected override paddingOptions(): Readonly<Record<string, unknown>> {
    const { padding, mode: paddingMode } = this;
    return { padding: typeof padding === "string" ? padding : oneOrSeveral(padding), paddingMode };
  }
}

/** The base of transposed convolutions: weight [inChannels, outChannels / groups, ...kernelSize]. */
export abstract class TransposedConvolution extends Convolution {
  /** What is cut off, and what is added. */
  protected readonly margins: {
    /** On every side of the result. */
    readonly padding: readonly number[];
    /** At its end. */
    readonly outputPadding: readonly number[];
  };

  /** A layer with weights drawn from the device's generator. */
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: readonly number[],
    options: ConvTransposeOptions<Sizes>,
  ) {
    const { padding = 0, outputPadding = 0, groups = 1 } = options, axes = kernelSize.length;
    super([inChannels, outChannels], [inChannels, outChannels / groups], kernelSize, options);
    this.margins = { padding: sizesOf(padding, axes), outputPadding: sizesOf(outputPadding, axes) };
  }

  /** Numbers of channels, in and out. */
  protected override get channels(): readonly [number, number] {
    return [this.weight.shape[0]!, this.weight.shape[1]! * this.movement.groups];
  }

  /** What is printed of the padding. */
  protected override paddingRepr(): readonly [string, string, string] {
    const { padding, outputPadding } = this.margins;
    return [shown("padding", padding), shown("output_padding", outputPadding), ""];
  }

  /** The options of the constructor that say how margins are filled. */
  protected override paddingOptions(): Readonly<Record<string, unknown>> {
    const { padding, outputPadding } = this.margins;
    return { padding: oneOrSeveral(padding), outputPadding: oneOrSeveral(outputPadding) };
  }
}
