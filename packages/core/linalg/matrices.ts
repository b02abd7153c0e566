/** What ops on matrices [..., m, n] have in common. */
import type { TensorSpec } from "../op.ts";
import { type Shape, showShape, sizeOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";

/** The extents of matrices. */
export interface Extents {
  /** Axes that count matrices. */
  readonly batch: Shape;
  /** Number of matrices. */
  readonly count: number;
  /** Rows. */
  readonly m: number;
  /** Columns. */
  readonly n: number;
}

/** What the shape of matrices is made of. */
export function extentsOf({ shape }: Pick<TensorSpec, "shape">): Extents {
  const batch = shape.slice(0, -2);
  return { batch, count: sizeOf(batch), m: shape.at(-2)!, n: shape.at(-1)! };
}

/** Refuses what is no matrix of float32 or float64. */
export function checkMatrices(op: string, x: TensorSpec): Extents {
  if (x.shape.length < 2) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be matrices [..., m, n]: current shape is ${showShape(x.shape)}`,
    );
  }
  if (x.dtype !== "float32" && x.dtype !== "float64") {
    throw new TypeError(
      `Cannot apply ${op}() as the dtype must be float32 or float64: current dtype is ${x.dtype}`,
    );
  }
  return extentsOf(x);
}

/** Refuses what is no square matrix of float32 or float64. */
export function checkSquare(op: string, x: TensorSpec): Extents {
  const extents = checkMatrices(op, x);
  if (extents.m !== extents.n) {
    throw new RangeError(
      `Cannot apply ${op}() as matrices must be square: current shape is ${showShape(x.shape)}`,
    );
  }
  return extents;
}

/** Says which matrix cannot be dealt with, and why. */
export function refuseMatrix(op: string, batch: Shape, number: number, is: string): never {
  const position: number[] = [];
  for (let axis = batch.length - 1, rest = number; axis >= 0; axis--) {
    position.unshift(rest % batch[axis]!);
    rest = Math.floor(rest / batch[axis]!);
  }
  const at = batch.length > 1 ? showShape(position) : number;
  const which = batch.length === 0 ? "the matrix" : `matrix ${at} of the batch`;
  throw new RangeError(`Cannot apply ${op}() as ${which} ${is}`);
}

/** Element after element of every matrix of an input: `size` numbers each. */
export function matrixAt(elements: Float64Array, number: number, size: number): Float64Array {
  return elements.subarray(number * size, (number + 1) * size);
}

/** Runs `f` for each of `count` matrices, and lays what it returns one after the other, output by output. */
export function forEachMatrix(
  count: number,
  sizes: readonly number[],
  f: (number: number) => readonly Float64Array[],
): Float64Array[] {
  const all = sizes.map((size) => new Float64Array(count * size));
  for (let i = 0; i < count; i++) f(i).forEach((part, o) => all[o]!.set(part, i * sizes[o]!));
  return all;
}

/** Refuses matrices with infinities or NaN, which iterations would not end on. */
export function checkFinite(op: string, batch: Shape, number: number, matrix: Float64Array): void {
  if (!matrix.every(Number.isFinite)) refuseMatrix(op, batch, number, "has elements that are not finite");
}

/** The matrices transposed: a view. */
export function mT(x: Tensor): Tensor {
  return x.transpose(-2, -1);
}

/** Matrices with `d` [..., n] on their diagonal times `x` [..., n, k]. */
export function scaleRows(x: Tensor, d: Tensor): Tensor {
  return x.mul(d.unsqueeze(-1));
}

/** `x` [..., k, n] times matrices with `d` [..., n] on their diagonal. */
export function scaleColumns(x: Tensor, d: Tensor): Tensor {
  return x.mul(d.unsqueeze(-2));
}
