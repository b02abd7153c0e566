/** What undoes pooling, in part. */
import { maxUnpool1d, maxUnpool2d, maxUnpool3d, type Pair, type Tensor, type Triple } from "@troodon/core";
import { type OptionKeys, readOptions, showTuple } from "@troodon/core/kernel";
import { checkSizes } from "../check_numbers.ts";
import { Module } from "../module.ts";
import { sizesOf } from "./sizes.ts";

/** Options of {@linkcode MaxUnpool1d}, {@linkcode MaxUnpool2d} and {@linkcode MaxUnpool3d}. */
export interface MaxUnpoolModuleOptions<Size> {
  /** Step of the window; its size by default. */
  readonly stride?: Size;
  /** Places that were added on every side; 0 by default. */
  readonly padding?: Size;
}
const MAX_UNPOOL_MODULE_OPTIONS: OptionKeys<MaxUnpoolModuleOptions<unknown>> = {
  stride: true,
  padding: true,
};

/** The base of the variants by dimension. */
export abstract class MaxUnpool<Size extends number | readonly number[], OutputSize>
  extends Module<[x: Tensor, indices: Tensor, outputSize?: OutputSize]> {
  /** Size of the window. */
  readonly kernelSize: Size;
  /** How it moved. */
  protected readonly options: Required<MaxUnpoolModuleOptions<Size | number>>;
  /** Number of axes. */
  protected abstract readonly axes: number;

  /** Windows that do not overlap by default. */
  constructor(kernelSize: Size, options?: MaxUnpoolModuleOptions<Size>) {
    checkSizes(new.target.name, { kernelSize });
    const { stride = kernelSize, padding = 0 } = readOptions(
      new.target.name,
      options,
      MAX_UNPOOL_MODULE_OPTIONS,
    );
    super();
    this.kernelSize = kernelSize;
    this.options = { stride, padding };
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    const show = (size: number | readonly number[]) => showTuple(sizesOf(size, this.axes));
    const { stride, padding } = this.options;
    return `kernel_size=${show(this.kernelSize)}, stride=${show(stride)}, padding=${show(padding)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.kernelSize, this.options];
  }
}

/** Elements put back where pooling over one axis found them, among zeros. Input [n, c, l] (or without n). */
export class MaxUnpool1d extends MaxUnpool<number, number | readonly number[]> {
  /** Number of axes. */
  protected override readonly axes = 1;

  /**
   * Applies the layer.
   *
   * @param x [n, c, l] or [c, l]
   * @param indices Integers of the same shape
   */
  override forward(x: Tensor, indices: Tensor, outputSize?: number | readonly number[]): Tensor {
    return maxUnpool1d(x, indices, this.kernelSize, {
      ...this.options,
      ...(outputSize !== undefined && { outputSize }),
    });
  }
}

/** Elements put back where {@linkcode maxPool2dWithIndices} found them, among zeros. Input [n, c, h, w] (or without n). */
export class MaxUnpool2d extends MaxUnpool<Pair, readonly number[]> {
  /** Number of axes. */
  protected override readonly axes = 2;

  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   * @param indices Integers of the same shape
   */
  override forward(x: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return maxUnpool2d(x, indices, this.kernelSize, { ...this.options, ...(outputSize && { outputSize }) });
  }
}

/** Elements put back where {@linkcode maxPool3dWithIndices} found them, among zeros. Input [n, c, d, h, w] (or without n). */
export class MaxUnpool3d extends MaxUnpool<Triple, readonly number[]> {
  /** Number of axes. */
  protected override readonly axes = 3;

  /**
   * Applies the layer.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   * @param indices Integers of the same shape
   */
  override forward(x: Tensor, indices: Tensor, outputSize?: readonly number[]): Tensor {
    return maxUnpool3d(x, indices, this.kernelSize, { ...this.options, ...(outputSize && { outputSize }) });
  }
}
