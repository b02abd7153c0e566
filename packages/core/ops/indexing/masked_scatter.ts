/** Elements put one after the other where a mask is true. */
import { tidySync } from "../../scope.ts";
import { broadcastShapes } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { cat } from "../shape/cat.ts";
import { NO_SCALARS } from "../base/elementwise.ts";
import { checkFits } from "./broadcast_value.ts";
import { checkMask, MASKED_PUT } from "../pointwise/masked_fill.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** For each place of `mask` the element of `source` that belongs there, where it is true. */
function sourceAt(op: string, x: Tensor, mask: Tensor, source: Tensor): Tensor {
  checkFits(op, x, source);
  const counts = mask.reshape([-1]).to("int32"), number = counts.cumsum(0).to("int32").mul(counts);
  // Number 0 is an element that nobody takes; more than there are is an index outside.
  const line = source.to(x.dtype).reshape([-1]), elements = cat([line.newZeros([1]), line]);
  try {
    return elements.gather(0, number).reshape(mask.shape);
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.includes("indices must be integers")) throw error;
    throw new RangeError(
      `Cannot apply ${op}() as there must be an element for each true one of the mask: ` +
        `current numbers are ${source.numel()} and ${counts.sum().item()}`,
    );
  }
}

/**
 * `x` with the elements of `source` one after the other where `mask` is true. `x` and the mask broadcast together.
 *
 * @param mask bool (or uint8, tested against 0).
 * @param source As many elements as are true in the mask, or more.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, maskedScatter, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([1, 2, 3, 4], { device });
 * assertEquals(maskedScatter(x, x.gt(2), tensor([7, 8], { device })).tolist(), [1, 2, 7, 8]);
 * ```
 */
export function maskedScatter(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  checkCall("maskedScatter", arguments, "xxx");
  checkMask("maskedScatter", mask);
  const shape = broadcastShapes("maskedScatter", x.shape, mask.shape);
  return called("maskedScatter", [x, mask, source], () => {
    const wide = mask.expand(shape), values = sourceAt("maskedScatter", x, wide, source);
    return x.apply(MASKED_PUT, NO_SCALARS, wide, values);
  });
}

/** {@linkcode maskedScatter} in the place of `x`, to which the mask broadcasts. */
export function maskedScatter_(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  checkCall("maskedScatter_", arguments, "xxx");
  checkMask("maskedScatter_", mask);
  return tidySync(() => {
    const wide = mask.expand(x.shape), values = sourceAt("maskedScatter_", x, wide, source);
    return x.applyInto(MASKED_PUT, NO_SCALARS, x, wide, values);
  });
}
