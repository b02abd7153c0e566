/** How tensors are written. */
import type { DType } from "./dtype.ts";
import type { Shape } from "./shape.ts";

/** What is to be written. */
export interface Printed {
  readonly data: ArrayLike<number>;
  readonly shape: Shape;
  readonly dtype: DType;
  readonly suffixes: readonly string[];
}

/** `tensor([1, 2], suffixes)`. */
export function formatTensor({ data, shape, suffixes }: Printed): string {
  let at = 0;
  const write = (axis: number): string =>
    axis === shape.length
      ? String(data[at++])
      : `[${Array.from({ length: shape[axis]! }, () => write(axis + 1)).join(", ")}]`;
  return `tensor(${[write(0), ...suffixes].join(", ")})`;
}
