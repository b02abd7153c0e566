/** Copies and conversions. */
import { computeType, type DType, isFloating, promote } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import { input } from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import type { Tensor } from "../../tensor.ts";
import { checkBroadcastsTo } from "../../shape.ts";
import { copyCall, IDENTITY } from "./copy_call.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** The op of a copy. */
export const CLONE: KernelOp<null> = {
  kind: "kernel",
  name: "clone",
  infer: ([x]) => [x!],
  kernel: ([x]) => copyCall(x!),
  vjp: ([g]) => [() => g!],
};

const CAST: KernelOp<{ dtype: DType }> = {
  kind: "kernel",
  name: "to",
  gradName: "toCopy",
  infer: ([x], { dtype }) => [{ shape: x!.shape, dtype }],
  kernel: ([x], _, { dtype }) => ({
    kernel: "map",
    body: IDENTITY,
    compute: computeType(promote(x!.dtype, dtype)),
    scalars: [],
    shape: x!.shape,
  }),
  vjp: ([g], saved) => [isFloating(saved.spec(0).dtype) ? () => cast(g!, saved.spec(0).dtype) : null],
};

/** What `copy_` does: the second input is repeated over the first, and converted. */
const COPY: KernelOp<null> = {
  kind: "kernel",
  name: "copy_",
  gradName: "copy",
  infer: ([target, source]) => {
    checkBroadcastsTo("copy_", source!.shape, target!.shape);
    return [target!];
  },
  kernel: ([target, source]) => ({
    kernel: "map",
    body: SECOND,
    compute: computeType(promote(target!.dtype, source!.dtype)),
    scalars: [],
    shape: target!.shape,
  }),
  flows: (i) => i === 1,
  vjp: ([g]) => [null, () => g!],
};
const SECOND: Body = body(input(1));

/** A contiguous copy with memory of its own; the gradient passes through. */
export function clone(x: Tensor): Tensor {
  checkCall("clone", arguments, "x");
  return x.apply(CLONE, null);
}

/** `x` itself if its elements follow one another in row-major order, else a copy of which they do. */
export function contiguous(x: Tensor): Tensor {
  checkCall("contiguous", arguments, "x");
  return x.isContiguous() ? x : clone(x);
}

/** `x` converted on its device: `x` itself if it has that dtype; see `to`. */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : x.apply(CAST, { dtype });
}

/**
 * Overwrites `x` with `source`, which is repeated to the shape of `x`, converted to its dtype and moved to its device;
 * returns `x`.
 *
 * @throws {RangeError} If the shape of `source` does not broadcast to that of `x`.
 */
export function copy_(x: Tensor, source: Tensor | number): Tensor {
  checkCall("copy_", arguments, "xn");
  if (typeof source === "number") return tidySync(() => x.applyInto(COPY, null, x, x.newFull([], source)));
  if (source.device === x.device) return x.applyInto(COPY, null, x, source);
  tidySync(() => {
    x.applyInto(COPY, null, x, source.to(x.device));
    return [];
  });
  return x;
}
