/**
 * Records calls on differentiable tensors and walks them backwards.
 *
 * @example The slope of a loss
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, tensor } from "@troodon/core";
 * import { tape } from "@troodon/autograd";
 *
 * const device = new Device(new ReferenceBackend(), { tape });
 * const weight = tensor([1, 2], { device, requiresGrad: true });
 * const loss = weight.mul(weight).mean();
 * assertEquals(loss.gradFn?.name, "MeanBackward0");
 * loss.backward();
 * assertEquals(weight.grad?.tolist(), [1, 2]);
 * ```
 *
 * @module
 */

export {
  type AnomalyOptions,
  currentLayer,
  detectAnomaly,
  enterLayer,
  isAnomalyEnabled,
  setDetectAnomaly,
} from "./anomaly.ts";
export { checkpoint, checkpointSequential } from "./checkpoint.ts";
export { defineFunction, type FunctionContext, type FunctionDefinition } from "./function.ts";
export {
  type Each,
  type FunctionalOptions,
  hessian,
  hvp,
  type Jacobian,
  jacobian,
  jvp,
  type TensorFunction,
  vhp,
  vjp,
} from "./functional.ts";
export { grad, type GradOptions } from "./grad.ts";
export { gradcheck, type GradcheckOptions, gradgradcheck } from "./gradcheck.ts";
export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from "./mode.ts";
export { currentGradNode } from "./passing.ts";
export { requireGrad, tape } from "./tape.ts";
export { type Differentiable, type GradientOf, gradOf, valueAndGrad } from "./transform.ts";
export { vmap, type VmapOptions } from "./vmap.ts";
