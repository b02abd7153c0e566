import type { Device, KernelCall, Shape, Tensor, Window2d } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

/** A convolutional layer at some batch size. */
export interface Layer {
  readonly title: string;
  /** [n, c, h, w] */
  readonly x: readonly [number, number, number, number];
  readonly filters: number;
  /** Rows and columns of a filter. */
  readonly size: number;
  readonly stride?: number;
  readonly padding?: number;
}

/** Those of small image classifiers at batch size 64, and wider ones. */
export const LAYERS: readonly Layer[] = [
  { title: "LeNet 1", x: [64, 1, 32, 32], filters: 6, size: 5 },
  { title: "LeNet 2", x: [64, 6, 14, 14], filters: 16, size: 5 },
  { title: "CNN 1", x: [64, 1, 28, 28], filters: 16, size: 5 },
  { title: "CNN 2", x: [64, 16, 12, 12], filters: 32, size: 5 },
  { title: "wide", x: [16, 32, 28, 28], filters: 64, size: 3, padding: 1 },
  { title: "wide", x: [64, 32, 28, 28], filters: 64, size: 3 },
  { title: "strided", x: [8, 64, 56, 56], filters: 64, size: 3, padding: 1, stride: 2 },
  { title: "pointwise", x: [16, 64, 28, 28], filters: 64, size: 1 },
  { title: "large", x: [64, 64, 56, 56], filters: 64, size: 3, padding: 1 },
];

/** Shapes of the images, the weight and the result. */
export function shapesOf(
  { x, filters, size, stride = 1, padding = 0 }: Layer,
): Record<"x" | "weight" | "y", Shape> {
  const [n, c, h, w] = x;
  const out = (extent: number): number => Math.floor((extent + 2 * padding - size) / stride) + 1;
  return { x, weight: [filters, c, size, size], y: [n, filters, out(h), out(w)] };
}

/** Forward, and the gradients. */
export type ConvolutionKernel = "conv2d" | "conv2dInputGrad" | "conv2dWeightGrad";

/** A convolution and its two gradients. */
export function convolutions(layer: Layer): KernelCase[] {
  const { title, filters, size, stride = 1, padding = 0 } = layer, { x, weight, y } = shapesOf(layer);
  const window: Window2d = {
    size: [size, size],
    stride: [stride, stride],
    padding: [padding, padding, padding, padding],
    dilation: [1, 1],
  };
  const name = `${title} ${extents(x)}, ${filters} of ${extents([size, size])}` +
    `${stride > 1 ? `, stride ${stride}` : ""}${padding > 0 ? `, padding ${padding}` : ""}`;
  type Tensors = (device: Device) => readonly [readonly Tensor[], readonly Tensor[]];
  const one = (kernel: ConvolutionKernel, tensors: Tensors): KernelCase => {
    const call: KernelCall = { kernel, window, groups: 1 };
    return launching(name, call, tensors);
  };
  return [
    one("conv2d", (device) => [noise(x, weight, [filters])(device), noise(y)(device)]),
    one("conv2dInputGrad", (device) => [noise(y, weight)(device), noise(x)(device)]),
    one("conv2dWeightGrad", (device) => [noise(y, x)(device), noise(weight, [filters])(device)]),
  ];
}

/** Convolutions and their gradients. */
export const CONV2D_CASES: readonly KernelCase[] = LAYERS.flatMap(convolutions);
