/** Convolutions. */
import { conv2d, type Tensor } from "@troodon/core";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { emptyParameter, type LayerOptions, resetAffine } from "./linear.ts";

/** A number for both axes, or [vertical, horizontal]. */
export type Pair = number | readonly [number, number];

/** A pair from either form. */
export function pair(value: Pair): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

/** A pair as Python writes it. */
export function showPair(value: Pair): string {
  return `(${pair(value).join(", ")})`;
}

/** Options of {@linkcode Conv2d}. */
export interface Conv2dOptions extends LayerOptions {
  /** Step of the window; 1 by default. */
  readonly stride?: Pair;
  /** Zeros added on every side; 0 by default. "same" keeps the size at stride 1, "valid" adds none. */
  readonly padding?: Pair | "same" | "valid";
  /** Distance between the taps of the window; 1 by default. */
  readonly dilation?: Pair;
  /** Channels are cut into so many groups that do not see each other; 1 by default. */
  readonly groups?: number;
  /** Whether something is added to each output channel; true by default. */
  readonly bias?: boolean;
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
export class Conv2d extends Module {
  /** [outChannels, inChannels / groups, kh, kw] */
  readonly weight: Parameter;
  /** [outChannels], or null. */
  readonly bias: Parameter | null;
  readonly #options: Required<Pick<Conv2dOptions, "stride" | "padding" | "dilation" | "groups">>;

  /**
   * A layer with weights drawn from the device's generator.
   *
   * @throws {RangeError} If `groups` does not divide both numbers of channels.
   */
  constructor(inChannels: number, outChannels: number, kernelSize: Pair, options: Conv2dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options;
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new RangeError(
        `Cannot make Conv2d as groups must divide both numbers of channels: current numbers are ` +
          `${inChannels} and ${outChannels}, groups ${groups}`,
      );
    }
    this.#options = { stride, padding, dilation, groups };
    this.weight = emptyParameter([outChannels, inChannels / groups, ...pair(kernelSize)], options);
    this.bias = bias ? emptyParameter([outChannels], options) : null;
    resetAffine(this.weight, this.bias);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, inChannels, h, w] or [inChannels, h, w]
   */
  override forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.#options);
  }

  /** What is printed. */
  override extraRepr(): string {
    const { stride, padding, dilation, groups } = this.#options;
    const [out, inputs, ...size] = this.weight.shape as [number, number, number, number];
    const parts = [
      `${inputs * groups}`,
      `${out}`,
      `kernel_size=${showPair(size)}`,
      `stride=${showPair(stride)}`,
    ];
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (pair(padding).some((p) => p !== 0)) parts.push(`padding=${showPair(padding)}`);
    if (pair(dilation).some((d) => d !== 1)) parts.push(`dilation=${showPair(dilation)}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (this.bias === null) parts.push("bias=False");
    return parts.join(", ");
  }
}
