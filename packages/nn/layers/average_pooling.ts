/** Average pooling. */
import { avgPool1d, avgPool2d, avgPool3d, type Pair, type Tensor, type Triple } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showSizes, showTuple } from "@troodon/core/kernel";
import { Pool } from "./pooling.ts";
import { checkNumbers, checkSizes } from "../check_numbers.ts";

/** Options of {@linkcode AvgPool1d}. */
export interface AvgPoolModuleOptions<Size> {
  /** Stride of the window (default: its size). */
  readonly stride?: Size;
  /** Zero padding on both sides (default 0). */
  readonly padding?: Size;
  /** If true, uses ceil instead of floor to compute the output size (default false). */
  readonly ceilMode?: boolean;
  /** If true, includes the zero padding in the averages (default true). */
  readonly countIncludePad?: boolean;
}
const AVG_POOL_MODULE_OPTIONS: OptionKeys<AvgPoolModuleOptions<unknown>> = {
  stride: true,
  padding: true,
  ceilMode: true,
  countIncludePad: true,
};

/** Options of {@linkcode AvgPool2d} and {@linkcode AvgPool3d}. */
export interface DividedPoolModuleOptions<Size> extends AvgPoolModuleOptions<Size> {
  /** Divisor of the sum of a window (default: the number of its elements). */
  readonly divisorOverride?: number;
}
const DIVIDED_POOL_MODULE_OPTIONS: OptionKeys<DividedPoolModuleOptions<unknown>> = {
  ...AVG_POOL_MODULE_OPTIONS,
  divisorOverride: true,
};

/** Base class of the average pooling layers. */
export abstract class AvgPool<Size extends number | readonly number[]>
  extends Pool<Size, DividedPoolModuleOptions<Size>> {
  /** Returns the arguments for the printed form of the module. */
  override extraRepr(): string {
    const { stride = this.kernelSize, padding = 0 } = this.options;
    return `kernel_size=${this.show(this.kernelSize)}, stride=${this.show(stride)}, padding=${
      this.show(padding)
    }`;
  }

  /** Formats a size for the printed form. */
  protected show(size: number | readonly number[]): string {
    return showSizes(size);
  }
}

/** Averages each window. Input [n, c, l] (or without n), output [n, c, l']. */
export class AvgPool1d extends AvgPool<number> {
  /** Creates a layer whose windows do not overlap by default. */
  constructor(kernelSize: number, options: AvgPoolModuleOptions<number> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, AVG_POOL_MODULE_OPTIONS);
    super(kernelSize, options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, l] or [c, l]
   */
  override forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this.options);
  }

  /** Formats a size for the printed form. */
  protected override show(size: number): string {
    return showTuple([size]);
  }
}

/** Averages each window. Input [n, c, h, w] (or without n), output [n, c, h', w']. */
export class AvgPool2d extends AvgPool<Pair> {
  /** Creates a layer whose windows do not overlap by default. */
  constructor(kernelSize: Pair, options: DividedPoolModuleOptions<Pair> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, DIVIDED_POOL_MODULE_OPTIONS);
    super(kernelSize, options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this.options);
  }
}

/** Averages each window. Input [n, c, d, h, w] (or without n), output [n, c, d', h', w']. */
export class AvgPool3d extends AvgPool<Triple> {
  /** Creates a layer whose windows do not overlap by default. */
  constructor(kernelSize: Triple, options: DividedPoolModuleOptions<Triple> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, DIVIDED_POOL_MODULE_OPTIONS);
    super(kernelSize, options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   */
  override forward(x: Tensor): Tensor {
    return avgPool3d(x, this.kernelSize, this.options);
  }
}
