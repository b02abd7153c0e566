/** Elements in order. */
import { INDEX_DTYPE } from "../../dtype.ts";
import type { KernelOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { ValuesAndIndices } from "./extreme.ts";
import { addedAt } from "../indexing/gather.ts";

/** Options of {@linkcode sort} and {@linkcode argsort}. */
export interface SortOptions {
  /** The largest first; false by default. */
  readonly descending?: boolean;
}

const SORT: KernelOp<{ readonly axis: number; readonly descending: boolean }> = {
  kind: "kernel",
  name: "sort",
  infer: ([x]) => [x!, { shape: x!.shape, dtype: INDEX_DTYPE }],
  kernel: (_inputs, _outputs, { axis, descending }) => ({ kernel: "sort", axis, descending }),
  saves: () => ({ outputs: [1] }),
  readsGradsOf: 1,
  vjp: ([g], saved) => [() => addedAt(g!, saved.params.axis, saved.spec(0).shape, saved.output(1))],
};

/**
 * `x` sorted along `dim`, and where the elements were (int64). Equals keep their order; NaN counts as largest.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, sort, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const { values, indices } = sort(tensor([3, 1, 2], { device }));
 * assertEquals(values.tolist(), [1, 2, 3]);
 * assertEquals(indices.tolist(), [1, 2, 0]);
 * ```
 */
export function sort(x: Tensor, dim = -1, { descending = false }: SortOptions = {}): ValuesAndIndices {
  const axis = normalizeAxis("sort", dim, x.ndim);
  const [values, indices] = x.applyAll(SORT, { axis, descending }) as [Tensor, Tensor];
  return { values, indices };
}

/** The int64 indices that sort `x` along `dim`. */
export function argsort(x: Tensor, dim = -1, options: SortOptions = {}): Tensor {
  return tidySync(() => sort(x.detach(), dim, options).indices);
}

/** `x` sorted along its first axis. */
export function msort(x: Tensor): Tensor {
  return tidySync(() => sort(x, 0).values);
}

/** Options of {@linkcode topk}. */
export interface TopkOptions {
  /** Whether the largest are wanted, or else the smallest; true by default. */
  readonly largest?: boolean;
}

/** The `k` largest elements along `dim` in order, and where they were (int64). */
export function topk(x: Tensor, k: number, dim = -1, { largest = true }: TopkOptions = {}): ValuesAndIndices {
  const axis = normalizeAxis("topk", dim, x.ndim), extent = x.shape[axis] ?? 1;
  if (!Number.isInteger(k) || k < 0 || k > extent) {
    throw new RangeError(
      `Cannot apply topk() as k must be an integer from 0 to ${extent}: current k is ${k}`,
    );
  }
  return tidySync(() => {
    const { values, indices } = sort(x, axis, { descending: largest });
    if (x.ndim === 0) return { values, indices };
    // Copies, as in PyTorch: a view would hold on to all that was sorted.
    return {
      values: values.narrow(axis, 0, k).contiguous(),
      indices: indices.narrow(axis, 0, k).contiguous(),
    };
  });
}
