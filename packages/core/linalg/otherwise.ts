/** Functions that `torch.linalg` defines differently from the functions of the same name in `torch`. */
import { showArgument } from "../call_forms.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { type DiagEmbedOptions, diagonal as diagonalOf } from "../ops/shape/diagonal.ts";
import { vander as powersOf } from "../ops/reduction/differences.ts";
import type { VectorNormOptions } from "../ops/reduction/statistics.ts";
import { checkCall } from "../tensor/check_call.ts";
import { called } from "../ops/base/called.ts";
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { matrixNorm, type MatrixNormOrder, vectorNorm } from "./norms.ts";

const DIAGONAL_OPTIONS: OptionKeys<DiagEmbedOptions> = { offset: true, dim1: true, dim2: true };
const VANDER_OPTIONS: OptionKeys<{ readonly N?: number }> = { N: true };
const NORM_OPTIONS: OptionKeys<VectorNormOptions> = { keepdim: true, dtype: true };

/** Order of a norm: a number for vectors, a {@linkcode MatrixNormOrder} for matrices. */
export type NormOrder = number | MatrixNormOrder;

/**
 * Computes a norm of vectors along one axis, or of matrices along two; without `dim`, the norm of a whole
 * vector or matrix. Without an order, computes the square root of the sum of squares, over all elements if
 * `dim` is not given either.
 *
 * Follows `torch.linalg.norm`: `norm(x, 2)` of a matrix is its largest singular value. For the norm over all
 * elements, as in `torch`, see {@linkcode vectorNorm}.
 *
 * @throws {RangeError} If an order is given without `dim` and the input is neither a vector nor a matrix.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, linalg, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[3, 0], [0, -4]], { device });
 * assertEquals([linalg.norm(x).item(), linalg.norm(x, 1).item(), linalg.norm(x, 2).item()], [5, 4, 4]);
 * assertEquals(linalg.norm(x, 2, 0).tolist(), [3, 4]);
 * ```
 */
export function norm(
  x: Tensor,
  ord: NormOrder | null = null,
  dim: number | readonly number[] | null = null,
  options?: VectorNormOptions,
): Tensor {
  checkCall("norm", arguments, "x...");
  const { dtype, ...keep } = readOptions("norm()", options, NORM_OPTIONS);
  if (dim !== null && typeof dim !== "number" && !Array.isArray(dim)) {
    throw new TypeError(
      `Cannot apply norm() as dim must be an axis or a list of axes: current dim is ${showArgument(dim)}`,
    );
  }
  const axes = dim === null ? null : typeof dim === "number" ? [dim] : dim;
  if (ord === null && (axes === null || axes.length !== 2)) {
    return called("norm", [x], () => vectorNorm(x, 2, axes ?? undefined, { ...options }));
  }
  if (
    axes === null && x.ndim !== 1 && x.ndim !== 2 || axes !== null && axes.length !== 1 && axes.length !== 2
  ) {
    throw new RangeError(
      `Cannot apply norm() as there must be a vector or a matrix, or one or two dims: current shape is ${
        showShape(x.shape)
      }, ${axes === null ? "dim is not given" : `dims are ${showShape(axes)}`}`,
    );
  }
  return called("norm", [x], () => {
    if ((axes?.length ?? x.ndim) === 2) {
      const [rows, columns] = axes ?? [-2, -1];
      const matrices = dtype === undefined ? x : x.to(dtype);
      return matrixNorm(matrices, (ord ?? "fro") as MatrixNormOrder, [rows!, columns!], keep);
    }
    if (typeof ord === "string") {
      throw new RangeError(`Cannot apply norm() as vectors have no norm "${ord}": give a number`);
    }
    return vectorNorm(x, ord ?? 2, axes ?? undefined, { ...options });
  });
}

/**
 * Returns the diagonals of matrices as a view, by default along the last two axes; `diagonal()` uses the
 * first two.
 */
export function diagonal(x: Tensor, options?: DiagEmbedOptions): Tensor {
  checkCall("diagonal", arguments, "x.");
  const { offset = 0, dim1 = -2, dim2 = -1 } = readOptions("diagonal()", options, DIAGONAL_OPTIONS);
  return diagonalOf(x, offset, dim1, dim2);
}

/**
 * Returns the powers 0 to `N - 1` of each element of vectors [..., n] along a new axis, in increasing order;
 * `vander()` takes a single vector and uses decreasing order.
 */
export function vander(x: Tensor, options?: { readonly N?: number }): Tensor {
  checkCall("vander", arguments, "x.");
  const { N = x.shape.at(-1) ?? 0 } = readOptions("vander()", options, VANDER_OPTIONS);
  return called("vander", [x], () => {
    const powers = powersOf(x.reshape([-1]), { N, increasing: true });
    return powers.reshape([...x.shape, N]);
  });
}
