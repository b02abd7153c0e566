/** Kernels that fill tensors with uniform and normal random numbers. */
import { type DType, isFloating } from "../../dtype.ts";
import { type Body, body } from "../../expr/body.ts";
import * as e from "../../expr/expr.ts";
import type { KernelOp } from "../../op.ts";
import type { RandomState } from "../../random/generator.ts";
import type { Tensor } from "../../tensor.ts";
import { checkCall } from "../../tensor/check_call.ts";
import { filler, type FillParams, refill, type RefillParams } from "./fill.ts";
import { floatTraits } from "./float_traits.ts";

const [A, B, GREATEST] = [e.scalar(0), e.scalar(1), e.scalar(2)];
// Rounding must not reach the end of the interval, which is excluded.
const SCALED_UNIFORM: Body = body(e.min(e.add(A, e.mul(B, e.random(0))), GREATEST));

/**
 * A standard normal number from two uniform ones (Box and Muller 1958). 1 - u is in (0, 1], so that its logarithm is
 * finite.
 */
export const NORMAL: e.Expr = e.mul(
  e.sqrt(e.mul(-2, e.log(e.sub(1, e.random(0))))),
  e.cos(e.mul(2 * Math.PI, e.random(1))),
);
const SCALED_NORMAL: Body = body(e.add(A, e.mul(B, NORMAL)));

/** Fills with uniform draws; its scalars come from {@linkcode uniformScalars}. */
export const UNIFORM: KernelOp<FillParams> = filler("uniform", SCALED_UNIFORM);
/** Fills with normal draws of mean scalar 0 and standard deviation scalar 1. */
export const NORMAL_DRAW: KernelOp<FillParams> = filler("normal", SCALED_NORMAL);
const UNIFORM_INTO: KernelOp<RefillParams> = refill("uniform_", SCALED_UNIFORM);
const NORMAL_INTO: KernelOp<RefillParams> = refill("normal_", SCALED_NORMAL);

/** Returns the scalars of uniform draws from [low, high) in the floating `dtype`. */
export function uniformScalars(low: number, high: number, dtype: DType): readonly number[] {
  return [low, high - low, Math.max(low, nextBelow(high, dtype))];
}

/** Returns the largest element of `dtype` below `x`. */
function nextBelow(x: number, dtype: DType): number {
  const { unit, smallest, largest } = floatTraits(dtype), size = Math.min(Math.abs(x), largest);
  const magnitude = size === 0 ? 0 : 2 ** Math.floor(Math.log2(size));
  const step = Math.max(magnitude * (x > 0 && size === magnitude ? unit : 2 * unit), smallest);
  return (Math.ceil(x / step) - 1) * step;
}

/** Throws a TypeError for dtypes that are not floating. */
export function checkFloating(op: string, dtype: DType): void {
  if (!isFloating(dtype)) {
    throw new TypeError(`Cannot apply ${op}() as the dtype must be floating: current dtype is ${dtype}`);
  }
}

/**
 * Overwrites `x` with uniform draws from [low, high) of the device's generator; returns `x`.
 *
 * @throws {TypeError} If `x` is not floating.
 * @throws {RangeError} If `low` exceeds `high`, or a bound does not fit into the dtype.
 */
export function uniform_(x: Tensor, low = 0, high = 1): Tensor {
  checkCall("uniform_", arguments, "xDD");
  checkFloating("uniform_", x.dtype);
  const { largest } = floatTraits(x.dtype);
  if (!(low >= -largest && high <= largest && low <= high && high - low <= largest)) {
    throw new RangeError(
      `Cannot apply uniform_() as low must not exceed high, and both and their distance must be finite in ${x.dtype}: ` +
        `current bounds are ${low} and ${high}`,
    );
  }
  return x.applyInto(UNIFORM_INTO, { scalars: uniformScalars(low, high, x.dtype), random: reserved(x) }, x);
}

/**
 * Overwrites `x` with normal draws of the device's generator; returns `x`.
 *
 * @throws {TypeError} If `x` is not floating.
 * @throws {RangeError} If `std` is negative or NaN.
 */
export function normal_(x: Tensor, mean = 0, std = 1): Tensor {
  checkCall("normal_", arguments, "xDD");
  checkFloating("normal_", x.dtype);
  if (!(std >= 0)) {
    throw new RangeError(`Cannot apply normal_() as std must not be negative: current std is ${std}`);
  }
  return x.applyInto(NORMAL_INTO, { scalars: [mean, std], random: reserved(x) }, x);
}

const reserved = (x: Tensor): RandomState => x.device.generator.reserve(x.numel());
