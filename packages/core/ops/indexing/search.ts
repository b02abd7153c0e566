/** Positions of nonzero elements, and selection by masks. The size of the results depends on the data: these ops wait for the device. */
import { INDEX_DTYPE } from "../../dtype.ts";
import { tidySync } from "../../scope.ts";
import { broadcastShapes } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { checkMask } from "../pointwise/masked_fill.ts";
import { upload } from "../base/upload.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Positions of what is not 0, in row-major order. Reads back. */
export function positionsOf(x: Tensor): number[] {
  const found: number[] = [];
  const marks = x.dtype === "bool" ? x.dataSync() : tidySync(() => x.ne(0).dataSync());
  marks.forEach((value, i) => {
    if (value) found.push(i);
  });
  return found;
}

/** Options of {@linkcode nonzero}. */
export interface NonzeroOptions {
  /** Whether the positions along each axis come as a vector of their own, as indices are given; false by default. */
  readonly asTuple?: boolean;
}
const NONZERO_OPTIONS: OptionKeys<NonzeroOptions> = { asTuple: true };

/**
 * Positions of the elements that are not 0, one a row: integers [count, axes]. Waits for the device.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, nonzero, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[0, 1], [2, 0]], { device });
 * assertEquals(nonzero(x).tolist(), [[0, 1], [1, 0]]);
 * assertEquals(x.at(...nonzero(x, { asTuple: true })).tolist(), [1, 2]);
 * ```
 */
export function nonzero(x: Tensor, options?: NonzeroOptions & { readonly asTuple?: false }): Tensor;
/** For each axis, the positions of the elements that are not 0, in row-major order. Waits for the device. */
export function nonzero(x: Tensor, options: NonzeroOptions & { readonly asTuple: true }): Tensor[];
/** Positions of the elements that are not 0, as the options ask for them. Waits for the device. */
export function nonzero(x: Tensor, options?: NonzeroOptions): Tensor | Tensor[];
export function nonzero(x: Tensor, options?: NonzeroOptions): Tensor | Tensor[] {
  checkCall("nonzero", arguments, "x.");
  const { asTuple = false } = readOptions("nonzero()", options, NONZERO_OPTIONS);
  // One position along one axis stands for a scalar.
  if (asTuple && x.ndim === 0) {
    return called("nonzero", [x], () => nonzero(x.reshape([1]), { asTuple: true }));
  }
  const flat = positionsOf(x), { shape, ndim } = x;
  const along = Array.from({ length: ndim }, () => new Int32Array(flat.length));
  flat.forEach((at, row) => {
    for (let axis = ndim - 1, rest = at; axis >= 0; axis--) {
      along[axis]![row] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
  });
  if (asTuple) {
    return called(
      "nonzero",
      [x],
      () => along.map((positions) => upload(x, positions, [flat.length], INDEX_DTYPE)),
    );
  }
  const rows = Int32Array.from(
    { length: flat.length * ndim },
    (_, i) => along[i % ndim]![Math.floor(i / ndim)]!,
  );
  return upload(x, rows, [flat.length, ndim], INDEX_DTYPE);
}

/** {@linkcode nonzero}, as NumPy calls it. */
export function argwhere(x: Tensor): Tensor {
  checkCall("argwhere", arguments, "x");
  return nonzero(x);
}

/**
 * The elements of `x` where `mask` is true, in a row; shapes broadcast. Waits for the device.
 *
 * @param mask bool (or uint8, tested against 0).
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkCall("maskedSelect", arguments, "xx");
  checkMask("maskedSelect", mask);
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  return called("maskedSelect", [x, mask], () => {
    const flat = Int32Array.from(positionsOf(mask.expand(shape)));
    const line = x.expand(shape).reshape([-1]);
    return line.indexSelect(0, upload(x, flat, [flat.length], "int32"));
  });
}
