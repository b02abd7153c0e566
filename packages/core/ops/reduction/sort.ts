/** Elements in order. */
import { type DimOr, dimThen } from "../../dim_then.ts";
import { named } from "../../named_results.ts";
import { INDEX_DTYPE } from "../../dtype.ts";
import type { KernelOp } from "../../op.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import type { ValuesAndIndices } from "./extreme.ts";
import { addedAt } from "../indexing/gather.ts";
import { called } from "../base/called.ts";
import type { OptionKeys } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode sort} and {@linkcode argsort}. */
export interface SortOptions {
  /** The largest first; false by default. */
  readonly descending?: boolean;
  /** Keeps the order of equal elements; sorting is stable with any value. */
  readonly stable?: boolean;
}
const SORT_OPTIONS: OptionKeys<SortOptions> = { descending: true, stable: true };

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
export function sort(
  x: Tensor,
  dim?: DimOr<number, SortOptions>,
  options?: boolean | SortOptions,
): ValuesAndIndices {
  checkCall("sort", arguments, "x..");
  const [along = -1, { descending = false } = {}] = dimThen(
    "sort()",
    SORT_OPTIONS,
    dim,
    options,
    "descending",
  );
  const axis = normalizeAxis("sort", along, x.ndim);
  const [values, indices] = x.applyAll(SORT, { axis, descending }) as [Tensor, Tensor];
  return named({ values, indices });
}

/** The int64 indices that sort `x` along `dim`. */
export function argsort(
  x: Tensor,
  dim?: DimOr<number, SortOptions>,
  options?: boolean | SortOptions,
): Tensor {
  checkCall("argsort", arguments, "x..");
  const [along = -1, others] = dimThen("argsort()", SORT_OPTIONS, dim, options, "descending");
  return called("argsort", [x], () => sort(x.detach(), along, others).indices);
}

/** `x` sorted along its first axis. */
export function msort(x: Tensor): Tensor {
  checkCall("msort", arguments, "x");
  return called("msort", [x], () => sort(x, 0).values);
}

/** Options of {@linkcode topk}. */
export interface TopkOptions {
  /** Whether the largest are wanted, or else the smallest; true by default. */
  readonly largest?: boolean;
  /** Taken as PyTorch has it: the result is in order in any case. */
  readonly sorted?: boolean;
}
const TOPK_OPTIONS: OptionKeys<TopkOptions> = { largest: true, sorted: true };

/**
 * The `k` largest elements along `dim` in order, and where they were (int64).
 *
 * @param sorted As PyTorch has it; the result is in order in any case.
 */
export function topk(
  x: Tensor,
  k: number,
  dim?: DimOr<number, TopkOptions>,
  options?: boolean | TopkOptions,
  sorted?: boolean,
): ValuesAndIndices {
  checkCall("topk", arguments, "xd..B");
  const [along = -1, { largest = true } = {}] = dimThen("topk()", TOPK_OPTIONS, dim, options, "largest");
  void sorted;
  const axis = normalizeAxis("topk", along, x.ndim), extent = x.shape[axis] ?? 1;
  if (!Number.isInteger(k) || k < 0 || k > extent) {
    throw new RangeError(
      `Cannot apply topk() as k must be an integer from 0 to ${extent}: current k is ${k}`,
    );
  }
  return called("topk", [x], () => {
    const { values, indices } = sort(x, axis, { descending: largest });
    if (x.ndim === 0) return named({ values, indices });
    // Copies, as in PyTorch: a view would hold on to all that was sorted.
    return named({
      values: values.narrow(axis, 0, k).contiguous(),
      indices: indices.narrow(axis, 0, k).contiguous(),
    });
  });
}
