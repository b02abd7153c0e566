/** Functions that mean something else in `torch.linalg` than in `torch`. */
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

/** Which norm: a number for vectors, one of {@linkcode MatrixNormOrder} for matrices. */
export type NormOrder = number | MatrixNormOrder;

/**
 * A norm of vectors or of matrices: of vectors along one axis, of matrices in two; without `dim` of all of a vector or a
 * matrix. Without an order it is the root of the sum of squares, over all elements where there is no `dim` either.
 *
 * As `torch.linalg.norm` has it: `norm(x, 2)` of a matrix is its largest singular value. That of `torch`, which takes all
 * elements, is {@linkcode vectorNorm}.
 *
 * @throws {RangeError} If there is an order and no `dim`, and neither a vector nor a matrix.
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

/** The diagonals of matrices, the last two axes by default: a view. `diagonal()` takes the first two. */
export function diagonal(x: Tensor, options?: DiagEmbedOptions): Tensor {
  checkCall("diagonal", arguments, "x.");
  const { offset = 0, dim1 = -2, dim2 = -1 } = readOptions("diagonal()", options, DIAGONAL_OPTIONS);
  return diagonalOf(x, offset, dim1, dim2);
}

/** The powers 0 to `N - 1` of each element of vectors [..., n], along a new axis; `vander()` has them fall, and takes one vector. */
export function vander(x: Tensor, options?: { readonly N?: number }): Tensor {
  checkCall("vander", arguments, "x.");
  const { N = x.shape.at(-1) ?? 0 } = readOptions("vander()", options, VANDER_OPTIONS);
  return called("vander", [x], () => {
    const powers = powersOf(x.reshape([-1]), { N, increasing: true });
    return powers.reshape([...x.shape, N]);
  });
}
