/** How to call methods of positions, parts and joins in `methods_test.ts`. */
import type { Tensor } from "./mod.ts";

/** Operands of these calls. */
interface Operands {
  /** [2, 3]. */
  readonly x: Tensor;
  /** [2, 3]. */
  readonly y: Tensor;
  /** [2, 3], bool. */
  readonly mask: Tensor;
  /** int32 [2, 3], of 0 and 1. */
  readonly index: Tensor;
  /** int32 [3], of 0 and 1. */
  readonly n: Tensor;
}

/** Calls by the names of methods. */
export const POSITION_CALLS: Readonly<
  Record<string, (o: Operands) => readonly [receiver: Tensor, ...rest: unknown[]]>
> = {
  set: ({ x, y }) => [x, [":", [2, 0]], y.at(0, ":2")],
  indexPut: ({ x, y, n }) => [x, [null, n], y, { accumulate: true }],
  maskedScatter: ({ x, mask, y }) => [x, mask, y],
  maskedScatter_: ({ x, mask, y }) => [x, mask, y],
  scatterReduce: ({ x, index, y }) => [x, 1, index, y, "mean", { includeSelf: false }],
  scatterReduce_: ({ x, index, y }) => [x, 1, index, y, "prod", { includeSelf: false }],
  indexCopy: ({ x, y, n }) => [x, 1, n, y],
  indexCopy_: ({ x, y, n }) => [x, 1, n, y],
  indexFill: ({ x, n }) => [x, 1, n, 7],
  indexFill_: ({ x, n }) => [x, 1, n, 7],
  indexReduce: ({ x, y, n }) => [x, 1, n, y, "amin", { includeSelf: false }],
  indexReduce_: ({ x, y, n }) => [x, 1, n, y, "amin", { includeSelf: false }],
  take: ({ x, index }) => [x, index],
  put: ({ x, y, n }) => [x, n, y.at(0), { accumulate: true }],
  put_: ({ x, y, n }) => [x, n, y.at(0), { accumulate: true }],
  sumToSize: ({ x }) => [x, [2, 1]],
  viewAs: ({ x, y }) => [x, y.t()],
  reshapeAs: ({ x, y }) => [x, y.t()],
  moveaxis: ({ x }) => [x, 0, 1],
  swapaxes: ({ x }) => [x, 0, 1],
  swapdims: ({ x }) => [x, 0, 1],
  rot90: ({ x }) => [x, 3, [1, 0]],
  tensorSplit: ({ x }) => [x, 2, 1],
  hsplit: ({ x }) => [x, [1]],
  vsplit: ({ x }) => [x, [1]],
  dsplit: ({ x }) => [x.unsqueeze(0), [1]],
  narrowCopy: ({ x }) => [x, 1, 1, 2],
  sliceScatter: ({ x, y }) => [x, y.at(":", "1:"), { dim: 1, start: -2 }],
  selectScatter: ({ x, y }) => [x, y.at(0), 0, 1],
  diagonalScatter: ({ x, y }) => [x, y.at(0, ":2"), { offset: 1 }],
  diagflat: ({ x }) => [x, 1],
  diagEmbed: ({ x }) => [x, { offset: 1, dim1: 0 }],
  fillDiagonal_: ({ x }) => [x.t(), 5, { wrap: true }],
  unique: ({ index }) => [index, { dim: 1, returnCounts: true }],
  uniqueAll: ({ index }) => [index, 1],
  uniqueConsecutive: ({ index }) => [index, { dim: 1, returnInverse: true }],
  nonzeroStatic: ({ mask }) => [mask, 4, { fillValue: 9 }],
  nonzero: ({ mask }) => [mask, { asTuple: true }],
  repeatInterleave: ({ x }) => [x, [1, 0, 2], 1, { outputSize: 3 }],
  indexAdd: ({ x, y, n }) => [x, 1, n, y, { alpha: 2 }],
  indexAdd_: ({ x, y, n }) => [x, 1, n, y, { alpha: 2 }],
  scatter: ({ x, index, y }) => [x, 1, index, y, { reduce: "add" }],
  scatter_: ({ x, index, y }) => [x, 1, index, y, { reduce: "multiply" }],
  indexPut_: ({ x, y, n }) => [x, [null, n], y, { accumulate: true }],
};
