import { extents, type KernelCase, launching, noise } from "./case.ts";

/** Windows along the last axis but one. */
function folding(rows: number, windows: number, size: number, step: number): KernelCase {
  const shape = [rows, windows, size], length = (windows - 1) * step + size;
  return launching(
    `${extents(shape)}, a window every ${step}`,
    { kernel: "fold", axis: 1, step, dilation: 1 },
    (device) => [noise(shape)(device), noise([rows, length])(device)],
  );
}

/** Windows that overlap, and that do not. */
export const FOLD_CASES: readonly KernelCase[] = [
  folding(64, 60, 5, 1),
  folding(64, 4096, 4, 2),
  folding(1, 2 ** 18, 4, 4),
];
