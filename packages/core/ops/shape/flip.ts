/** Axes run through backwards, turned, or from another position on. */
import { type Sizes, sizesOf } from "../../call_forms.ts";
import type { Layout } from "../../layout.ts";
import type { KernelOp } from "../../op.ts";
import { normalizeAxes, normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { clone } from "../base/cast.ts";
import { cat } from "./cat.ts";
import { copyCall } from "../base/copy_call.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

interface FlipParams {
  readonly axes: readonly number[];
}

/** A layout seen from the other end of `axes`. */
function reversed({ shape, strides, offset }: Layout, axes: readonly number[]): Layout {
  return {
    shape,
    strides: strides.map((s, i) => axes.includes(i) ? -s : s),
    offset: axes.reduce((at, a) => at + Math.max(shape[a]! - 1, 0) * strides[a]!, offset),
  };
}

const FLIP: KernelOp<FlipParams> = {
  kind: "kernel",
  name: "flip",
  infer: ([x]) => [x!],
  kernel: ([x]) => copyCall(x!),
  arrange: ([x], { axes }) => ({ inputs: [reversed(x!, axes)], output: null }),
  vjp: ([g], { params }) => [() => g!.apply(FLIP, params)],
};

/** A copy of `x`, backwards along the axes `dims`. */
export function flip(x: Tensor, ...dims: Sizes): Tensor {
  checkCall("flip", arguments, "x*");
  return x.apply(FLIP, { axes: normalizeAxes("flip", sizesOf("flip", dims), x.ndim) });
}

/** A copy of `x`, backwards along its second axis: left and right of a matrix exchanged. */
export function fliplr(x: Tensor): Tensor {
  checkCall("fliplr", arguments, "x");
  checkRank("fliplr", x, 2);
  return flip(x, 1);
}

/** A copy of `x`, backwards along its first axis: top and bottom of a matrix exchanged. */
export function flipud(x: Tensor): Tensor {
  checkCall("flipud", arguments, "x");
  checkRank("flipud", x, 1);
  return flip(x, 0);
}

function checkRank(op: string, x: Tensor, least: number): void {
  if (x.ndim < least) {
    throw new RangeError(
      `Cannot apply ${op}() as there must be at least ${least} axes: current shape is ${showShape(x.shape)}`,
    );
  }
}

/**
 * A copy of `x` turned by 90 degrees `k` times in the plane of two axes, from the first toward the second; by a negative `k`
 * the other way round.
 *
 * @param dims The two axes; the first two by default.
 *
 * @example A quarter turn
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, rot90, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 2], [3, 4]], { device });
 * assertEquals(rot90(x).tolist(), [[2, 4], [1, 3]]);
 * assertEquals(rot90(x, -1).tolist(), [[3, 1], [4, 2]]);
 * ```
 */
export function rot90(x: Tensor, k = 1, dims: readonly number[] = [0, 1]): Tensor {
  checkCall("rot90", arguments, "xDS");
  const [from, to] = dims.map((d) => normalizeAxis("rot90", d, x.ndim));
  if (x.ndim < 2 || dims.length !== 2 || from === to || !Number.isInteger(k)) {
    throw new RangeError(
      `Cannot apply rot90() as there must be an integer number of turns and two axes to turn in: ` +
        `current shape is ${showShape(x.shape)}, k is ${k}, dims are ${showShape(dims)}`,
    );
  }
  switch (((k % 4) + 4) % 4) {
    case 0:
      return clone(x);
    case 1:
      return called("rot90", [x], () => flip(x, to!).transpose(from!, to!));
    case 2:
      return flip(x, dims);
    default:
      return called("rot90", [x], () => flip(x, from!).transpose(from!, to!));
  }
}

/** `x` moved by `shifts` along `dims`, where what leaves at one end enters at the other; flattened meanwhile if none are given. */
export function roll(
  x: Tensor,
  shifts: number | readonly number[],
  dims?: number | readonly number[],
): Tensor {
  checkCall("roll", arguments, "x..");
  if (dims === undefined) return called("roll", [x], () => roll(x.reshape([-1]), shifts, 0).reshape(x.shape));
  const by: readonly number[] = [shifts].flat(), axes: readonly number[] = [dims].flat();
  if (by.length !== axes.length || !by.every(Number.isInteger)) {
    throw new RangeError(
      `Cannot apply roll() as there must be a whole shift for each dim: ` +
        `current shifts are ${showShape(by)}, dims are ${showShape(axes)}`,
    );
  }
  return called("roll", [x], () =>
    axes.length === 0 ? x.clone() : axes.reduce((moved, dim, i) => {
      const axis = normalizeAxis("roll", dim, x.ndim), extent = x.shape[axis] ?? 0;
      const start = extent === 0 ? 0 : ((-by[i]! % extent) + extent) % extent;
      return cat([moved.slice(axis, start), moved.slice(axis, 0, start)], axis);
    }, x));
}
