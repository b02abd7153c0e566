/** Holding elements between bounds. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { called, naming } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

const [X, Y, Z] = [e.input(0), e.input(1), e.input(2)];
const [A, B] = [e.scalar(0), e.scalar(1)];

const when = (condition: e.Expr, otherwise: e.Expr | number = 0) => e.where(condition, 1, otherwise);

/** With the slopes that PyTorch has: 1 on a bound, 0 at NaN. */
const clampOf = (name: string, expr: e.Expr, slopes: readonly e.Expr[]): ElementwiseOp =>
  elementwise({ name, gradName: "clamp", kind: "same", expr, slopes });

const inside = (low: e.Expr, high: e.Expr) => e.where(e.lessEqual(low, X), when(e.lessEqual(X, high)), 0);
const MIN = clampOf("clampMin", e.max(X, A), [when(e.lessEqual(A, X))]);
const MAX = clampOf("clampMax", e.min(X, A), [when(e.lessEqual(X, A))]);
const CLAMP = clampOf("clamp", e.min(e.max(X, A), B), [inside(A, B)]);
const MIN_TENSOR = clampOf("clampMin", e.max(X, Y), [when(e.lessEqual(Y, X)), when(e.less(X, Y))]);
const MAX_TENSOR = clampOf("clampMax", e.min(X, Y), [when(e.lessEqual(X, Y)), when(e.less(Y, X))]);
const CLAMP_TENSORS = clampOf("clamp", e.min(e.max(X, Y), Z), [
  inside(Y, Z),
  e.where(e.less(Y, Z), when(e.less(X, Y)), 0),
  // Where the bounds are the wrong way around, the upper one is the result.
  when(e.less(Z, X), when(e.less(Z, Y))),
]);

/** Bounds of {@linkcode clamp}. */
export interface ClampOptions {
  /** Lower bound; a tensor broadcasts. */
  readonly min?: Tensor | number;
  /** Upper bound; a tensor broadcasts. */
  readonly max?: Tensor | number;
}
const CLAMP_OPTIONS: OptionKeys<ClampOptions> = { min: true, max: true };

/** An op, its numbers, and its inputs behind the first. */
type ClampCall = readonly [ElementwiseOp, readonly number[], ...Tensor[]];

function clampCall({ min, max }: ClampOptions): ClampCall {
  if (min === undefined) {
    if (max !== undefined) return typeof max === "number" ? [MAX, [max]] : [MAX_TENSOR, [], max];
    throw new TypeError(
      "Cannot apply clamp() as min, max or both must be given: current options have neither",
    );
  }
  if (max === undefined) return typeof min === "number" ? [MIN, [min]] : [MIN_TENSOR, [], min];
  return typeof min === "number" ? [CLAMP, [min, max as number]] : [CLAMP_TENSORS, [], min, max as Tensor];
}

/**
 * `x` held between `min` and `max`, either of which may be left out, and each a number or a tensor; NaN stays NaN. The
 * slope is 1 on the bounds and 0 beyond them; where `min` is above `max`, the result is `max`.
 *
 * @throws {TypeError} If neither is given.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { clamp, Device, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([-1, 0.5, 2], { device });
 * assertEquals(clamp(x, { min: 0, max: 1 }).tolist(), [0, 0.5, 1]);
 * assertEquals(clamp(x, { min: tensor([0, 1, 3], { device }) }).tolist(), [0, 1, 3]);
 * ```
 */
export function clamp(x: Tensor, options: ClampOptions): Tensor {
  checkCall("clamp", arguments, "x.");
  options = readOptions("clamp()", options, CLAMP_OPTIONS);
  const { min, max } = options;
  if (min !== undefined && max !== undefined && typeof min !== typeof max) {
    return called("clamp", [x], () => clamp(clamp(x, { min }), { max }));
  }
  const [op, scalars, ...bounds] = clampCall(options);
  return naming("clamp", [x, ...bounds], () => x.apply(op, { scalars }, ...bounds));
}

/** {@linkcode clamp} in the place of `x`. */
export function clamp_(x: Tensor, options: ClampOptions): Tensor {
  checkCall("clamp_", arguments, "x.");
  options = readOptions("clamp_()", options, CLAMP_OPTIONS);
  const { min, max } = options;
  if (min !== undefined && max !== undefined && typeof min !== typeof max) {
    return clamp_(clamp_(x, { min }), { max });
  }
  const [op, scalars, ...bounds] = clampCall(options);
  return x.applyInto(op, { scalars }, x, ...bounds);
}
