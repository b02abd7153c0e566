/** Elements left out at random. */
import * as e from "../../expr/expr.ts";
import { showShape } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

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
const DROPOUT_OPTIONS: OptionKeys<DropoutOptions> = { p: true, training: true };

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
export function dropout(x: Tensor, options?: DropoutOptions): Tensor {
  checkCall("dropout", arguments, "x.");
  const { p = 0.5, training = true } = readOptions("dropout()", options, DROPOUT_OPTIONS);
  checkPart("dropout", p);
  if (!training || p === 0) return x;
  // In float32, so that all backends compare with the same number.
  const scalars = [Math.fround(p), p === 1 ? 0 : 1 / (1 - p)];
  return x.apply(DROPOUT, { scalars, random: x.device.generator.reserve(x.numel()) });
}

function checkPart(op: string, p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`Cannot apply ${op}() as p must be from 0 to 1: current p is ${p}`);
  }
}

/** {@linkcode dropout} of whole channels, of which `axes` axes follow; a missing batch axis is fine. */
function channelDropout(
  op: string,
  x: Tensor,
  axes: number,
  { p = 0.5, training = true }: DropoutOptions,
): Tensor {
  checkPart(op, p);
  if (x.ndim !== axes + 1 && x.ndim !== axes + 2) {
    throw new RangeError(
      `Cannot apply ${op}() as ${axes} axes must follow the channels: current shape is ${showShape(x.shape)}`,
    );
  }
  if (!training || p === 0) return x;
  return accumulated([x], (x) => {
    const kept = x.newOnes(x.shape.map((n, i) => i < x.ndim - axes ? n : 1));
    const mask = dropout(kept, { p });
    return x.mul(mask);
  });
}

/** {@linkcode dropout} of whole channels: x `[n, c, l]`, or `[c, l]` (Tompson et al. 2014, arXiv:1411.4280). */
export function dropout1d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkCall("dropout1d", arguments, "x.");
  options = readOptions("dropout1d()", options, DROPOUT_OPTIONS);
  return channelDropout("dropout1d", x, 1, options);
}

/** {@linkcode dropout} of whole channels: x `[n, c, h, w]`, or `[c, h, w]` (Tompson et al. 2014, arXiv:1411.4280). */
export function dropout2d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkCall("dropout2d", arguments, "x.");
  options = readOptions("dropout2d()", options, DROPOUT_OPTIONS);
  return channelDropout("dropout2d", x, 2, options);
}

/** {@linkcode dropout} of whole channels: x `[n, c, d, h, w]`, or `[c, d, h, w]` (Tompson et al. 2014, arXiv:1411.4280). */
export function dropout3d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkCall("dropout3d", arguments, "x.");
  options = readOptions("dropout3d()", options, DROPOUT_OPTIONS);
  return channelDropout("dropout3d", x, 3, options);
}

/** What is left out takes the value that selu approaches on the left. Scalars: p, that value, scale, shift. */
const ALPHA_DROPOUT: ElementwiseOp = elementwise({
  name: "alphaDropout",
  kind: "float",
  expr: e.add(
    e.mul(e.where(e.less(e.random(), e.scalar(0)), e.scalar(1), e.input(0)), e.scalar(2)),
    e.scalar(3),
  ),
});
const LEFT_OF_SELU = -1.7580993408473766;

/**
 * {@linkcode dropout} that keeps mean 0 and variance 1, for networks of {@linkcode selu}
 * (Klambauer et al. 2017, arXiv:1706.02515).
 *
 * @throws {RangeError} If `p` is not in [0, 1].
 */
export function alphaDropout(x: Tensor, options?: DropoutOptions): Tensor {
  checkCall("alphaDropout", arguments, "x.");
  const { p = 0.5, training = true } = readOptions("alphaDropout()", options, DROPOUT_OPTIONS);
  checkPart("alphaDropout", p);
  if (!training || p === 0) return x;
  const scale = p === 1 ? 0 : 1 / Math.sqrt((1 - p) * (1 + p * LEFT_OF_SELU ** 2));
  const scalars = [Math.fround(p), LEFT_OF_SELU, scale, -scale * p * LEFT_OF_SELU];
  return x.apply(ALPHA_DROPOUT, { scalars, random: x.device.generator.reserve(x.numel()) });
}

/** {@linkcode ALPHA_DROPOUT} of what input 1 says; scalars without p. */
const FEATURE_ALPHA_DROPOUT: ElementwiseOp = elementwise({
  name: "featureAlphaDropout",
  kind: "float",
  expr: e.add(e.mul(e.where(e.input(1), e.scalar(0), e.input(0)), e.scalar(1)), e.scalar(2)),
});
const LEFT_OUT: ElementwiseOp = elementwise({
  name: "featureAlphaDropout",
  kind: "float",
  expr: e.less(e.random(), e.add(e.scalar(0), e.input(0))),
});

/**
 * {@linkcode alphaDropout} of whole channels: x `[n, c, ...]`.
 *
 * @throws {RangeError} If `p` is not in [0, 1], or there are no channels.
 */
export function featureAlphaDropout(x: Tensor, options?: DropoutOptions): Tensor {
  checkCall("featureAlphaDropout", arguments, "x.");
  const { p = 0.5, training = true } = readOptions("featureAlphaDropout()", options, DROPOUT_OPTIONS);
  checkPart("featureAlphaDropout", p);
  if (x.ndim < 2) {
    throw new RangeError(
      `Cannot apply featureAlphaDropout() as the shape must be [n, c, ...]: current shape is ${
        showShape(x.shape)
      }`,
    );
  }
  if (!training || p === 0) return x;
  const scale = p === 1 ? 0 : 1 / Math.sqrt((1 - p) * (1 + p * LEFT_OF_SELU ** 2));
  return accumulated([x], (x) => {
    const channels = x.newZeros([...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)]);
    const random = x.device.generator.reserve(channels.numel());
    const out = channels.apply(LEFT_OUT, { scalars: [Math.fround(p)], random });
    return x.apply(
      FEATURE_ALPHA_DROPOUT,
      { scalars: [LEFT_OF_SELU, scale, -scale * p * LEFT_OF_SELU] },
      out,
    );
  }, "featureAlphaDropout");
}
