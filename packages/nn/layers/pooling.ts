/** Pooling. */
import { avgPool2d, maxPool2d, type Tensor } from "@troodon/core";
import { Module } from "../module.ts";
import { type Pair, pair } from "./conv.ts";

/** Options of {@linkcode MaxPool2d}. */
export interface MaxPool2dModuleOptions {
  /** Step of the window; its size by default. */
  readonly stride?: Pair;
  /** Places added on every side that never win; 0 by default. */
  readonly padding?: Pair;
  /** Distance between the taps of the window; 1 by default. */
  readonly dilation?: Pair;
  /** Whether a window may begin inside and end outside; false by default. */
  readonly ceilMode?: boolean;
}

/** As Python writes it: one number where both are equal and were given as one. */
const show = (value: Pair): string => typeof value === "number" ? `${value}` : `(${pair(value).join(", ")})`;

/** The largest of each window. Input [n, c, h, w] (or without n), output [n, c, h', w']. */
export class MaxPool2d extends Module {
  /** Size of the window. */
  readonly kernelSize: Pair;
  readonly #options: MaxPool2dModuleOptions;

  /** Windows that do not overlap by default. */
  constructor(kernelSize: Pair, options: MaxPool2dModuleOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.#options);
  }

  /** What is printed. */
  override extraRepr(): string {
    const { stride = this.kernelSize, padding = 0, dilation = 1, ceilMode = false } = this.#options;
    return `kernel_size=${show(this.kernelSize)}, stride=${show(stride)}, padding=${show(padding)}, ` +
      `dilation=${show(dilation)}, ceil_mode=${ceilMode ? "True" : "False"}`;
  }
}

/** Options of {@linkcode AvgPool2d}. */
export interface AvgPool2dModuleOptions {
  /** Step of the window; its size by default. */
  readonly stride?: Pair;
  /** Zeros added on every side; 0 by default. */
  readonly padding?: Pair;
  /** Whether a window may begin inside and end outside; false by default. */
  readonly ceilMode?: boolean;
  /** Whether the zeros count; true by default. */
  readonly countIncludePad?: boolean;
}

/** The mean of each window. Input [n, c, h, w] (or without n), output [n, c, h', w']. */
export class AvgPool2d extends Module {
  /** Size of the window. */
  readonly kernelSize: Pair;
  readonly #options: AvgPool2dModuleOptions;

  /** Windows that do not overlap by default. */
  constructor(kernelSize: Pair, options: AvgPool2dModuleOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.#options = options;
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.#options);
  }

  /** What is printed. */
  override extraRepr(): string {
    const { stride = this.kernelSize, padding = 0 } = this.#options;
    return `kernel_size=${show(this.kernelSize)}, stride=${show(stride)}, padding=${show(padding)}`;
  }
}
