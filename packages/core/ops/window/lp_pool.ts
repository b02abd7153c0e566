/** The norms of sliding windows. */
import * as e from "../../expr/expr.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { type AvgPool1dOptions, avgPool2d } from "./avg_pool.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { avgPool3d, type AvgPool3dOptions } from "./pool3d.ts";
import { type Triple, tripleOf } from "./triple.ts";
import { type Pair, pairOf } from "./window.ts";
import { called } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** Options of {@linkcode lpPool2d}. */
export interface LpPool2dOptions {
  /** Steps between windows; the size of the window by default. */
  readonly stride?: Pair;
  /** Keep the windows that reach beyond the end. */
  readonly ceilMode?: boolean;
}
const LP_POOL2D_OPTIONS: OptionKeys<LpPool2dOptions> = { stride: true, ceilMode: true };

// Means times the size of a window: one that reaches beyond the end counts as if it were whole, as PyTorch has it.
// Sums of odd powers below 0 have no root but where p is 1. The slope at 0 is 0.
const ROOT: ElementwiseOp = elementwise({
  name: "lpPool2d",
  kind: "float",
  expr: e.where(
    e.equal(e.input(0), 0),
    0,
    e.pow(e.mul(e.input(0), e.scalar(0)), e.scalar(1)),
  ),
});

/**
 * The `p`-norm of each window: `(sum x^p)^(1/p)`, which is NaN for an odd `p` above 1 where the sum is negative. With
 * `ceilMode`, the sum of a window that reaches beyond the end is raised in proportion.
 */
export function lpPool2d(x: Tensor, p: number, kernelSize: Pair, options: LpPool2dOptions = {}): Tensor {
  checkCall("lpPool2d", arguments, "xdp.");
  options = readOptions("lpPool2d()", options, LP_POOL2D_OPTIONS);
  return accumulated([x], (x) => {
    const powers = x.pow(p);
    const [height, width] = pairOf("lpPool2d", "kernelSize", kernelSize, 1);
    return avgPool2d(powers, kernelSize, options).apply(ROOT, { scalars: [height * width, 1 / p] });
  }, "lpPool2d");
}

const LP_POOL1D_OPTIONS: OptionKeys<Pick<AvgPool1dOptions, "stride" | "ceilMode">> = {
  stride: true,
  ceilMode: true,
};

/** {@linkcode lpPool2d} over one axis: x `[n, c, l]`, or `[c, l]`. */
export function lpPool1d(
  x: Tensor,
  p: number,
  kernelSize: number,
  options?: Pick<AvgPool1dOptions, "stride" | "ceilMode">,
): Tensor {
  checkCall("lpPool1d", arguments, "xdd.");
  const { stride = kernelSize, ceilMode = false } = readOptions("lpPool1d()", options, LP_POOL1D_OPTIONS);
  return called("lpPool1d", [x], () => {
    const row = x.unsqueeze(-2);
    const y = lpPool2d(row, p, [1, kernelSize], { stride: [1, stride], ceilMode });
    return y.squeeze(-2);
  });
}

/** Options of {@linkcode lpPool3d}; one number or [depth, height, width] each. */
export type LpPool3dOptions = Pick<AvgPool3dOptions, "stride" | "ceilMode">;
const LP_POOL3D_OPTIONS: OptionKeys<LpPool3dOptions> = { stride: true, ceilMode: true };

/**
 * {@linkcode lpPool2d} over three axes.
 *
 * @param x `[n, c, d, h, w]`, or `[c, d, h, w]`.
 * @param kernelSize Extents of the windows.
 * @throws {RangeError} If the input is smaller than a window.
 */
export function lpPool3d(x: Tensor, p: number, kernelSize: Triple, options: LpPool3dOptions = {}): Tensor {
  checkCall("lpPool3d", arguments, "xdp.");
  options = readOptions("lpPool3d()", options, LP_POOL3D_OPTIONS);
  return accumulated([x], (x) => {
    const powers = x.pow(p);
    const [depth, height, width] = tripleOf("lpPool3d", "kernelSize", kernelSize, 1);
    const means = avgPool3d(powers, kernelSize, options);
    return means.apply(ROOT, { scalars: [depth * height * width, 1 / p] });
  }, "lpPool3d");
}
