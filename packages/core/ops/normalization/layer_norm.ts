/** Normalization of each sample for itself. */
import * as e from "../../expr/expr.ts";
import type { FusedOp } from "../../op.ts";
import { sameShape, type Shape, showShape, sizeOf } from "../../shape.ts";
import type { Tensor } from "../../tensor.ts";
import { accumulated } from "../base/accumulated.ts";
import { normalized, withAffine } from "./affine.ts";
import { standardize, type StandardizeParams } from "./standardize.ts";
import { elementwise, type ElementwiseOp } from "../base/elementwise.ts";
import { naming } from "../base/called.ts";
import { type OptionKeys, readOptions } from "../../options.ts";
import { checkCall } from "../../tensor/check_call.ts";

/** x [rows, n], each row for itself. */
const LAYER_NORM: FusedOp<StandardizeParams> = standardize({
  name: "layerNorm",
  gradName: "nativeLayerNorm",
  kernel: (eps) => ({ kernel: "layerNorm", eps }),
  gradKernel: { kernel: "layerNormGrad" },
  axes: [1],
  statAxis: 0,
  affineAxis: 1,
});

/** Options of the normalizations. */
export interface NormOptions {
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
}
const NORM_OPTIONS: OptionKeys<NormOptions> = { eps: true };

/** `t` itself where it has the shape, so that no view comes between. */
function inShape(t: Tensor, shape: Shape): Tensor {
  return sameShape(t.shape, shape) ? t : t.reshape(shape);
}

function checkNormalized(op: string, x: Tensor, shape: Shape, affine: readonly (Tensor | null)[]): void {
  const fits = shape.length > 0 && sameShape(x.shape.slice(-shape.length), shape);
  if (!fits || affine.some((t) => t !== null && !sameShape(t.shape, shape))) {
    throw new RangeError(
      `Cannot apply ${op}() as the input must end in the normalized shape, which weight and bias must have: ` +
        `current shapes are ${[x, ...affine].flatMap((t) => t ? showShape(t.shape) : []).join(", ")}, ` +
        `normalized shape is ${showShape(shape)}`,
    );
  }
}

