/** Extents of a convolution. */
import type { Window2d } from "@troodon/core";
import type { CpuView } from "../kernel.ts";

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

/** The geometry of x [n, c, h, w] and y [n, o, h', w']. */
export function geometry(window: Window2d, groups: number, x: CpuView, y: CpuView): Geometry {
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

/** All of a convolution's call that its plan depends on. */
export function numbersOf(
  { window: { size, stride, padding, dilation }, groups }: {
    readonly window: Window2d;
    readonly groups: number;
  },
): readonly number[] {
  return [groups, ...size, ...stride, ...padding, ...dilation];
}

/** Nanoseconds that a convolution, or one of its gradients, takes on one thread. */
export function duration(
  { samples, groups, channels, filters, outHeight, outWidth, window }: Geometry,
): number {
  const [kh, kw] = window.size;
  return samples * groups * channels * filters * outHeight * outWidth * kh * kw / 15;
}
