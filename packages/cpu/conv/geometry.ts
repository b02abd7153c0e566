/** Extents of a convolution. */
import type { Shape, Window2d } from "@troodon/core";
import type { KeyView, PlanKey } from "../plan/plan_key.ts";

/** All that follows from the shapes; channels are those of one group. */
export interface Geometry {
  readonly samples: number;
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly window: Window2d;
}

/** An operand with a shape. */
export interface Shaped {
  readonly shape: Shape;
}

/** The geometry of x [n, c, h, w] and y [n, o, h', w']. */
export function geometry(window: Window2d, groups: number, x: Shaped, y: Shaped): Geometry {
  const [samples, channels, height, width] = x.shape as [number, number, number, number];
  const [, filters, outHeight, outWidth] = y.shape as [number, number, number, number];
  return {
    samples,
    groups,
    channels: channels / groups,
    filters: filters / groups,
    height,
    width,
    outHeight,
    outWidth,
    window,
  };
}

/** Adds to a key all of a convolution, or of one of its gradients, that a plan depends on: views are contiguous. */
export function addKey(
  key: PlanKey,
  { window: { size, stride, padding, dilation }, groups }: {
    readonly window: Window2d;
    readonly groups: number;
  },
  inputs: readonly KeyView[],
  outputs: readonly KeyView[],
): void {
  key.add(groups).all(size).all(stride).all(padding).all(dilation).shapes(inputs).shapes(outputs);
}

/** Nanoseconds that a convolution, or one of its gradients, takes on one thread, with vectors of 32 bytes if `wide`. */
export function duration(
  { samples, groups, channels, filters, outHeight, outWidth, window }: Geometry,
  wide: boolean,
): number {
  const [kh, kw] = window.size;
  return samples * groups * channels * filters * outHeight * outWidth * kh * kw / (wide ? 32 : 15);
}
