/** Making tensors of ranges and positions. */
import { empty, fromTypedArray, randint, type RandomOptions, type TensorOptions } from "./creation.ts";
import { INDEX_DTYPE } from "./dtype.ts";
import type { Tensor } from "./tensor.ts";

/** Options of {@linkcode logspace}. */
export interface LogspaceOptions extends TensorOptions {
  /** What is raised to the powers; 10 by default. */
  readonly base?: number;
}

/** Options of {@linkcode trilIndices} and {@linkcode triuIndices}. */
export interface TriangleOptions extends TensorOptions {
  /** The diagonal at the edge of the triangle, counted from the main one to the upper right; 0 by default. */
  readonly offset?: number;
}

/** A tensor of the shape, dtype and device of `x` whose contents are undefined until it is written to. */
export function emptyLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return empty(x.shape, { device: x.device, dtype: x.dtype, ...options });
}

/** Whole numbers drawn evenly from [low, high), of the shape, dtype and device of `x`; see {@linkcode randint}. */
export function randintLike(x: Tensor, low: number, high: number, options: RandomOptions = {}): Tensor {
  return randint(low, high, x.shape, { device: x.device, dtype: x.dtype, ...options });
}

/** `steps` powers of the base, whose exponents go from `start` to `end` at equal distances. */
export function logspace(start: number, end: number, steps: number, options: LogspaceOptions = {}): Tensor {
  const { base = 10, dtype = "float32", ...rest } = options;
  const values = Float64Array.from({ length: steps }, (_, i) => {
    const share = steps > 1 ? i / (steps - 1) : 0;
    return base ** (start + (end - start) * share);
  });
  return fromTypedArray(values, [steps], { ...rest, dtype });
}

/** The positions of the lower triangle of an [n, m] matrix: [2, count], rows and columns. */
export function trilIndices(n: number, m: number, options: TriangleOptions = {}): Tensor {
  return triangle(n, m, options, (row, column, offset) => column - row <= offset);
}

/** The positions of the upper triangle of an [n, m] matrix: [2, count], rows and columns. */
export function triuIndices(n: number, m: number, options: TriangleOptions = {}): Tensor {
  return triangle(n, m, options, (row, column, offset) => column - row >= offset);
}

function triangle(
  n: number,
  m: number,
  { offset = 0, dtype = INDEX_DTYPE, ...options }: TriangleOptions,
  within: (row: number, column: number, offset: number) => boolean,
): Tensor {
  const rows: number[] = [], columns: number[] = [];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < m; column++) {
      if (!within(row, column, offset)) continue;
      rows.push(row);
      columns.push(column);
    }
  }
  return fromTypedArray(Float64Array.from([...rows, ...columns]), [2, rows.length], { ...options, dtype });
}
