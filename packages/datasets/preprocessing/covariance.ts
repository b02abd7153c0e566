import { fromTypedArray, type Tensor } from "@troodon/core";
import { symmetricEigen } from "@troodon/core/kernel";

/** The axes along which rows vary, the one of the largest variance first. */
export interface PrincipalAxes {
  /** Mean of each column, [features]. */
  readonly mean: Tensor;
  /** Variance along each axis, over n - 1. */
  readonly variances: Float64Array;
  /** The axes, as unit vectors in rows [features, features], largest coordinate of each positive. */
  readonly axes: Float64Array;
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
  const exact = x.device.backend.limits.dtypes.includes("float64") ? x.double() : x.float();
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
  for (let at = 0; at < axes.length; at += features) {
    const axis = axes.subarray(at, at + features);
    let largest = 0;
    for (const value of axis) if (Math.abs(value) > Math.abs(largest)) largest = value;
    if (largest < 0) { for (let i = 0; i < features; i++) axis[i] = -axis[i]!; }
  }
  return { mean: mean.to(x.dtype).clone(), variances, axes };
}
