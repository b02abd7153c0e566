/** Diagonals of matrices. */
import type { ViewOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { embed } from "./embed.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface DiagonalParams {
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

const DIAGONAL: ViewOp<DiagonalParams> = {
  kind: "view",
  name: "diagonal",
  infer: ([x], { offset, rows, columns }) => [{
    shape: [
      ...x!.shape.filter((_, i) => i !== rows && i !== columns),
      Math.max(0, Math.min(x!.shape[rows]! + Math.min(offset, 0), x!.shape[columns]! - Math.max(offset, 0))),
    ],
    dtype: x!.dtype,
  }],
  view(x, params) {
    const { offset, rows, columns } = params, { strides } = x;
    const { shape } = DIAGONAL.infer([x], params)[0]!;
    const first = offset < 0 ? -offset * strides[rows]! : offset * strides[columns]!;
    return {
      shape,
      strides: [...strides.filter((_, i) => i !== rows && i !== columns), strides[rows]! + strides[columns]!],
      offset: shape.at(-1) === 0 ? x.offset : x.offset + first,
    };
  },
  vjp: ([g], saved) => [() => embed(g!, saved.spec(0).shape, (into) => into.apply(DIAGONAL, saved.params))],
};

/**
 * A view of the diagonal of the matrices in axes `dim0` and `dim1`, as the last axis.
 *
 * @param offset Which diagonal: those above the main one are positive, those below negative.
 */
export function diagonal(x: Tensor, offset = 0, dim0 = 0, dim1 = 1): Tensor {
  checkCall("diagonal", arguments, "xD..");
  const rows = normalizeAxis("diagonal", dim0, x.ndim), columns = normalizeAxis("diagonal", dim1, x.ndim);
  if (x.ndim < 2 || rows === columns || !Number.isInteger(offset)) {
    throw new RangeError(
      `Cannot apply diagonal() as dims must be two axes and the offset an integer: current shape is ` +
        `${showShape(x.shape)}, dims ${showShape([dim0, dim1])}, offset ${offset}`,
    );
  }
  return x.apply(DIAGONAL, { offset, rows, columns });
}

/** A copy of the diagonal of a matrix, or the matrix of zeros with the vector `x` on its diagonal. */
export function diag(x: Tensor, diagonal = 0): Tensor {
  checkCall("diag", arguments, "xD");
  if (x.ndim === 2) return called("diag", [x], () => x.diagonal(diagonal).clone());
  if (x.ndim !== 1) {
    throw new RangeError(
      `Cannot apply diag() as there must be a vector or a matrix: current shape is ${showShape(x.shape)}`,
    );
  }
  const n = x.numel() + Math.abs(diagonal);
  return embed(x, [n, n], (into) => into.diagonal(diagonal));
}

/** The matrix of zeros with the elements of `x`, in row-major order, on a diagonal. */
export function diagflat(x: Tensor, offset = 0): Tensor {
  checkCall("diagflat", arguments, "xD");
  return called("diagflat", [x], () => diag(x.reshape([-1]), offset));
}

/** Options of {@linkcode diagEmbed}. */
export interface DiagEmbedOptions {
  /** Which diagonal: those above the main one are positive, those below negative; 0 by default. */
  readonly offset?: number;
  /** Axis of the result that holds the rows; the last but one by default. */
  readonly dim1?: number;
  /** Axis of the result that holds the columns; the last by default. */
  readonly dim2?: number;
}
const DIAG_EMBED_OPTIONS: OptionKeys<DiagEmbedOptions> = { offset: true, dim1: true, dim2: true };

/**
 * Matrices of zeros with the last axis of `x` on a diagonal: what undoes {@linkcode diagonal}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, diagEmbed, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(diagEmbed(x).tolist(), [[[1, 0], [0, 2]], [[3, 0], [0, 4]]]);
 * ```
 */
export function diagEmbed(x: Tensor, options?: DiagEmbedOptions): Tensor {
  checkCall("diagEmbed", arguments, "x.");
  const { offset = 0, dim1 = -2, dim2 = -1 } = readOptions("diagEmbed()", options, DIAG_EMBED_OPTIONS);
  const rank = x.ndim + 1;
  if (x.ndim === 0 || !Number.isInteger(offset)) {
    throw new RangeError(
      `Cannot apply diagEmbed() as there must be an axis and an integer offset: ` +
        `current shape is ${showShape(x.shape)}, offset is ${offset}`,
    );
  }
  const rows = normalizeAxis("diagEmbed", dim1, rank), columns = normalizeAxis("diagEmbed", dim2, rank);
  if (rows === columns) {
    throw new RangeError(
      `Cannot apply diagEmbed() as dims must be two axes: current dims are ${showShape([dim1, dim2])}`,
    );
  }
  const n = x.shape.at(-1)! + Math.abs(offset), others = x.shape.slice(0, -1).values();
  const shape = Array.from(
    { length: rank },
    (_, axis) => axis === rows || axis === columns ? n : others.next().value!,
  );
  return embed(x, shape, (into) => into.diagonal(offset, rows, columns));
}

/** Options of {@linkcode fillDiagonal_}. */
export interface FillDiagonalOptions {
  /** Whether the diagonal of a matrix of more rows than columns begins anew below its end; false by default. */
  readonly wrap?: boolean;
}
const FILL_DIAGONAL_OPTIONS: OptionKeys<FillDiagonalOptions> = { wrap: true };

/** Overwrites the main diagonal of `x` with `value`; returns `x`. More than two axes must have one extent. */
export function fillDiagonal_(x: Tensor, value: number, options?: FillDiagonalOptions): Tensor {
  checkCall("fillDiagonal_", arguments, "xd.");
  const { wrap = false } = readOptions("fillDiagonal_()", options, FILL_DIAGONAL_OPTIONS);
  const { shape } = x, [rows, columns] = shape;
  if (x.ndim < 2 || (x.ndim > 2 && shape.some((n) => n !== rows))) {
    throw new RangeError(
      `Cannot apply fillDiagonal_() as there must be a matrix, or more axes of one extent: ` +
        `current shape is ${showShape(shape)}`,
    );
  }
  return tidySync(() => {
    if (x.ndim > 2) {
      let line = x.diagonal();
      while (line.ndim > 1) line = line.diagonal(0, 0, line.ndim - 1);
      line.fill_(value);
      return x;
    }
    for (let row = 0; row < rows!; row += columns! + 1) {
      x.narrow(0, row, Math.min(columns!, rows! - row)).diagonal().fill_(value);
      if (!wrap) break;
    }
    return x;
  });
}
