import { empty, type Shape } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

/** Sorting along one axis. */
export function sorting(shape: Shape, axis: number): KernelCase {
  return launching(
    `${extents(shape)} along ${axis}`,
    { kernel: "sort", axis, descending: false },
    (device) => [noise(shape)(device), [...noise(shape)(device), empty(shape, { device, dtype: "int32" })]],
  );
}

/** Logits, rows, columns, and one long row. */
export const SORT_CASES: readonly KernelCase[] = [
  sorting([64, 10], 1),
  sorting([64, 1024], 1),
  sorting([1024, 1024], 1),
  sorting([1024, 1024], 0),
  sorting([2 ** 20], 0),
];
