/** Lengths of vectors and matrices. */
import { norm, type VectorNormOptions } from "../ops/reduction/statistics.ts";
import type { Dims, ReduceOptions } from "../ops/reduction/reduction.ts";
import { normalizeAxis, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { inv } from "./inv.ts";
import { svdvals } from "./svd.ts";
import { called } from "../ops/base/called.ts";

const VECTOR_NORM_OPTIONS: OptionKeys<VectorNormOptions> = { keepdim: true, dtype: true };

import { REDUCE_OPTIONS } from "../ops/reduction/reduction.ts";
import { type OptionKeys, readOptions } from "../options.ts";
import { checkCall } from "../tensor/check_call.ts";

/** The p-norm over the axes `dim`, over all if none are given: {@linkcode norm} under the name that linear algebra has for it. */
export function vectorNorm(x: Tensor, ord = 2, dim?: Dims, options: VectorNormOptions = {}): Tensor {
  checkCall("vectorNorm", arguments, "xD..");
  options = readOptions("vectorNorm()", options, VECTOR_NORM_OPTIONS);
  return norm(x, ord, dim, options);
}

/**
 * Which norm of a matrix: "fro" (Frobenius: the root of the sum of squares), "nuc" (nuclear: the sum of singular
 * values), 1 (the largest sum of a column's absolute values), Infinity (of a row's), 2 (the largest singular
 * value); negative ones take the smallest.
 */
export type MatrixNormOrder = "fro" | "nuc" | 1 | -1 | 2 | -2 | typeof Infinity;

/**
 * A norm of the matrices in the axes `dim`, rows and columns.
 *
 * @throws {RangeError} If there is no such norm, or the axes are not two.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, matrixNorm, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[3, 0], [0, -4]], { device });
 * assertEquals([matrixNorm(x).item(), matrixNorm(x, 1).item(), matrixNorm(x, "nuc").item()], [5, 4, 7]);
 * ```
 */
export function matrixNorm(
  x: Tensor,
  ord: MatrixNormOrder = "fro",
  dim: readonly [rows: number, columns: number] = [-2, -1],
  options?: ReduceOptions,
): Tensor {
  checkCall("matrixNorm", arguments, "x.S.");
  const { keepdim = false } = readOptions("matrixNorm()", options, REDUCE_OPTIONS);
  const [rows, columns] = dim.map((d) => normalizeAxis("matrixNorm", d, x.ndim)) as [number, number];
  if (x.ndim < 2 || rows === columns) {
    throw new RangeError(
      `Cannot apply matrixNorm() as dims must be two axes: current shape is ${showShape(x.shape)}, ` +
        `dims ${showShape(dim)}`,
    );
  }
  return called("matrixNorm", [x], () => {
    const y = normOf(x, ord, rows, columns);
    return keepdim ? y : y.squeeze([rows, columns]);
  });
}

/** With both axes kept. */
function normOf(x: Tensor, ord: MatrixNormOrder, rows: number, columns: number): Tensor {
  const keep = { keepdim: true };
  if (ord === "fro") return norm(x, 2, [rows, columns], keep);
  if (ord === "nuc" || Math.abs(ord) === 2) {
    if (ord === 2 && Math.min(x.shape[rows]!, x.shape[columns]!) === 0) {
      return norm(x, 2, [rows, columns], keep);
    }
    const s = svdvals(x.movedim([rows, columns], [-2, -1]));
    const y = ord === "nuc" ? s.sum(-1) : ord > 0 ? s.amax(-1) : s.amin(-1);
    return [rows, columns].sort((a, b) => a - b).reduce((t, axis) => t.unsqueeze(axis), y);
  }
  if (Math.abs(ord) !== 1 && Math.abs(ord) !== Infinity) {
    throw new RangeError(
      `Cannot apply matrixNorm() as the order must be "fro", "nuc", or 1, 2 or Infinity of either sign: ` +
        `current order is ${ord}`,
    );
  }
  const [inside, outside] = Math.abs(ord) === 1 ? [rows, columns] : [columns, rows];
  const sums = x.abs().sum(inside, keep);
  // The largest of no values is 0, as for any norm; there is no smallest.
  if (ord > 0 && sums.shape[outside] === 0) return sums.sum(outside, keep);
  return ord > 0 ? sums.amax(outside, keep) : sums.amin(outside, keep);
}

/**
 * Returns the condition numbers of matrices: `norm(A) * norm(inv(A))`. Order 2 accepts any matrices, other
 * orders only square ones. The condition number of a matrix without elements is 0.
 */
export function cond(x: Tensor, p: MatrixNormOrder = 2): Tensor {
  checkCall("cond", arguments, "x.");
  return called("cond", [x], () => {
    if (x.ndim >= 2 && x.numel() === 0 && typeof p === "number") return matrixNorm(x);
    if (p !== 2 && p !== -2) return matrixNorm(x, p).mul(matrixNorm(inv(x), p));
    const s = svdvals(x), largest = s.amax(-1), smallest = s.amin(-1);
    return p > 0 ? largest.div(smallest) : smallest.div(largest);
  });
}
