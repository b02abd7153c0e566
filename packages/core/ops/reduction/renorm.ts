/** Slices of bounded length. */
import * as e from "../../expr/expr.ts";
import { normalizeAxis, showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { inPlaceOf } from "../base/in_place_of.ts";
import { norm } from "./statistics.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** By what a slice of this norm is multiplied. */
const SHRINK: ElementwiseOp = elementwise({
  name: "renorm",
  kind: "float",
  expr: e.where(e.less(e.scalar(0), e.input(0)), e.div(e.scalar(0), e.add(e.input(0), 1e-7)), 1),
});

/**
 * `x` with the slices along axis `dim` whose `p`-norm is larger than `maxNorm` shrunk to that norm.
 *
 * @param p Exponent of the norm, above 0.
 * @param maxNorm At least 0.
 *
 * @example Rows no longer than 5
 * ```ts
 * import { assert } from "@std/assert";
 * import { Device, ReferenceBackend, renorm, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[6, 8], [1, 1]], { device });
 * assert(renorm(x, 2, 0, 5).allclose(tensor([[3, 4], [1, 1]], { device })));
 * ```
 */
export function renorm(x: Tensor, p: number, dim: number, maxNorm: number): Tensor {
  checkCall("renorm", arguments, "xddd");
  const axis = normalizeAxis("renorm", dim, x.ndim);
  if (x.ndim < 2 || !(p > 0) || !(maxNorm >= 0)) {
    throw new RangeError(
      `Cannot apply renorm() as there must be two axes at least, p above 0 and maxNorm not below: current shape is ` +
        `${showShape(x.shape)}, p is ${p}, maxNorm ${maxNorm}`,
    );
  }
  return accumulated([x], (x) => {
    const others = x.shape.flatMap((_, i) => i === axis ? [] : [i]);
    const lengths = norm(x, p, others, { keepdim: true });
    return x.mul(lengths.apply(SHRINK, { scalars: [maxNorm] }));
  }, "renorm");
}

/** {@linkcode renorm} in the place of `x`. */
export function renorm_(x: Tensor, p: number, dim: number, maxNorm: number): Tensor {
  checkCall("renorm_", arguments, "xddd");
  return inPlaceOf(x, (given) => renorm(given, p, dim, maxNorm));
}
