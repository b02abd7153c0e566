/** Sampling grids of affine transformations. */
import { type Shape, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { checkTypes } from "../base/check_types.ts";
import { upload } from "../base/upload.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode affineGrid}. */
export interface AffineGridOptions {
  /** Whether -1 and 1 are the centers of the outermost elements, rather than their outer edges; false by default. */
  readonly alignCorners?: boolean;
}
const AFFINE_GRID_OPTIONS: OptionKeys<AffineGridOptions> = { alignCorners: true };

/** Positions along an axis of `n` elements: from -1 to 1. */
function positions(n: number, corners: boolean): readonly number[] {
  return Array.from(
    { length: n },
    (_, i) => n === 1 ? 0 : corners ? 2 * i / (n - 1) - 1 : (2 * i + 1) / n - 1,
  );
}

/**
 * The grid that {@linkcode gridSample} turns, moves and scales images by: for each element of the result, where it comes
 * from, x first, from -1 to 1 (Jaderberg et al. 2015, arXiv:1506.02025).
 *
 * @param theta Maps of (x, y, 1) `[n, 2, 3]`, or of (x, y, z, 1) `[n, 3, 4]`.
 * @param size Shape of the result of sampling `[n, c, h, w]`, or `[n, c, d, h, w]`.
 * @returns `[n, h, w, 2]`, or `[n, d, h, w, 3]`.
 * @throws {RangeError} If the shapes do not fit.
 *
 * @example The identity
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { affineGrid, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const theta = tensor([[[1, 0, 0], [0, 1, 0]]], { device });
 * assertEquals(affineGrid(theta, [1, 1, 1, 2]).tolist(), [[[[-0.5, 0], [0.5, 0]]]]);
 * ```
 */
export function affineGrid(
  theta: Tensor,
  size: Shape,
  options?: AffineGridOptions,
): Tensor {
  checkCall("affineGrid", arguments, "xs.");
  const { alignCorners = false } = readOptions("affineGrid()", options, AFFINE_GRID_OPTIONS);
  const axes = size.length - 2, [n] = size, extents = size.slice(2);
  const fits = (axes === 2 || axes === 3) && size.every((count) => Number.isInteger(count) && count > 0) &&
    theta.ndim === 3 && theta.shape[0] === n && theta.shape[1] === axes && theta.shape[2] === axes + 1;
  if (!fits) {
    throw new RangeError(
      `Cannot apply affineGrid() as theta must be [n, 2, 3] and size [n, c, h, w], or [n, 3, 4] and [n, c, d, h, w]: ` +
        `current shape is ${showShape(theta.shape)}, size is ${showShape(size)}`,
    );
  }
  checkTypes("affineGrid", theta.dtype);
  // Rows (x, y, 1) of all places: the last axis is x, and runs fastest.
  const along = extents.map((count) => positions(count, alignCorners)), rows: number[] = [];
  const visit = (axis: number, inner: readonly number[]): void => {
    if (axis === axes) rows.push(...inner, 1);
    else for (const at of along[axis]!) visit(axis + 1, [at, ...inner]);
  };
  visit(0, []);
  return accumulated([theta], (theta) => {
    const places = upload(theta, Float64Array.from(rows), [rows.length / (axes + 1), axes + 1], theta.dtype);
    return places.matmul(theta.transpose(1, 2)).reshape([n!, ...extents, axes]);
  }, "affineGrid");
}
