/** Probabilities from scores. */
import type { DimOr } from "../../dim_then.ts";
import { isFloating } from "../../dtype.ts";
import type { CompositeOp, FusedOp } from "../../op.ts";
import { tidySync } from "../../scope.ts";
import { normalizeAxis, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { called } from "../base/called.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Over the last axis of [rows, n]. */
const SOFTMAX: FusedOp<null> = {
  kind: "fused",
  name: "softmax",
  infer: ([x]) => [x!],
  kernel: () => ({ kernel: "softmax" }),
  composite([x]) {
    if (x!.numel() === 0) return x!.clone();
    const powers = x!.sub(x!.amax(1, { keepdim: true })).exp();
    return powers.div(powers.sum(1, { keepdim: true }));
  },
  saves: () => ({ outputs: [0] }),
  vjp: ([g], saved) => [() => g!.apply(SOFTMAX_GRAD, null, saved.output(0))],
};

/** g and y to y * (g - sum g * y). */
const SOFTMAX_GRAD: FusedOp<null> = {
  kind: "fused",
  name: "softmaxGrad",
  infer: ([g]) => [g!],
  kernel: () => ({ kernel: "softmaxGrad" }),
  composite: ([g, y]) => y!.mul(g!.sub(g!.mul(y!).sum(1, { keepdim: true }))),
};

/** {@linkcode SOFTMAX} where a row of nothing but -Infinity becomes 0 rather than NaN, and passes no gradient on. */
const SAFE_SOFTMAX: CompositeOp<null> = {
  kind: "composite",
  name: "safeSoftmax",
  infer: ([x]) => [x!],
  composite([x]) {
    if (x!.numel() === 0) return x!.clone();
    const nothing = x!.amax(1, { keepdim: true }).eq(-Infinity);
    return x!.apply(SOFTMAX, null).maskedFill(nothing, 0);
  },
  saves: () => ({ outputs: [0] }),
  vjp: ([g], saved) => [() => g!.apply(SOFTMAX_GRAD, null, saved.output(0))],
};

/** Over the last axis of [rows, n]. */
const LOG_SOFTMAX: FusedOp<null> = {
  kind: "fused",
  name: "logSoftmax",
  infer: ([x]) => [x!],
  kernel: () => ({ kernel: "logSoftmax" }),
  composite([x]) {
    if (x!.numel() === 0) return x!.clone();
    const shifted = x!.sub(x!.amax(1, { keepdim: true }));
    return shifted.sub(shifted.exp().sum(1, { keepdim: true }).log());
  },
  saves: () => ({ outputs: [0] }),
  vjp: ([g], saved) => [() => g!.apply(LOG_SOFTMAX_GRAD, null, saved.output(0))],
};

/** g and y to g - exp(y) * sum g. */
const LOG_SOFTMAX_GRAD: FusedOp<null> = {
  kind: "fused",
  name: "logSoftmaxGrad",
  infer: ([g]) => [g!],
  kernel: () => ({ kernel: "logSoftmaxGrad" }),
  composite: ([g, y]) => g!.sub(y!.exp().mul(g!.sum(1, { keepdim: true }))),
};

/** Applies an op on the last axis of [rows, n] along any axis of any shape. */
function alongAxis(op: FusedOp<null> | CompositeOp<null>, x: Tensor, dim: DimOr<number>): Tensor {
  if (!isFloating(x.dtype)) {
    return tidySync(() => {
      const input = x.to("float32");
      return alongAxis(op, input, dim);
    });
  }
  const axis = normalizeAxis(op.name, dim, x.ndim), last = Math.max(x.ndim - 1, 0);
  if (x.ndim === 2 && axis === last) return x.apply(op, null);
  return tidySync(() => {
    const moved = axis === last ? x : x.transpose(axis, last);
    const rows = moved.reshape([sizeOf(moved.shape.slice(0, -1)), moved.shape.at(-1) ?? 1]);
    const y = rows.apply(op, null);
    // In row-major order, as in PyTorch: flattened, it is a view.
    return axis === last ? y.reshape(moved.shape) : y.reshape(moved.shape).transpose(axis, last).contiguous();
  });
}

/**
 * `exp(x) / sum exp(x)` along axis `dim`, without overflow.
 *
 * @example Two equal scores
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, softmax, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * assertEquals(softmax(tensor([3, 3], { device }), 0).tolist(), [0.5, 0.5]);
 * ```
 */
export function softmax(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("softmax", arguments, "x.");
  return alongAxis(SOFTMAX, x, dim);
}

/** `x - log(sum exp(x))` along axis `dim`, without overflow. */
export function logSoftmax(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("logSoftmax", arguments, "x.");
  return alongAxis(LOG_SOFTMAX, x, dim);
}

/** {@linkcode softmax} of `-x`. */
export function softmin(x: Tensor, dim: DimOr<number>): Tensor {
  checkCall("softmin", arguments, "x.");
  return called("softmin", [x], () => {
    const negative = x.neg();
    return alongAxis(SOFTMAX, negative, dim);
  });
}

/** {@linkcode softmax} along the last axis for masked scores: 0 where a row is -Infinity throughout. */
export function safeSoftmax(x: Tensor): Tensor {
  return x.shape.at(-1) === 0 ? x.alias() : alongAxis(SAFE_SOFTMAX, x, -1);
}
