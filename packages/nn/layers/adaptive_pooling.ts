/** Pooling to given extents. */
import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveAvgPool3d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  adaptiveMaxPool3d,
  type Tensor,
} from "@troodon/core";
import { showSizes } from "@troodon/core/kernel";
import { checkSizes } from "../check_numbers.ts";
import { Module } from "../module.ts";

/** Two extents, of which null leaves one as it is, or one number for both. */
export type PlaneSize = number | readonly [number | null, number | null];

/** Three extents, of which null leaves one as it is, or one number for all. */
export type VolumeSize = number | readonly [number | null, number | null, number | null];

/** The base of the variants by kind and dimension. */
export abstract class AdaptivePool<Size extends number | readonly (number | null)[]> extends Module {
  /** Extents of the result. */
  readonly outputSize: Size;

  /** Windows that are laid so that there are `outputSize` of them. */
  constructor(outputSize: Size) {
    checkSizes(new.target.name, { outputSize });
    super();
    this.outputSize = outputSize;
  }

  /** The arguments in the module's printed form. */
  override extraRepr(): string {
    return `output_size=${showSizes(this.outputSize)}`;
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [this.outputSize];
  }
}

/** The means of as many windows as `outputSize` says. Input [n, c, l] (or without n), output [n, c, outputSize]. */
export class AdaptiveAvgPool1d extends AdaptivePool<number> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, l] or [c, l]
   */
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/** The means of as many windows as `outputSize` says. Input [n, c, h, w] (or without n), output [n, c, ...outputSize]. */
export class AdaptiveAvgPool2d extends AdaptivePool<PlaneSize> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/** The means of as many windows as `outputSize` says. Input [n, c, d, h, w] (or without n), output [n, c, ...outputSize]. */
export class AdaptiveAvgPool3d extends AdaptivePool<VolumeSize> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   */
  override forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.outputSize);
  }
}

/** The largest elements of as many windows as `outputSize` says. Input [n, c, l] (or without n), output [n, c, outputSize]. */
export class AdaptiveMaxPool1d extends AdaptivePool<number> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, l] or [c, l]
   */
  override forward(x: Tensor): Tensor {
    return adaptiveMaxPool1d(x, this.outputSize);
  }
}

/** The largest elements of as many windows as `outputSize` says. Input [n, c, h, w] (or without n), output [n, c, ...outputSize]. */
export class AdaptiveMaxPool2d extends AdaptivePool<PlaneSize> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, h, w] or [c, h, w]
   */
  override forward(x: Tensor): Tensor {
    return adaptiveMaxPool2d(x, this.outputSize);
  }
}

/** The largest elements of as many windows as `outputSize` says. Input [n, c, d, h, w] (or without n), output [n, c, ...outputSize]. */
export class AdaptiveMaxPool3d extends AdaptivePool<VolumeSize> {
  /**
   * Applies the layer.
   *
   * @param x [n, c, d, h, w] or [c, d, h, w]
   */
  override forward(x: Tensor): Tensor {
    return adaptiveMaxPool3d(x, this.outputSize);
  }
}
