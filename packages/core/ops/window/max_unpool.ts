/** What undoes pooling, in part. */
import { called } from "../base/called.ts";
import { sameShape, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { asIndices } from "../base/indices.ts";
import { type Triple, tripleOf } from "./triple.ts";
import { type Pair, pairOf } from "./window.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Size, stride and padding of the pooling windows along each axis. */
interface Lay {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
}

/** Extents of the result: given with or without those of the leading axes, or the least that the windows cover. */
function extentsOf(
  op: string,
  x: Tensor,
  { size, stride, padding }: Lay,
  given?: readonly number[],
): readonly number[] {
  const axes = size.length, lead = x.shape.slice(0, -axes);
  const least = size.map((n, i) => (x.shape.at(i - axes)! - 1) * stride[i]! - 2 * padding[i]! + n);
  if (given === undefined) return least;
  const extents = given.slice(-axes);
  const fits = (given.length === axes || sameShape(given.slice(0, -axes), lead)) && extents.length === axes &&
    extents.every((n, i) => Number.isInteger(n) && Math.abs(n - least[i]!) < stride[i]!);
  if (!fits) {
    throw new RangeError(
      `Cannot apply ${op}() as outputSize must be ${showShape(least)} or less than a stride of ${
        showShape(stride)
      } away from it: current outputSize is ${showShape(given)}`,
    );
  }
  return extents;
}

function unpooled(op: string, x: Tensor, indices: Tensor, lay: Lay, outputSize?: readonly number[]): Tensor {
  const axes = lay.size.length, known = ["l", "h, w", "d, h, w"][axes - 1];
  if ((x.ndim !== axes + 2 && x.ndim !== axes + 1) || !sameShape(x.shape, indices.shape)) {
    throw new RangeError(
      `Cannot apply ${op}() as shapes must be equal, [n, c, ${known}] or [c, ${known}]: current shapes are ` +
        `${showShape(x.shape)} and ${showShape(indices.shape)}`,
    );
  }
  const extents = extentsOf(op, x, lay, outputSize);
  return called(op, [x, indices], () => {
    const lead = x.shape.slice(0, -axes), flat = [...lead, sizeOf(x.shape.slice(-axes))];
    const places = asIndices(op, "indices", indices).reshape(flat),
      zeros = x.newZeros([...lead, sizeOf(extents)]);
    return zeros.scatter(-1, places, x.reshape(flat)).reshape([...lead, ...extents]);
  });
}

/** Options of {@linkcode maxUnpool2d}; one number or [vertical, horizontal] each. */
export interface MaxUnpool2dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Pair;
  /** Rows and columns that were added around the input; 0 by default. */
  readonly padding?: Pair;
  /** Extents of the result, less than a stride from the default: the least that the windows could have covered. */
  readonly outputSize?: readonly number[];
}
const MAX_UNPOOL2D_OPTIONS: OptionKeys<MaxUnpool2dOptions> = {
  stride: true,
  padding: true,
  outputSize: true,
};

/**
 * Elements put back where {@linkcode maxPool2dWithIndices} found them, among zeros; of several for one place the last
 * stays.
 *
 * @param x `[n, c, h, w]`, or `[c, h, w]`.
 * @param indices Positions in the planes of the result, integers of the shape of x.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the shapes do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, maxPool2dWithIndices, maxUnpool2d, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const { values, indices } = maxPool2dWithIndices(tensor([[[1, 2], [4, 3]]], { device }), 2);
 * assertEquals(maxUnpool2d(values, indices, 2).tolist(), [[[0, 0], [4, 0]]]);
 * ```
 */
export function maxUnpool2d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Pair,
  options: MaxUnpool2dOptions = {},
): Tensor {
  checkCall("maxUnpool2d", arguments, "xxp.");
  options = readOptions("maxUnpool2d()", options, MAX_UNPOOL2D_OPTIONS);
  const op = "maxUnpool2d", size = pairOf(op, "kernelSize", kernelSize, 1);
  const stride = pairOf(op, "stride", options.stride ?? size, 1);
  const padding = pairOf(op, "padding", options.padding ?? 0, 0);
  return unpooled(op, x, indices, { size, stride, padding }, options.outputSize);
}

/** Options of {@linkcode maxUnpool1d}. */
export interface MaxUnpool1dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: number;
  /** Elements that were added on both sides; 0 by default. */
  readonly padding?: number;
  /** The extent of the result, less than a stride from the default: the least that the windows could have covered. */
  readonly outputSize?: number | readonly number[];
}
const MAX_UNPOOL1D_OPTIONS: OptionKeys<MaxUnpool1dOptions> = {
  stride: true,
  padding: true,
  outputSize: true,
};

/** {@linkcode maxUnpool2d} over one axis: x and indices `[n, c, l]`, or `[c, l]`. */
export function maxUnpool1d(
  x: Tensor,
  indices: Tensor,
  kernelSize: number,
  options?: MaxUnpool1dOptions,
): Tensor {
  checkCall("maxUnpool1d", arguments, "xxd.");
  const { stride = kernelSize, padding = 0, outputSize } = readOptions(
    "maxUnpool1d()",
    options,
    MAX_UNPOOL1D_OPTIONS,
  );
  const given = typeof outputSize === "number" ? [outputSize] : outputSize;
  return unpooled(
    "maxUnpool1d",
    x,
    indices,
    { size: [kernelSize], stride: [stride], padding: [padding] },
    given,
  );
}

/** Options of {@linkcode maxUnpool3d}; one number or [depth, height, width] each. */
export interface MaxUnpool3dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Triple;
  /** Padding that the pooling added around its input; 0 by default. */
  readonly padding?: Triple;
  /** Extents of the result, less than a stride from the default: the least that the windows could have covered. */
  readonly outputSize?: readonly number[];
}
const MAX_UNPOOL3D_OPTIONS: OptionKeys<MaxUnpool3dOptions> = {
  stride: true,
  padding: true,
  outputSize: true,
};

/** {@linkcode maxUnpool2d} over three axes: x and indices of {@linkcode maxPool3dWithIndices} `[n, c, d, h, w]`, or `[c, d, h, w]`. */
export function maxUnpool3d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Triple,
  options: MaxUnpool3dOptions = {},
): Tensor {
  checkCall("maxUnpool3d", arguments, "xxp.");
  options = readOptions("maxUnpool3d()", options, MAX_UNPOOL3D_OPTIONS);
  const op = "maxUnpool3d", size = tripleOf(op, "kernelSize", kernelSize, 1);
  const stride = tripleOf(op, "stride", options.stride ?? size, 1);
  const padding = tripleOf(op, "padding", options.padding ?? 0, 0);
  return unpooled(op, x, indices, { size, stride, padding }, options.outputSize);
}
