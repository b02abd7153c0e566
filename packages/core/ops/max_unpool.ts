/** What undoes pooling, in part. */
import { tidySync } from "../scope.ts";
import { sameShape, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { type Pair, pairOf } from "./window.ts";

/** Options of {@linkcode maxUnpool2d}; one number or [vertical, horizontal] each. */
export interface MaxUnpool2dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Pair;
  /** Rows and columns that were added around the input; 0 by default. */
  readonly padding?: Pair;
  /** Extents of the result; the least that the windows could have covered by default. */
  readonly outputSize?: readonly [number, number];
}

/**
 * Elements put back where {@linkcode maxPool2dWithIndices} found them, among zeros; of several for one place the last
 * stays.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]`.
 * @param indices Positions in the planes of the result, int32, of the shape of x.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the shapes do not fit.
 */
export function maxUnpool2d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Pair,
  options: MaxUnpool2dOptions = {},
): Tensor {
  const op = "maxUnpool2d", size = pairOf(op, "kernelSize", kernelSize, 1);
  const stride = pairOf(op, "stride", options.stride ?? size, 1);
  const padding = pairOf(op, "padding", options.padding ?? 0, 0);
  if ((x.ndim !== 4 && x.ndim !== 3) || !sameShape(x.shape, indices.shape)) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be equal, [n, c, h, w] or [c, h, w]: current shapes are ` +
        `${showShape(x.shape)} and ${showShape(indices.shape)}`,
    );
  }
  const [h, w] = options.outputSize ??
    [0, 1].map((i) => (x.shape.at(i - 2)! - 1) * stride[i]! - 2 * padding[i]! + size[i]!) as [number, number];
  return tidySync(() => {
    const lead = x.shape.slice(0, -2), flat = [...lead, x.shape.at(-2)! * x.shape.at(-1)!];
    const zeros = x.newZeros([...lead, h * w]);
    return zeros.scatter(-1, indices.reshape(flat), x.reshape(flat)).reshape([...lead, h, w]);
  });
}

/** {@linkcode maxUnpool2d} over one axis: x and indices `[n, c, l]`, or `[c, l]`. */
export function maxUnpool1d(
  x: Tensor,
  indices: Tensor,
  kernelSize: number,
  { stride = kernelSize, padding = 0, outputSize }: {
    /** Steps between windows; the size of the window by default. */
    readonly stride?: number;
    /** Elements that were added on both sides; 0 by default. */
    readonly padding?: number;
    /** The extent of the result. */
    readonly outputSize?: number;
  } = {},
): Tensor {
  return tidySync(() => {
    const row = x.unsqueeze(-2);
    const places = indices.unsqueeze(-2);
    const y = maxUnpool2d(row, places, [1, kernelSize], {
      stride: [1, stride],
      padding: [0, padding],
      ...(outputSize !== undefined && { outputSize: [1, outputSize] as const }),
    });
    return y.squeeze(-2);
  });
}
