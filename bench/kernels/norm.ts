import { rand, type Shape } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

/** A normalization over batches or rows: `of` is the shape of weight and bias, `by` that of mean and deviation. */
export function normalizations(
  layer: "batchNorm" | "layerNorm",
  x: Shape,
  of: Shape,
  by: Shape,
): KernelCase[] {
  const name = extents(x);
  return [
    launching(name, { kernel: layer, eps: 1e-5 }, (device) => [
      noise(x, of, of)(device),
      noise(x, by, by)(device),
    ]),
    launching(name, { kernel: `${layer}Grad` }, (device) => [
      [...noise(x, x, by)(device), rand(by, { device }), ...noise(of)(device)],
      noise(x, of, of)(device),
    ]),
  ];
}

/** Of images after each convolution of a small classifier, and of the words of a small transformer. */
export const NORM_CASES: readonly KernelCase[] = [
  ...[[64, 16, 144], [64, 16, 576], [64, 32, 784]].flatMap((x) =>
    normalizations("batchNorm", x, [x[1]!], [x[1]!])
  ),
  ...[[64, 256], [1024, 1024]].flatMap((x) => normalizations("layerNorm", x, [x[1]!], [x[0]!])),
];
