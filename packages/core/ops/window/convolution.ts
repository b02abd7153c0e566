/** The ops of convolution: itself, its two gradients, and theirs, which are each other. */
import type { Window2d } from "../../backend/kernel_call.ts";
import type { FusedOp, TensorSpec } from "../../op.ts";
import type { Tensor } from "../../tensor.ts";
import { crosswise } from "../linear/product.ts";
import { addWindows, windowCounts, windowsOf } from "./window.ts";

/** Geometry of a convolution. */
export interface ConvParams {
  readonly window: Window2d;
  readonly groups: number;
}

/** Geometry of its gradient. */
export interface InputGradParams extends ConvParams {
  /** Extents of the input. */
  readonly size: readonly [number, number];
}

const planeOf = (spec: TensorSpec): readonly [number, number] => [spec.shape[2]!, spec.shape[3]!];

/** x [n, c, h, w], weight [o, c / groups, kh, kw], perhaps bias [o] to [n, o, h', w']. */
export const CONV2D: FusedOp<ConvParams> = {
  kind: "fused",
  name: "conv2d",
  gradName: "convolution",
  infer([x, weight], { window }) {
    const counts = windowCounts("conv2d", window, planeOf(x!));
    return [{ shape: [x!.shape[0]!, weight!.shape[0]!, ...counts], dtype: x!.dtype }];
  },
  kernel: (_inputs, _outputs, { window, groups }) => ({ kernel: "conv2d", window, groups }),
  composite([x, weight, bias], { window, groups }) {
    const [n] = x!.shape, [o] = weight!.shape, windows = windowsOf(x!, window);
    const [, , h, w] = windows.shape;
    const product = columnsOf(windows, groups).matmul(filtersOf(weight!, groups));
    const y = product.reshape([groups, n!, h!, w!, o! / groups]).permute([1, 0, 4, 2, 3]).reshape([
      n!,
      o!,
      h!,
      w!,
    ]);
    return bias ? y.add(bias.reshape([1, o!, 1, 1])) : y.contiguous();
  },
  saves: crosswise,
  vjp([g], saved) {
    const { window, groups } = saved.params;
    let both: readonly Tensor[] | null = null;
    const weightGrads = () => both ??= g!.applyAll(CONV2D_WEIGHT_GRAD, saved.params, saved.input(0));
    return [
      () => g!.apply(CONV2D_INPUT_GRAD, { window, groups, size: planeOf(saved.spec(0)) }, saved.input(1)),
      () => weightGrads()[0]!,
      () => saved.needs(1) ? weightGrads()[1]! : g!.sum([0, 2, 3]),
    ];
  },
};

/** g [n, o, h', w'], weight to the gradient of x: transposed convolution, forwards. */
export const CONV2D_INPUT_GRAD: FusedOp<InputGradParams> = {
  kind: "fused",
  name: "conv2dInputGrad",
  gradName: "convolution",
  infer: ([g, weight], { groups, size }) => [
    { shape: [g!.shape[0]!, weight!.shape[1]! * groups, ...size], dtype: g!.dtype },
  ],
  kernel: (_inputs, _outputs, { window, groups }) => ({ kernel: "conv2dInputGrad", window, groups }),
  composite([g, weight], { window, groups, size }) {
    const [n, , h, w] = g!.shape, [kh, kw] = window.size, c = weight!.shape[1]!;
    const columns = positionsOf(g!, groups).matmul(filtersOf(weight!, groups).transpose(1, 2));
    const windows = columns.reshape([groups, n!, h!, w!, c, kh, kw]).permute([1, 0, 4, 2, 3, 5, 6]);
    return addWindows(windows.reshape([n!, groups * c, h!, w!, kh, kw]), window, size).contiguous();
  },
  saves: crosswise,
  vjp: ([u], saved) => [
    () => u!.apply(CONV2D, saved.params, saved.input(1)),
    () => saved.input(0).applyAll(CONV2D_WEIGHT_GRAD, saved.params, u!)[0]!,
  ],
};

/** g [n, o, h', w'], x to the gradients of weight and bias, which are cheap together. */
const CONV2D_WEIGHT_GRAD: FusedOp<ConvParams> = {
  kind: "fused",
  name: "conv2dWeightGrad",
  infer: ([g, x], { window, groups }) => {
    const o = g!.shape[1]!, { dtype } = g!;
    return [{ shape: [o, x!.shape[1]! / groups, ...window.size], dtype }, { shape: [o], dtype }];
  },
  kernel: (_inputs, _outputs, { window, groups }) => ({ kernel: "conv2dWeightGrad", window, groups }),
  composite([g, x], { window, groups }) {
    const o = g!.shape[1]!, c = x!.shape[1]! / groups;
    const columns = columnsOf(windowsOf(x!, window), groups);
    const weight = positionsOf(g!, groups).transpose(1, 2).matmul(columns);
    return [weight.reshape([o, c, ...window.size]), g!.sum([0, 2, 3])];
  },
  saves: crosswise,
  vjp: ([weight, bias], saved) => [
    () => {
      const u = saved.input(1).apply(CONV2D, saved.params, weight!);
      return bias ? u.add(bias.reshape([1, -1, 1, 1])) : u;
    },
    () => {
      const { window, groups } = saved.params, size = planeOf(saved.spec(1));
      return saved.input(0).apply(CONV2D_INPUT_GRAD, { window, groups, size }, weight!);
    },
  ],
};

/** Windows [n, c, h', w', kh, kw] as rows [groups, n * h' * w', c / groups * kh * kw]. */
function columnsOf(windows: Tensor, groups: number): Tensor {
  const [n, c, h, w, kh, kw] = windows.shape as readonly [number, number, number, number, number, number];
  return windows.reshape([n, groups, c / groups, h, w, kh, kw]).permute([1, 0, 3, 4, 2, 5, 6])
    .reshape([groups, n * h * w, (c / groups) * kh * kw]);
}

/** Weight [o, c, kh, kw] as columns [groups, c * kh * kw, o / groups]. */
function filtersOf(weight: Tensor, groups: number): Tensor {
  const [o, c, kh, kw] = weight.shape as readonly [number, number, number, number];
  return weight.reshape([groups, o / groups, c * kh * kw]).transpose(1, 2);
}

/** g [n, o, h', w'] as rows [groups, n * h' * w', o / groups]. */
function positionsOf(g: Tensor, groups: number): Tensor {
  const [n, o, h, w] = g.shape as readonly [number, number, number, number];
  return g.reshape([n, groups, o / groups, h, w]).permute([1, 0, 3, 4, 2]).reshape([
    groups,
    n * h * w,
    o / groups,
  ]);
}
