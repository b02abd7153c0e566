import { empty, type Shape } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

function largest(shape: Shape, axis: number): KernelCase {
  const kept = shape.map((extent, i) => i === axis ? 1 : extent);
  return launching(
    `position of the largest ${extents(shape)} along ${axis}`,
    { kernel: "argreduce", op: "max", axis },
    (device) => [noise(shape)(device), [empty(kept, { device, dtype: "int32" })]],
  );
}

/** Predictions of ten classes, rows, columns, and one long row. */
export const ARGREDUCE_CASES: readonly KernelCase[] = [
  largest([64, 10], 1),
  largest([1024, 1024], 1),
  largest([1024, 1024], 0),
  largest([2 ** 20], 0),
];
