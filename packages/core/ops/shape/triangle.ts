/** Triangles of matrices. */
import * as e from "../../expr/expr.ts";
import { tidySync } from "../../scope.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { inPlaceOf } from "../base/in_place_of.ts";
import { checkCall } from "../../tensor/check_call.ts";

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
  // The number of the diagonal makes int64 of bool.
  return tidySync(() => x.apply(triangular, { scalars: [diagonal] }).to(x.dtype));
}

/** Matrices with zeros above a diagonal: 0 is the main one, those above it are positive. */
export function tril(x: Tensor, diagonal = 0): Tensor {
  checkCall("tril", arguments, "xD");
  return triangle("tril", x, diagonal);
}

/** Matrices with zeros below a diagonal: 0 is the main one, those above it are positive. */
export function triu(x: Tensor, diagonal = 0): Tensor {
  checkCall("triu", arguments, "xD");
  return triangle("triu", x, diagonal);
}

/** {@linkcode tril} in the place of `x`. */
export function tril_(x: Tensor, diagonal = 0): Tensor {
  checkCall("tril_", arguments, "xD");
  return inPlaceOf(x, (x) => tril(x, diagonal));
}

/** {@linkcode triu} in the place of `x`. */
export function triu_(x: Tensor, diagonal = 0): Tensor {
  checkCall("triu_", arguments, "xD");
  return inPlaceOf(x, (x) => triu(x, diagonal));
}
