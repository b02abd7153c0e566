import type { Body, ReduceOp, Shape } from "@troodon/core";
import { body, expr as e } from "@troodon/core/kernel";
import { extents, type KernelCase, launching, noise } from "./case.ts";

const SELF = body(e.input(0)), SQUARE = body(e.square(e.input(0)));

/** A reduction of `shape` over `axes`. */
export function reduction(
  title: string,
  op: ReduceOp,
  shape: Shape,
  axes: readonly number[],
  kernel: Body = SELF,
): KernelCase {
  const call = { kernel: "reduce", op, body: kernel, compute: "float32", scalars: [], shape, axes } as const;
  const kept = shape.map((extent, axis) => axes.includes(axis) ? 1 : extent);
  return launching(
    `${title} ${extents(shape)} over ${axes.join(", ")}`,
    call,
    (device) => [noise(shape)(device), noise(kept)(device)],
  );
}

/** Sums of all, of rows, of columns and of channels. */
export const REDUCE_CASES: readonly KernelCase[] = [
  reduction("sum", "sum", [64, 256], [0]),
  reduction("sum", "sum", [64, 16, 24, 24], [0, 2, 3]),
  reduction("sum", "sum", [1024, 1024], [0]),
  reduction("sum", "sum", [1024, 1024], [1]),
  reduction("largest", "max", [1024, 1024], [1]),
  reduction("product", "prod", [1024, 1024], [1]),
  ...[20, 24, 26].map((bits) => reduction("sum", "sum", [2 ** bits], [0])),
  reduction("sum of squares", "sum", [2 ** 20], [0], SQUARE),
];
