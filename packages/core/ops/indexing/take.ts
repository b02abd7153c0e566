/** Elements by their number in row-major order. */
import { tidySync } from "../../scope.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { viewStrides } from "../shape/reshape.ts";
import { INDEX_PUT_OPTIONS, putAt, putPicked } from "./index_put.ts";
import type { IndexPutOptions } from "./index_put.ts";
import { namingAxes } from "./errors.ts";
import { INDEX } from "./index_op.ts";
import { asIndices } from "../base/indices.ts";
import { called } from "../base/called.ts";
import { readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const LINE = [{ axis: 0, axes: 1 }] as const;

/**
 * The elements of `x`, as one row, at the positions `index` (integers of any shape, which is that of the result; negative
 * ones count from the end).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, take, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(take(x, tensor([0, -1, 2], { device, dtype: "int32" })).tolist(), [1, 4, 3]);
 * ```
 */
export function take(x: Tensor, index: Tensor): Tensor {
  checkCall("take", arguments, "xx");
  return called("take", [x, index], () => {
    const line = x.reshape([-1]), at = asIndices("take", "index", index);
    return namingAxes("take", line.shape, LINE, [at], () => line.apply(INDEX, { picked: LINE }, at));
  });
}

/** The source in the shape of the index. */
function sourceFor(op: string, index: Tensor, source: Tensor): Tensor {
  if (source.numel() !== index.numel()) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be as many elements as positions: ` +
        `current shapes are ${showShape(source.shape)} and ${showShape(index.shape)}`,
    );
  }
  return source.reshape(index.shape);
}

/**
 * `x` with the elements of `source` at the positions `index` of its elements, which are counted in row-major order;
 * negative ones count from the end.
 */
export function put(
  x: Tensor,
  index: Tensor,
  source: Tensor,
  options?: IndexPutOptions,
): Tensor {
  checkCall("put", arguments, "xxx.");
  const { accumulate = false } = readOptions("put()", options, INDEX_PUT_OPTIONS);
  return called("put", [x, index, source], () => {
    const line = x.reshape([-1]), values = sourceFor("put", index, source);
    return putPicked("put", line, [{ axis: 0, by: index }], values, accumulate).reshape(x.shape);
  });
}

/** {@linkcode put} in the place of `x`. */
export function put_(
  x: Tensor,
  index: Tensor,
  source: Tensor,
  options?: IndexPutOptions,
): Tensor {
  checkCall("put_", arguments, "xxx.");
  const { accumulate = false } = readOptions("put_()", options, INDEX_PUT_OPTIONS);
  return tidySync(() => {
    // Where strides allow no view as one row, all of it is written.
    if (viewStrides(x, [x.numel()]) === null) return x.copy_(put(x, index, source, { accumulate }));
    putAt(
      "put_",
      x.ndim === 1 ? x : x.reshape([-1]),
      [{ axis: 0, by: index }],
      sourceFor("put_", index, source),
      accumulate,
    );
    return x;
  });
}
