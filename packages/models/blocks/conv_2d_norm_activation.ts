/** Convolution, normalization and activation as one block. */
import { BatchNorm2d, type BatchNormOptions, Conv2d, type Module, Sequential } from "@troodon/nn";
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { type Activation, makeActivation } from "./activation.ts";
import { LayerNorm2d } from "./layer_norm_2d.ts";

/** Options of {@linkcode Conv2dNormActivation}. */
export interface Conv2dNormActivationOptions {
  /** Height and width of the window (default 3). */
  readonly kernelSize?: number;
  /** Stride of the window (default 1). */
  readonly stride?: number;
  /** Padding on each side (default: preserves the size at stride 1). */
  readonly padding?: number;
  /** Dilation: distance between the elements of the window (default 1). */
  readonly dilation?: number;
  /** Number of groups of channels that are convolved separately (default 1). */
  readonly groups?: number;
  /** Options of the batch normalization, or `"layerNorm"` to normalize over the channels (default `{}`). */
  readonly norm?: Pick<BatchNormOptions, "eps" | "momentum"> | "layerNorm";
  /** Activation at the end, or null (default `"relu"`). */
  readonly activation?: Activation | null;
}
const OPTIONS: OptionKeys<Conv2dNormActivationOptions> = {
  kernelSize: true,
  stride: true,
  padding: true,
  dilation: true,
  groups: true,
  norm: true,
  activation: true,
};

/**
 * A convolution, a normalization and an activation: [n, inChannels, h, w] to [n, outChannels, h', w']. The
 * convolution has a bias only before a layer normalization.
 */
export class Conv2dNormActivation extends Sequential {
  /** Arguments of the constructor. */
  protected readonly made: readonly [number, number, Conv2dNormActivationOptions];

  /** Creates a block with the default initialization of its layers. */
  constructor(inChannels: number, outChannels: number, options: Conv2dNormActivationOptions = {}) {
    const { kernelSize = 3, stride = 1, dilation = 1, groups = 1, norm = {}, activation = "relu", padding } = //
      readOptions(new.target.name, options, OPTIONS);
    const layers: Module[] = [
      new Conv2d(inChannels, outChannels, kernelSize, {
        stride,
        dilation,
        groups,
        padding: padding ?? Math.floor((kernelSize - 1) / 2) * dilation,
        bias: norm === "layerNorm",
      }),
      norm === "layerNorm" ? new LayerNorm2d(outChannels, { eps: 1e-6 }) : new BatchNorm2d(outChannels, norm),
    ];
    if (activation !== null) layers.push(makeActivation(activation));
    super(...layers);
    this.made = [inChannels, outChannels, options];
    Object.defineProperty(this, "made", { enumerable: false });
  }

  /** Returns the constructor arguments that recreate this block. */
  override describe(): readonly unknown[] {
    return this.made;
  }
}
