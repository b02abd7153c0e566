import type { ScanCall, Shape } from "@troodon/core";
import { extents, type KernelCase, launching, noise } from "./case.ts";

/** Running results along one axis. */
export function running(op: ScanCall["op"], shape: Shape, axis: number, reverse = false): KernelCase {
  return launching(
    `running ${op} ${extents(shape)} along ${axis}${reverse ? ", from the end" : ""}`,
    { kernel: "scan", op, axis, reverse },
    (device) => [noise(shape)(device), noise(shape)(device)],
  );
}

/** Rows, columns, and one long row. */
export const SCAN_CASES: readonly KernelCase[] = [
  running("sum", [64, 256], 1),
  running("sum", [1024, 1024], 1),
  running("sum", [1024, 1024], 1, true),
  running("sum", [1024, 1024], 0),
  running("max", [1024, 1024], 1),
  running("logaddexp", [64, 256], 1),
  running("sum", [2 ** 20], 0),
];
