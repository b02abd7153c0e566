/** Axes run through backwards, or from another position on. */
import type { ViewOp } from "../op.ts";
import { tidySync } from "../scope.ts";
import { normalizeAxes, normalizeAxis, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { cat } from "./cat.ts";

const FLIP: ViewOp<{ readonly axes: readonly number[] }> = {
  kind: "view",
  name: "flip",
  infer: ([x]) => [x!],
  view: ({ shape, strides, offset }, { axes }) => ({
    shape,
    strides: strides.map((s, i) => axes.includes(i) ? -s : s),
    offset: axes.reduce((at, a) => at + Math.max(shape[a]! - 1, 0) * strides[a]!, offset),
  }),
  vjp: ([g], { params }) => [() => g!.flip(params.axes)],
};

/** `x` backwards along the axes `dims`: a view. */
export function flip(x: Tensor, dims: number | readonly number[]): Tensor {
  return x.apply(FLIP, { axes: normalizeAxes("flip", dims, x.ndim) });
}

/** `x` moved by `shifts` along `dims`, where what leaves at one end enters at the other; flattened meanwhile if none are given. */
export function roll(
  x: Tensor,
  shifts: number | readonly number[],
  dims?: number | readonly number[],
): Tensor {
  if (dims === undefined) return tidySync(() => roll(x.reshape([-1]), shifts, 0).reshape(x.shape));
  const by: readonly number[] = [shifts].flat(), axes: readonly number[] = [dims].flat();
  if (by.length !== axes.length || !by.every(Number.isInteger)) {
    throw new RangeError(
      `Cannot apply roll() as there must be a whole shift for each dim: ` +
        `current shifts are ${showShape(by)}, dims are ${showShape(axes)}`,
    );
  }
  return tidySync(() =>
    axes.reduce((moved, dim, i) => {
      const axis = normalizeAxis("roll", dim, x.ndim), extent = x.shape[axis] ?? 0;
      const start = extent === 0 ? 0 : ((-by[i]! % extent) + extent) % extent;
      return cat([moved.slice(axis, start), moved.slice(axis, 0, start)], axis);
    }, x.alias())
  );
}
