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
  indexPut_: ({ x, y, n }) => [x, [null, n], y, { accumulate: true }],
};
