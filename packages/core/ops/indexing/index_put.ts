/** Values put where tensors of positions say. */
import { tidySync } from "../../scope.ts";
import type { Tensor } from "../../tensor.ts";
import { NO_SCALARS } from "../base/elementwise.ts";
import { MASKED_PUT, maskedFill_ } from "../pointwise/masked_fill.ts";
import { broadcastValue, checkFits, valueTensor } from "./broadcast_value.ts";
import { namingAxes } from "./errors.ts";
import { INDEX_PUT, putIntoView } from "./index_op.ts";
import type { Index } from "./index.ts";
import { laidMask, valueUnderMask } from "./masked_put.ts";
import { parseIndices, type Pick } from "./parse.ts";
import { pickedOf, planOf } from "./positions.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode indexPut}. */
export interface IndexPutOptions {
  /** Whether values are added to what is there, those of equal positions to each other; false by default. */
  readonly accumulate?: boolean;
}

/** The keys of {@linkcode IndexPutOptions}. */
export const INDEX_PUT_OPTIONS: OptionKeys<IndexPutOptions> = { accumulate: true };

function prepared(op: string, x: Tensor, picks: readonly Pick[], value: Tensor | number) {
  const { picked, indices } = pickedOf(op, picks), given = valueTensor(x, value);
  checkFits(op, x, given);
  const { result } = planOf(op, x.shape, picked, indices.map((index) => index.shape));
  return { picked, indices, value: broadcastValue(op, given, result).to(x.dtype) };
}

/** `x` with `value` put where `picks` are, as a new tensor. */
export function putPicked(
  op: string,
  x: Tensor,
  picks: readonly Pick[],
  given: Tensor | number,
  accumulate: boolean,
): Tensor {
  const [first] = picks;
  if (picks.length === 1 && first!.by.dtype === "bool" && !accumulate) {
    const wide = valueUnderMask(op, x, first!, valueTensor(x, given));
    if (wide !== null) return x.apply(MASKED_PUT, NO_SCALARS, laidMask(x, first!), wide);
  }
  const { picked, indices, value } = prepared(op, x, picks, given);
  return namingAxes(
    op,
    x.shape,
    picked,
    indices,
    () => x.apply(INDEX_PUT, { picked, accumulate }, value, ...indices),
  );
}

/** Puts `value` where `picks` of `x` are. What it makes is the caller's to free. */
export function putAt(
  op: string,
  x: Tensor,
  picks: readonly Pick[],
  given: Tensor | number,
  accumulate: boolean,
): void {
  const [first] = picks;
  if (picks.length === 1 && first!.by.dtype === "bool" && !accumulate) {
    const mask = laidMask(x, first!);
    if (typeof given === "number") return void maskedFill_(x, mask, given);
    const wide = valueUnderMask(op, x, first!, given);
    if (wide !== null) return void x.applyInto(MASKED_PUT, NO_SCALARS, x, mask, wide);
  }
  const { picked, indices, value } = prepared(op, x, picks, given), params = { picked, accumulate };
  namingAxes(op, x.shape, picked, indices, () => {
    // Where the axes lie so that no view joins them, all of it is written.
    if (putIntoView(x, value, indices, params) === null) {
      x.copy_(x.apply(INDEX_PUT, params, value, ...indices));
    }
  });
}

/** The index tensors of `indexPut` by axis; null among `indices` keeps an axis whole. */
function picksOf(op: string, x: Tensor, indices: readonly (Tensor | null)[]): readonly Pick[] {
  const { view, picks } = parseIndices(op, x, indices.map((index): Index => index ?? ":"));
  if (picks.length === 0 || view.ndim !== x.ndim) {
    throw new TypeError(
      `Cannot apply ${op}() as indices must be tensors of integers or masks, with at least one axis each and null for ` +
        `axes that are left out: current number of such tensors is ${picks.length}`,
    );
  }
  return picks;
}

/**
 * `x` with `values` where `indices` are: `x[indices] = values`, as a new tensor. Negative positions count from the end.
 *
 * @param indices Tensors of integers that broadcast together, or masks; one for each of the first axes, null for all of an axis.
 * @param values A number, or a tensor that broadcasts to what is picked.
 *
 * @example Two elements added to
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, indexPut, ReferenceBackend, tensor, zeros } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const at = (list: number[]) => tensor(list, { device, dtype: "int32" });
 * const x = indexPut(zeros([2, 2], { device }), [at([0, 1, 1]), at([1, 0, 0])], 2, { accumulate: true });
 * assertEquals(x.tolist(), [[0, 2], [4, 0]]);
 * ```
 */
export function indexPut(
  x: Tensor,
  indices: readonly (Tensor | null)[],
  values: Tensor | number,
  options?: IndexPutOptions,
): Tensor {
  checkCall("indexPut", arguments, "xan.");
  const { accumulate = false } = readOptions("indexPut()", options, INDEX_PUT_OPTIONS);
  return called(
    "indexPut",
    [x, ...indices, values],
    () => putPicked("indexPut", x, picksOf("indexPut", x, indices), values, accumulate),
  );
}

/** {@linkcode indexPut} in the place of `x`. */
export function indexPut_(
  x: Tensor,
  indices: readonly (Tensor | null)[],
  values: Tensor | number,
  options?: IndexPutOptions,
): Tensor {
  checkCall("indexPut_", arguments, "xan.");
  const { accumulate = false } = readOptions("indexPut_()", options, INDEX_PUT_OPTIONS);
  return tidySync(() => {
    putAt("indexPut_", x, picksOf("indexPut_", x, indices), values, accumulate);
    return x;
  });
}
