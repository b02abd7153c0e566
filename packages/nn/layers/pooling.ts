/** Pooling. */
import {
  lpPool1d,
  lpPool2d,
  lpPool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type Pair,
  type Tensor,
  type Triple,
} from "@troodon/core";
import { checkSurplus, type OptionKeys, readOptions, showFlag, showSizes } from "@troodon/core/kernel";
import { checkNumbers, checkSizes } from "../check_numbers.ts";
import { Module } from "../module.ts";

/** Options of {@linkcode MaxPool1d}, {@linkcode MaxPool2d} and {@linkcode MaxPool3d}. */
export interface MaxPoolModuleOptions<Size> {
  /** Step of the window; its size by default. */
  readonly stride?: Size;
  /** Places added on every side that never win; 0 by default. */
  readonly padding?: Size;
  /** Distance between the taps of the window; 1 by default. */
  readonly dilation?: Size;
  /** Whether a window may begin inside and end outside; false by default. */
  readonly ceilMode?: boolean;
}
const MAX_POOL_MODULE_OPTIONS: OptionKeys<MaxPoolModuleOptions<unknown>> = {
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
};

/** Options of {@linkcode LPPool1d}, {@linkcode LPPool2d} and {@linkcode LPPool3d}. */
export interface LpPoolModuleOptions<Size> {
  /** Step of the window; its size by default. */
  readonly stride?: Size;
  /** Whether a window may begin inside and end outside; false by default. */
  readonly ceilMode?: boolean;
}
const LP_POOL_MODULE_OPTIONS: OptionKeys<LpPoolModuleOptions<unknown>> = { stride: true, ceilMode: true };

/** A layer of sliding windows. */
export abstract class Pool<Size extends number | readonly number[], Options> extends Module {
  /** Size of the window. */
  readonly kernelSize: Size;
  /** How it moves. */
  protected readonly options: Options;

  /** Windows that do not overlap by default. */
  constructor(kernelSize: Size, options: Options) {
    checkSizes(new.target.name, { kernelSize });
    super();
    this.kernelSize = kernelSize;
    this.options = options;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.kernelSize, this.options];
  }
}

/** The base of the variants by dimension. */
export abstract class MaxPool<Size extends number | readonly number[]>
  extends Pool<Size, MaxPoolModuleOptions<Size>> {
  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { stride = this.kernelSize, padding = 0, dilation = 1, ceilMode = false } = this.options;
    return `kernel_size=${showSizes(this.kernelSize)}, stride=${showSizes(stride)}, padding=${
      showSizes(padding)
    }, ` +
      `dilation=${showSizes(dilation)}, ceil_mode=${showFlag(ceilMode)}`;
  }
}

/** The base of the variants by dimension. */
export abstract class LPPool<Size extends number | readonly number[]>
  extends Pool<Size, LpPoolModuleOptions<Size>> {
  /** The exponent. */
  readonly normType: number;

  /** Windows that do not overlap by default. */
  constructor(normType: number, kernelSize: Size, options?: LpPoolModuleOptions<Size>) {
    super(kernelSize, readOptions(new.target.name, options, LP_POOL_MODULE_OPTIONS));
    this.normType = normType;
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const { stride = null, ceilMode = false } = this.options;
    return `norm_type=${this.normType}, kernel_size=${showSizes(this.kernelSize)}, stride=${
      showSizes(stride)
    }, ` +
      `ceil_mode=${showFlag(ceilMode)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.normType, this.kernelSize, this.options];
  }
}

/** The largest of each window. Input [n, c, l] (or without n), output [n, c, l']. */
export class MaxPool1d extends MaxPool<number> {
  /** Windows that do not overlap by default. */
  constructor(kernelSize: number, options: MaxPoolModuleOptions<number> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    checkNumbers(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, MAX_POOL_MODULE_OPTIONS);
    super(kernelSize, options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, l] or [c, l]
   */
  override forward(x: Tensor): Tensor {
    return maxPool1d(x, this.kernelSize, this.options);
  }
}

/** The largest of each window. Input [n, c, h, w] (or without n), output [n, c, h', w']. */
export class MaxPool2d extends MaxPool<Pair> {
  /** Windows that do not overlap by default. */
  constructor(kernelSize: Pair, options: MaxPoolModuleOptions<Pair> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, MAX_POOL_MODULE_OPTIONS);
    super(kernelSize, options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this.options);
  }

  /**
   * Applies the layer to relu(x), which is never made.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  forwardRelu(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, { ...this.options, relu: true });
  }
}

/** The largest of each window. Input [n, c, d, h, w] (or without n), output [n, c, d', h', w']. */
export class MaxPool3d extends MaxPool<Triple> {
  /** Windows that do not overlap by default. */
  constructor(kernelSize: Triple, options: MaxPoolModuleOptions<Triple> = {}) {
    checkSurplus(new.target.name, arguments, 2);
    checkSizes(new.target.name, { kernelSize });
    options = readOptions(new.target.name, options, MAX_POOL_MODULE_OPTIONS);
    super(kernelSize, options);
  }

  /**
   * Applies the layer.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   */
  override forward(x: Tensor): Tensor {
    return maxPool3d(x, this.kernelSize, this.options);
  }
}

/** The norm of each window, (sum x^p)^(1/p). Input [n, c, l] (or without n), output [n, c, l']. */
export class LPPool1d extends LPPool<number> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, l] or [c, l]
   */
  override forward(x: Tensor): Tensor {
    return lpPool1d(x, this.normType, this.kernelSize, this.options);
  }
}

/** The norm of each window, (sum x^p)^(1/p). Input [n, c, h, w] (or without n), output [n, c, h', w']. */
export class LPPool2d extends LPPool<Pair> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return lpPool2d(x, this.normType, this.kernelSize, this.options);
  }
}

/** The norm of each window, (sum x^p)^(1/p). Input [n, c, d, h, w] (or without n), output [n, c, d', h', w']. */
export class LPPool3d extends LPPool<Triple> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   */
  override forward(x: Tensor): Tensor {
    return lpPool3d(x, this.normType, this.kernelSize, this.options);
  }
}
