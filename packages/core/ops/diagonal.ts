/** Diagonals and triangles of matrices. */
import * as e from "../expr/expr.ts";
import type { ViewOp } from "../op.ts";
import { tidySync } from "../scope.ts";
import { normalizeAxis, showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { elementwise, type ElementwiseOp } from "./elementwise.ts";
import { embed } from "./embed.ts";

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
  const rows = normalizeAxis("diagonal", dim0, x.ndim), columns = normalizeAxis("diagonal", dim1, x.ndim);
  if (x.ndim < 2 || rows === columns || !Number.isInteger(offset)) {
    throw new RangeError(
      `Cannot apply diagonal() as dims must be two axes and the offset an integer: current shape is ` +
        `${showShape(x.shape)}, dims ${showShape([dim0, dim1])}, offset ${offset}`,
    );
  }
  return x.apply(DIAGONAL, { offset, rows, columns });
}

/** The diagonal of a matrix, or the matrix of zeros with the vector `x` on its diagonal. */
export function diag(x: Tensor, diagonal = 0): Tensor {
  if (x.ndim === 2) return x.diagonal(diagonal);
  if (x.ndim !== 1) {
    throw new RangeError(
      `Cannot apply diag() as there must be a vector or a matrix: current shape is ${showShape(x.shape)}`,
    );
  }
  const n = x.numel + Math.abs(diagonal);
  return embed(x, [n, n], (into) => into.diagonal(diagonal));
}

type Triangle = "tril" | "triu";
const triangles = new Map<string, ElementwiseOp>();

/** Which axes the rows and columns are is part of the expression: one op for each rank. */
function triangle(name: Triangle, x: Tensor, diagonal: number): Tensor {
  if (x.ndim < 2) {
    throw new RangeError(
      `Cannot apply ${name}() as there must be matrices: current shape is ${showShape(x.shape)}`,
    );
  }
  const key = `${name}${x.ndim}`;
  let op = triangles.get(key);
  if (op === undefined) {
    const row = e.coordinate(x.ndim - 2), column = e.coordinate(x.ndim - 1);
    const edge = e.add(row, e.scalar(0));
    const inside = name === "tril" ? e.lessEqual(column, edge) : e.lessEqual(edge, column);
    triangles.set(key, op = elementwise({ name, kind: "same", expr: e.where(inside, e.input(0), 0) }));
  }
  const triangular = op;
  // The number of the diagonal makes int32 of bool.
  return tidySync(() => x.apply(triangular, { scalars: [diagonal] }).to(x.dtype));
}

/** Matrices with zeros above a diagonal: 0 is the main one, those above it are positive. */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return triangle("tril", x, diagonal);
}

/** Matrices with zeros below a diagonal: 0 is the main one, those above it are positive. */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return triangle("triu", x, diagonal);
}
