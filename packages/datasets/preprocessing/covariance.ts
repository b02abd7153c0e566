import { fromTypedArray, svd, type Tensor } from "@troodon/core";
import { type ElementCheck, elementCheck, expr as e, symmetricEigen } from "@troodon/core/kernel";
import { exactOf } from "./preprocessor.ts";

/** The axes along which rows vary, the one of the largest variance first. */
export interface PrincipalAxes {
  /** Mean of each column, [features]. */
  readonly mean: Tensor;
  /** Variance along each axis, over n - 1. */
  readonly variances: Float64Array;
  /** The axes, as unit vectors in rows [features, features], largest coordinate of each positive. */
  readonly axes: Float64Array;
}

const INCOMPLETE: ElementCheck = elementCheck("PCA", e.sub(1, e.less(e.abs(e.input(0)), Infinity)));

/** Throws a RangeError for rows with infinity or NaN: at once, or when a result is read. */
export function refuseIncomplete(x: Tensor): void {
  if (x.numel() > 0) INCOMPLETE(x.detach());
}

/** A tensor [count] or [count, columns] of `values`, of the dtype and on the device of `like`. */
export function tensorLike(like: Tensor, values: Float64Array, shape: readonly number[]): Tensor {
  const data = like.dtype === "float64" ? values : new Float32Array(values);
  return fromTypedArray(data, shape, { device: like.device }).to(like.dtype);
}

/** The principal axes of rows `x` [n, features], in float64 where the device has it. */
export function principalAxes(name: string, x: Tensor): PrincipalAxes {
  const [n, features] = x.shape as [number, number];
  if (n < 2) {
    throw new RangeError(`Cannot fit ${name} as there must be two rows or more: current number is ${n}`);
  }
  const exact = exactOf(x);
  const mean = exact.mean(0);
  const centered = exact.sub(mean);
  const covariance = centered.t().matmul(centered).div(n - 1).dataSync();
  const { values, vectors } = symmetricEigen(Float64Array.from(covariance, Number), features, true);
  // A variance is not negative, whatever it was rounded to.
  const variances = values.map((value) => Math.max(value, 0)).reverse();
  // The smallest comes first there, and vectors are columns.
  const axes = new Float64Array(features * features);
  for (let row = 0; row < features; row++) {
    for (let i = 0; i < features; i++) axes[row * features + i] = vectors[i * features + features - 1 - row]!;
  }
  turnAxes(axes, features);
  return { mean: mean.to(x.dtype).clone(), variances, axes };
}

/** Turns axes, unit vectors in rows, so that the largest coordinate of each is positive. */
function turnAxes(axes: Float64Array, features: number): void {
  for (let at = 0; at < axes.length; at += features) {
    const axis = axes.subarray(at, at + features);
    let largest = 0;
    for (const value of axis) if (Math.abs(value) > Math.abs(largest)) largest = value;
    if (largest < 0) { for (let i = 0; i < features; i++) axis[i] = -axis[i]!; }
  }
}

/**
 * The principal axes of rows `x` [n, features] by their singular values, as many as the smaller of n and features:
 * exact where columns or variances differ by orders of magnitude. Variances of a single row are NaN.
 */
export function singularAxes(x: Tensor): PrincipalAxes {
  const [n, features] = x.shape as [number, number], exact = exactOf(x);
  const mean = exact.mean(0), { s, vh } = svd(exact.sub(mean), { fullMatrices: false });
  const variances = Float64Array.from(s.dataSync(), (value) => Number(value) ** 2 / (n - 1));
  const axes = Float64Array.from(vh.dataSync(), Number);
  turnAxes(axes, features);
  return { mean: mean.to(x.dtype).clone(), variances, axes };
}
