/** Elements repeated in a row. */
import { INDEX_DTYPE } from "../../dtype.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { apart } from "../base/apart.ts";
import { expand } from "../shape/expand.ts";
import { asIndices } from "../base/indices.ts";
import { searchsorted } from "./searchsorted.ts";
import { upload } from "../base/upload.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode repeatInterleave}. */
export interface RepeatInterleaveOptions {
  /** Sum of the repeats, if known to the caller: avoids waiting for the device. */
  readonly outputSize?: number;
}
const REPEAT_INTERLEAVE_OPTIONS: OptionKeys<RepeatInterleaveOptions> = { outputSize: true };

/** The positions 0, 1, ... each as often as `repeats` says. */
export function repeatInterleave(repeats: Tensor): Tensor;
/**
 * Each element of `x` `repeats` times in a row along `dim`; along all of `x`, flattened, if none is given. A copy.
 *
 * @param repeats A number, or one for each position along `dim`: integers, as a tensor or a list. A tensor waits for the
 * device unless `outputSize` is given.
 *
 * @example The first row twice, the second thrice
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, repeatInterleave, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(repeatInterleave(x, 2).tolist(), [1, 1, 2, 2, 3, 3, 4, 4]);
 * assertEquals(repeatInterleave(x, [2, 3], 0).tolist(), [[1, 2], [1, 2], [3, 4], [3, 4], [3, 4]]);
 * ```
 */
export function repeatInterleave(
  x: Tensor,
  repeats: Tensor | number | readonly number[],
  dim?: number,
  options?: RepeatInterleaveOptions,
): Tensor;
export function repeatInterleave(
  x: Tensor,
  repeats?: Tensor | number | readonly number[],
  dim?: number,
  options?: RepeatInterleaveOptions,
): Tensor {
  checkCall("repeatInterleave", arguments, "xRD.");
  const { outputSize } = readOptions("repeatInterleave()", options, REPEAT_INTERLEAVE_OPTIONS);
  if (repeats === undefined) {
    return called("repeatInterleave", [x], () => {
      const places = x.newArange(x.numel(), INDEX_DTYPE);
      return repeatInterleave(places, x, 0, outputSize === undefined ? {} : { outputSize });
    });
  }
  if (dim === undefined) {
    const options = outputSize === undefined ? {} : { outputSize };
    return called(
      "repeatInterleave",
      [x],
      () => apart(repeatInterleave(x.reshape([-1]), repeats, 0, options), x),
    );
  }
  if (typeof repeats === "number") return repeatedEvenly(x, repeats, dim);
  const axis = normalizeAxis("repeatInterleave", dim, x.ndim);
  return called("repeatInterleave", [x], () => {
    const line = x.ndim === 0 ? x.reshape([1]) : x, extent = line.shape[axis]!;
    const counts = countsOf(line, repeats, extent);
    const total = outputSize ?? totalOf(repeats, counts);
    return line.indexSelect(axis, positions(counts, total));
  });
}

/** How often each of `extent` positions is repeated. */
function countsOf(x: Tensor, repeats: Tensor | readonly number[], extent: number): Tensor {
  if (!("dtype" in repeats)) {
    for (const n of repeats) checkCount(n);
    if (repeats.length !== extent && repeats.length !== 1) refuse(extent, [repeats.length]);
    return listOf(x, repeats).expand([extent]);
  }
  const counts = asIndices("repeatInterleave", "repeats", repeats);
  if (counts.ndim > 1 || (counts.numel() !== extent && counts.numel() !== 1)) refuse(extent, counts.shape);
  return counts.reshape([-1]).expand([extent]);
}

function listOf(x: Tensor, list: readonly number[]): Tensor {
  return upload(x, Int32Array.from(list), [list.length], "int32");
}

function refuse(extent: number, shape: readonly number[]): never {
  throw new RangeError(
    `Cannot apply repeatInterleave() as there must be one number of repeats, or one for each of ${extent} positions: ` +
      `current shape of the repeats is ${showShape(shape)}`,
  );
}

function checkCount(n: number): void {
  if (Number.isInteger(n) && n >= 0) return;
  throw new RangeError(
    `Cannot apply repeatInterleave() as repeats must be whole numbers from 0: current number is ${n}`,
  );
}

/** The sum of the repeats. Waits for the device if they are a tensor. */
function totalOf(repeats: Tensor | readonly number[], counts: Tensor): number {
  const each = "dtype" in repeats ? Array.from(counts.dataSync(), Number) : repeats;
  let total = 0;
  for (const n of each) {
    checkCount(n);
    total += n;
  }
  return each.length === 1 ? total * counts.numel() : total;
}

/** Which position each element of the result is of: the one whose repeats end behind it. */
function positions(counts: Tensor, total: number): Tensor {
  const ends = counts.cumsum(0);
  return searchsorted(ends, ends.newArange(total, ends.dtype), { right: true });
}

function repeatedEvenly(x: Tensor, repeats: number, dim: number): Tensor {
  checkCount(repeats);
  const axis = normalizeAxis("repeatInterleave", dim, x.ndim);
  const shape = x.ndim === 0 ? [1] : x.shape;
  return tidySync(() => {
    const split = x.reshape(shape.toSpliced(axis + 1, 0, 1));
    const laid = expand(split, shape.toSpliced(axis + 1, 0, repeats));
    return apart(laid.reshape(shape.with(axis, shape[axis]! * repeats)), x);
  });
}
