/** Elements left out at random. */
import * as e from "../expr/expr.ts";
import type { Tensor } from "../tensor.ts";
import { elementwise, type ElementwiseOp } from "./elementwise.ts";

// The gradient draws the same numbers again: nothing is stored.
const DROPOUT: ElementwiseOp = elementwise({
  name: "dropout",
  kind: "float",
  expr: e.where(e.less(e.random(), e.scalar(0)), 0, e.mul(e.input(0), e.scalar(1))),
});

/** Options of {@linkcode dropout}. */
export interface DropoutOptions {
  /** The part that is left out; 0.5 by default. */
  readonly p?: number;
  /** Nothing is left out if false; true by default. */
  readonly training?: boolean;
}

/**
 * `x` with each element 0 with probability `p`, the others times `1 / (1 - p)`
 * (Srivastava et al. 2014); `x` itself out of training. Draws from the device's generator.
 *
 * @throws {RangeError} If `p` is not in [0, 1].
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, dropout, ones, ReferenceBackend } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const y = dropout(ones([100], { device }), { p: 0.5 });
 * assertEquals(new Set(y.tolist() as number[]), new Set([0, 2]));
 * ```
 */
export function dropout(x: Tensor, { p = 0.5, training = true }: DropoutOptions = {}): Tensor {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`Cannot apply dropout() as p must be from 0 to 1: current p is ${p}`);
  }
  if (!training || p === 0) return x;
  // In float32, so that all backends compare with the same number.
  const scalars = [Math.fround(p), p === 1 ? 0 : 1 / (1 - p)];
  return x.apply(DROPOUT, { scalars, random: x.device.generator.reserve(x.numel) });
}
