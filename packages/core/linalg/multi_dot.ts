/** Products of many matrices. */
import { matmul } from "../ops/linear/matmul.ts";
import { tidySync } from "../scope.ts";
import { showShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { called } from "../ops/base/called.ts";
import { checkCall } from "../tensor/check_call.ts";

/**
 * Where to split each product of matrices `i` to `j` so that all take the fewest multiplications
 * (Cormen, Leiserson, Rivest and Stein, "Introduction to algorithms", 15.2).
 */
function splits(extents: readonly number[]): readonly (readonly number[])[] {
  const count = extents.length - 1;
  const cost = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const split = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let length = 1; length < count; length++) {
    for (let i = 0; i + length < count; i++) {
      const j = i + length;
      cost[i]![j] = Infinity;
      for (let k = i; k < j; k++) {
        const total = cost[i]![k]! + cost[k + 1]![j]! + extents[i]! * extents[k + 1]! * extents[j + 1]!;
        if (total >= cost[i]![j]!) continue;
        cost[i]![j] = total;
        split[i]![j] = k;
      }
    }
  }
  return split;
}

function chain(op: string, matrices: readonly Tensor[]): Tensor {
  const fits = matrices.length > 0 &&
    matrices.every(({ shape, ndim }, i) => ndim === 2 && (i === 0 || shape[0] === matrices[i - 1]!.shape[1]));
  if (!fits) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be matrices [m, k], [k, n], ... of which each has as many columns as the next ` +
        `has rows: current shapes are ${matrices.map(({ shape }) => showShape(shape)).join(", ") || "none"}`,
    );
  }
  const split = splits([...matrices.map(({ shape }) => shape[0]!), matrices.at(-1)!.shape[1]!]);
  const product = (i: number, j: number): Tensor =>
    i === j ? matrices[i]! : matmul(product(i, split[i]![j]!), product(split[i]![j]! + 1, j));
  return tidySync(() => matrices.length === 1 ? matrices[0]!.clone() : product(0, matrices.length - 1));
}

/**
 * The product of matrices one after another, in the order that takes the fewest multiplications.
 *
 * @throws {RangeError} If the extents do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { chainMatmul, Device, ones, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const product = chainMatmul(ones([1, 2], { device }), ones([2, 3], { device }), ones([3, 1], { device }));
 * assertEquals(product.tolist(), [[6]]);
 * ```
 */
export function chainMatmul(...matrices: readonly Tensor[]): Tensor {
  checkCall("chainMatmul", arguments, "+");
  return chain("chainMatmul", matrices);
}

/** {@linkcode chainMatmul} of a list, of which the first may be a row [k] and the last a column [k]. */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  checkCall("multiDot", arguments, "l");
  const last = tensors.length - 1,
    row = tensors[0]?.ndim === 1,
    column = last > 0 && tensors[last]!.ndim === 1;
  return called("multiDot", [...tensors], () => {
    const matrices = tensors.map((t, i) =>
      row && i === 0 ? t.unsqueeze(0) : column && i === last ? t.unsqueeze(1) : t
    );
    const y = chain("multiDot", matrices);
    return y.reshape(y.shape.filter((_, i) => !(row && i === 0) && !(column && i === 1)));
  });
}
