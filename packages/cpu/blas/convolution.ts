/** Convolutions by a native BLAS, where that is faster. */
import type { Conv2dCall, Conv2dInputGradCall, Conv2dWeightGradCall } from "@troodon/core";
import { addKey, type Geometry, geometry, type Shaped } from "../conv/geometry.ts";
import type { Kernel } from "../kernel.ts";
import type { PlanView } from "../plan/plan.ts";
import { planned } from "../plan/planned_kernel.ts";
import { forward, inputGrad, weightGrad } from "./convolve.ts";
import { StripProducts } from "./strip_products.ts";
import type { BlasRule } from "./worth.ts";

/** A kernel for contexts that have a library: inputs, outputs. */
type NativeKernel = (
  products: StripProducts,
  inputs: readonly PlanView[],
  outputs: readonly PlanView[],
) => void;

/** A convolution, or which of its gradients. */
type Convolution = "forward" | "input" | "weight";

/** The kernel `native` where it is faster, and `own` elsewhere. */
function preferring<C extends Conv2dCall | Conv2dInputGradCall | Conv2dWeightGradCall>(
  kind: Convolution,
  native: NativeKernel,
  own: Kernel<C>,
  worth?: BlasRule["convolution"],
): Kernel<C> {
  const shapesOf = (
    { window, groups }: C,
    inputs: readonly Shaped[],
    outputs: readonly Shaped[],
  ): Geometry => {
    const [x, y] = kind === "forward"
      ? [inputs[0]!, outputs[0]!]
      : kind === "input"
      ? [outputs[0]!, inputs[0]!]
      : [inputs[1]!, inputs[0]!];
    return geometry(window, groups, x, y);
  };
  const products = planned<C, void>({
    key: addKey,
    plan(planner, call, inputs, outputs) {
      native(new StripProducts(planner, planner.blas!, shapesOf(call, inputs, outputs)), inputs, outputs);
    },
  });
  return (context, call, inputs, outputs) => {
    const { blas } = context;
    const faster = blas !== null && (worth ?? blas.rule.convolution)(shapesOf(call, inputs, outputs));
    (faster ? products : own)(context, call, inputs, outputs);
  };
}

/** The convolution, by a native BLAS where that is faster than `own`. */
export function preferBlas(own: Kernel<Conv2dCall>, worth?: BlasRule["convolution"]): Kernel<Conv2dCall> {
  return preferring("forward", forward, own, worth);
}

/** The same for the gradient of the images. */
export function preferBlasInputGrad(
  own: Kernel<Conv2dInputGradCall>,
  worth?: BlasRule["convolution"],
): Kernel<Conv2dInputGradCall> {
  return preferring("input", inputGrad, own, worth);
}

/** The same for those of the weights and the bias. */
export function preferBlasWeightGrad(
  own: Kernel<Conv2dWeightGradCall>,
  worth?: BlasRule["convolution"],
): Kernel<Conv2dWeightGradCall> {
  return preferring("weight", weightGrad, own, worth);
}