/**
 * `(x - mean) / sqrt(variance + eps) * weight + bias`, mean and biased variance
 * taken over the last axes (Ba et al. 2016, arXiv:1607.06450).
 *
 * @param x `[..., *normalizedShape]`
 * @param normalizedShape Extents of the axes to normalize over.
 * @param weight Of `normalizedShape`, or null.
 * @param bias Of `normalizedShape`, or null.
 * @throws {RangeError} If the shapes do not fit.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, layerNorm, ReferenceBackend, tensor } from "@troodon/core";
 *
 * const device = new Device(new ReferenceBackend());
 * const x = tensor([[1, 3], [10, 20]], { device });
 * assertEquals(layerNorm(x, [2], null, null, { eps: 0 }).tolist(), [[-1, 1], [-1, 1]]);
 * ```
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: Shape,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options?: NormOptions,
): Tensor {
  checkCall("layerNorm", arguments, "xsXX.");
  const { eps = 1e-5 } = readOptions("layerNorm()", options, NORM_OPTIONS);
  checkNormalized("layerNorm", x, normalizedShape, [weight, bias]);
  const n = sizeOf(normalizedShape), rows = sizeOf(x.shape.slice(0, -normalizedShape.length));
  const normalize = (x: Tensor, weight: Tensor | null, bias: Tensor | null) => {
    const input = inShape(x, [rows, n]);
    const affine = weight && bias ? [weight, bias].map((t) => inShape(t, [n])) : [];
    const params = { eps, affine: affine.length > 0 };
    const y = inShape(input.applyAll(LAYER_NORM, params, ...affine)[0]!, x.shape);
    return params.affine ? y : withAffine(y, weight, bias);
  };
  return normalized("layerNorm", x, weight, bias, (weight === null) === (bias === null), normalize);
}

/**
 * {@linkcode layerNorm} over groups of channels and all that follows them, with
 * a weight and a bias for each channel (Wu and He 2018, arXiv:1803.08494).
 *
 * @param x `[n, c, ...]`
 * @param numGroups A divisor of c.
 * @param weight `[c]`, or null.
 * @param bias `[c]`, or null.
 * @throws {RangeError} If the shapes do not fit, or a single sample has but one value in each group.
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options?: NormOptions,
): Tensor {
  checkCall("groupNorm", arguments, "xdXX.");
  const { eps = 1e-5 } = readOptions("groupNorm()", options, NORM_OPTIONS);
  const [n, c] = x.shape, channels = [c!, ...x.shape.slice(2).map(() => 1)];
  if (x.ndim < 2 || !Number.isInteger(numGroups) || numGroups < 1 || c! % numGroups !== 0) {
    throw new RangeError(
      `Cannot apply groupNorm() as the shape must be [n, c, ...] with c a multiple of numGroups: ` +
        `current shape is ${showShape(x.shape)}, numGroups is ${numGroups}`,
    );
  }
  const rows = n! * numGroups;
  if (rows === numGroups && x.numel() === rows) {
    throw new RangeError(
      `Cannot apply groupNorm() as there must be more than one value for each group: current shape is ` +
        `${showShape(x.shape)}, numGroups is ${numGroups}`,
    );
  }
  return normalized("groupNorm", x, weight, bias, !weight && !bias, (x, weight, bias) => {
    const perChannel = (t: Tensor | null) => t && t.reshape(channels);
    const input = x.reshape([rows, rows === 0 ? 0 : x.numel() / rows]);
    const y = input.applyAll(LAYER_NORM, { eps, affine: false })[0]!;
    return withAffine(y.reshape(x.shape), perChannel(weight), perChannel(bias));
  });
}

/**
 * {@linkcode groupNorm} with each channel a group of its own (Ulyanov et al. 2016, arXiv:1607.08022).
 *
 * @throws {RangeError} If a channel of a sample has but one value.
 */
export function instanceNorm(
  x: Tensor,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: NormOptions = {},
): Tensor {
  checkCall("instanceNorm", arguments, "xXX.");
  options = readOptions("instanceNorm()", options, NORM_OPTIONS);
  if (sizeOf(x.shape.slice(2)) === 1) {
    throw new RangeError(
      `Cannot apply instanceNorm() as a channel must have more than one value in each sample: ` +
        `current shape is ${showShape(x.shape)}`,
    );
  }
  return naming(
    "instanceNorm",
    [x, weight, bias],
    () => groupNorm(x, Math.max(1, x.shape[1] ?? 0), weight, bias, options),
  );
}

const SCALED: ElementwiseOp = elementwise({
  name: "rmsNorm",
  kind: "float",
  expr: e.mul(e.input(0), e.rsqrt(e.add(e.input(1), e.scalar(0)))),
});

/**
 * `x / sqrt(mean x^2 + eps) * weight` over the last axes (Zhang and Sennrich 2019, arXiv:1910.07467).
 *
 * @param x `[..., *normalizedShape]`
 * @param weight Of `normalizedShape`, or null.
 * @param options `eps` is the dtype's smallest step from 1 by default.
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: Shape,
  weight: Tensor | null = null,
  options: NormOptions = {},
): Tensor {
  checkCall("rmsNorm", arguments, "xsX.");
  options = readOptions("rmsNorm()", options, NORM_OPTIONS);
  checkNormalized("rmsNorm", x, normalizedShape, [weight]);
  const eps = options.eps ?? (x.dtype === "float64" ? Number.EPSILON : 2 ** -23);
  const axes = normalizedShape.map((_, i) => x.ndim - normalizedShape.length + i);
  return accumulated([x, weight], (x, weight) => {
    const mean = x.square().mean(axes, { keepdim: true });
    return withAffine(x.apply(SCALED, { scalars: [eps] }, mean), weight, null);
  }, "rmsNorm");
}
