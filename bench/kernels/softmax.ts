import { type Device, randint, type Tensor } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

/** Rows and their elements. */
export type Size = readonly [rows: number, classes: number];

const labels = ([rows, classes]: Size, device: Device): Tensor =>
  randint(0, classes, [rows], { device, dtype: "int32" });

/** Softmax, its logarithm, cross-entropy and the gradients of all three. */
export function softmaxes(size: Size): KernelCase[] {
  const name = extents(size), rows = [size[0]], ignoreIndex = -100;
  return [
    ...(["softmax", "logSoftmax"] as const).map((kernel) =>
      launching(name, { kernel }, (device) => [noise(size)(device), noise(size)(device)])
    ),
    ...(["softmaxGrad", "logSoftmaxGrad"] as const).map((kernel) =>
      launching(name, { kernel }, (device) => [noise(size, size)(device), noise(size)(device)])
    ),
    launching(name, { kernel: "crossEntropy", ignoreIndex }, (device) => [
      [...noise(size)(device), labels(size, device)],
      noise(rows, size)(device),
    ]),
    launching(name, { kernel: "crossEntropyGrad", ignoreIndex }, (device) => [
      [...noise(rows, size)(device), labels(size, device)],
      noise(size)(device),
    ]),
    launching(name, { kernel: "crossEntropyLoss", ignoreIndex, reduction: "mean" }, (device) => [
      [...noise(size)(device), labels(size, device)],
      noise([], size, [])(device),
    ]),
    launching(name, { kernel: "crossEntropyLossGrad", ignoreIndex }, (device) => [
      [...noise([], size)(device), labels(size, device), ...noise([])(device)],
      noise(size)(device),
    ]),
  ];
}

/** Ten classes at batch size 64, and the words of a small language. */
export const SOFTMAX_CASES: readonly KernelCase[] = [[64, 10], [1024, 1000], [512, 32_000]].flatMap((size) =>
  softmaxes(size as unknown as Size)
);
