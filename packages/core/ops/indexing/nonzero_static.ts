/** Positions of nonzero elements in a tensor of fixed size, found without waiting for the device. */
import { INDEX_DTYPE } from "../../dtype.ts";
import type { Tensor } from "../../tensor.ts";
import { cat } from "../shape/cat.ts";
import { unravelIndex } from "./unravel_index.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode nonzeroStatic}. */
export interface NonzeroStaticOptions {
  /** Fill value for rows without a nonzero element; -1 by default. */
  readonly fillValue?: number;
}
const NONZERO_STATIC_OPTIONS: OptionKeys<NonzeroStaticOptions> = { fillValue: true };

/**
 * The first `size` positions of elements that are not 0, one a row, as {@linkcode nonzero} gives them: integers
 * [size, axes]. The host does not wait for the device.
 *
 * @example Two found, one row left over
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, nonzeroStatic, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[0, 1], [2, 0]], { device });
 * assertEquals(nonzeroStatic(x, 3).tolist(), [[0, 1], [1, 0], [-1, -1]]);
 * ```
 */
export function nonzeroStatic(
  x: Tensor,
  size: number,
  options?: NonzeroStaticOptions,
): Tensor {
  checkCall("nonzeroStatic", arguments, "xd.");
  const { fillValue = -1 } = readOptions("nonzeroStatic()", options, NONZERO_STATIC_OPTIONS);
  if (!Number.isInteger(size) || size < 0) {
    throw new RangeError(
      `Cannot apply nonzeroStatic() as size must be a whole number from 0: current size is ${size}`,
    );
  }
  if (x.ndim === 0) return x.newEmpty([size, 0], INDEX_DTYPE);
  return called("nonzeroStatic", [x], () => {
    const found = x.detach().reshape([-1]).ne(0);
    const number = found.to("int32").cumsum(0).to("int32").sub(1).clamp({ max: size });
    // What is not found, and what there is no room for, goes behind the end.
    const row = number.maskedFill(found.logicalNot(), size);
    const slots = x.newFull([size + 1], -1, "int32").scatter_(0, row, x.newArange(x.numel(), "int32"));
    const places = slots.narrow(0, 0, size).unsqueeze(1), inside = places.clamp({ min: 0 });
    const rows = x.numel() === 0 ? places.expand([size, x.ndim]) : cat(unravelIndex(inside, x.shape), 1);
    return rows.maskedFill(places.lt(0), fillValue).to(INDEX_DTYPE);
  });
}
