/** The most frequent elements. */
import { type DimOr, dimThen } from "../../dim_then.ts";
import { normalizeAxis } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { argmax, picked, type ValuesAndIndices } from "./extreme.ts";
import { latestPlaces, placesOf } from "./cummax.ts";
import { checkNotEmpty } from "./reduce.ts";
import type { ReduceOptions } from "./reduction.ts";
import { sort } from "./sort.ts";
import { called } from "../base/called.ts";
import { REDUCE_OPTIONS } from "./reduction.ts";
import { checkCall } from "../../tensor/check_call.ts";

/**
 * The most frequent elements along `dim`, the smallest of several, and where they occur last.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, mode, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const { values, indices } = mode(tensor([3, 1, 3, 2, 1], { device }));
 * assertEquals([values.item(), indices.item()], [1, 4]);
 * ```
 */
export function mode(
  x: Tensor,
  dim?: DimOr<number, ReduceOptions>,
  options?: boolean | ReduceOptions,
): ValuesAndIndices {
  checkCall("mode", arguments, "x..");
  const [along = -1, { keepdim = false } = {}] = dimThen("mode()", REDUCE_OPTIONS, dim, options);
  checkNotEmpty("mode", x, along);
  const axis = normalizeAxis("mode", along, x.ndim), extent = x.shape[axis] ?? 1;
  return called("mode", [x], () => {
    const { values, indices } = sort(x.detach(), axis);
    if (x.ndim === 0) return picked(x, axis, indices, keepdim);
    const differs = values.narrow(axis, 1, extent - 1).ne(values.narrow(axis, 0, extent - 1));
    const margins = new Array<number>(2 * (x.ndim - axis)).fill(0);
    margins[margins.length - 2] = 1;
    // Where a run of equals begins. The first of the longest runs is as long as that at its last element.
    const begins = latestPlaces(differs.pad(margins, { value: 1 }), axis);
    const place = placesOf(values.newEmpty(values.shape, "bool").fill_(1), axis);
    const at = argmax(place.sub(begins), axis, { keepdim: true });
    return picked(x, axis, indices.gather(axis, at), keepdim);
  });
}
