/** Pooling by means. */
import { avgPool1d, avgPool2d, avgPool3d, type Pair, type Tensor, type Triple } from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showSizes, showTuple } from "@troodon/core/kernel";
import { Pool } from "./pooling.ts";
import { checkNumbers, checkSizes } from "../check_numbers.ts";

/** Options of {@linkcode AvgPool1d}. */
export interface AvgPoolModuleOptions<Size> {
  /** Step of the window; its size by default. */
  readonly stride?: Size;
  /** Zeros added on every side; 0 by default. */
  readonly padding?: Size;
  /** Whether a window may begin inside and end outside; false by default. */
  readonly ceilMode?: boolean;
  /** Whether the zeros count; true by default. */
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
  /** Divisor of the sum of a window, in place of the number of its elements. */
  readonly divisorOverride?: number;
}
const DIVIDED_POOL_MODULE_OPTIONS: OptionKeys<DividedPoolModuleOptions<unknown>> = {
  ...AVG_POOL_MODULE_OPTIONS,
  divisorOverride: true,
};

/** The base of the variants by dimension. */
export abstract class AvgPool<Size extends number | readonly number[]>
  extends Pool<Size, DividedPoolModuleOptions<Size>> {
  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { stride = this.kernelSize, padding = 0 } = this.options;
    return `kernel_size=${this.show(this.kernelSize)}, stride=${this.show(stride)}, padding=${
      this.show(padding)
    }`;
  }

  /** A size as it is printed. */
  protected show(size: number | readonly number[]): string {
    return showSizes(size);
  }
}

/** The mean of each window. Input [n, c, l] (or without n), output [n, c, l']. */
export class AvgPool1d extends AvgPool<number> {
  /** Windows that do not overlap by default. */
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

  /** A size as it is printed. */
  protected override show(size: number): string {
    return showTuple([size]);
  }
}

/** The mean of each window. Input [n, c, h, w] (or without n), output [n, c, h', w']. */
export class AvgPool2d extends AvgPool<Pair> {
  /** Windows that do not overlap by default. */
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

/** The mean of each window. Input [n, c, d, h, w] (or without n), output [n, c, d', h', w']. */
export class AvgPool3d extends AvgPool<Triple> {
  /** Windows that do not overlap by default. */
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
