/** Positions in the triangles of matrices. */
import { fromTypedArray, type TensorOptions } from "../../creation.ts";
import { INDEX_DTYPE } from "../../dtype.ts";
import { checkShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode trilIndices} and {@linkcode triuIndices}. */
export interface TriangleIndicesOptions extends Pick<TensorOptions, "device"> {
  /** Which diagonal is the edge: 0, the default, is the main one, those above it are positive. */
  readonly offset?: number;
}
const TRIANGLE_INDICES_OPTIONS: OptionKeys<TriangleIndicesOptions> = { offset: true, device: true };

function indices(
  op: string,
  rows: number,
  columns: number,
  { offset = 0, device }: TriangleIndicesOptions,
  inside: (distance: number) => boolean,
): Tensor {
  checkShape(op, [rows, columns]);
  const found: [number[], number[]] = [[], []];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (!inside(column - row - offset)) continue;
      found[0].push(row);
      found[1].push(column);
    }
  }
  return fromTypedArray(Int32Array.from(found.flat()), [2, found[0].length], {
    dtype: INDEX_DTYPE,
    ...(device && { device }),
  });
}

/**
 * The positions of a matrix that {@linkcode tril} keeps: their rows, and their columns, in row-major order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, trilIndices } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(trilIndices(2, 3, { device }).tolist(), [[0, 1, 1], [0, 0, 1]]);
 * ```
 */
export function trilIndices(rows: number, columns: number, options: TriangleIndicesOptions = {}): Tensor {
  checkCall("trilIndices", arguments, "dd.");
  options = readOptions("trilIndices()", options, TRIANGLE_INDICES_OPTIONS);
  return indices("trilIndices", rows, columns, options, (distance) => distance <= 0);
}

/** The positions of a matrix that {@linkcode triu} keeps: their rows, and their columns, in row-major order. */
export function triuIndices(rows: number, columns: number, options: TriangleIndicesOptions = {}): Tensor {
  checkCall("triuIndices", arguments, "dd.");
  options = readOptions("triuIndices()", options, TRIANGLE_INDICES_OPTIONS);
  return indices("triuIndices", rows, columns, options, (distance) => distance >= 0);
}
