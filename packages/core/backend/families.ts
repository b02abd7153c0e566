/** How each kernel family sees the tensors of a call: the one place that says so. */
import type { LaunchView } from "../device_listener.ts";
import { expandStrides, type Layout } from "../layout.ts";
import { sameShape, type Shape } from "../shape.ts";
import type { KernelCall, MandatoryCall } from "./kernel_call.ts";

/** Requirements of a kernel family on the views of its calls. */
export interface Family {
  /** Whether every backend has it. */
  readonly mandatory: boolean;
  /**
   * Inputs are `broadcast` over the shape of the call, seen in `any` layout as they are, or must be `contiguous`, so
   * that others are copied first.
   */
  readonly inputs: "broadcast" | "any" | "contiguous";
  /** Whether the output has extent 1 along the axes that the kernel reduces. */
  readonly keepsAxes: boolean;
}

const family = (mandatory: boolean, inputs: Family["inputs"], keepsAxes = false): Family => ({
  mandatory,
  inputs,
  keepsAxes,
});

const ANY = family(true, "any"), FUSED = family(false, "contiguous");

/** All families. */
export const FAMILIES: Readonly<Record<KernelCall["kernel"], Family>> = {
  map: family(true, "broadcast"),
  reduce: family(true, "broadcast", true),
  argreduce: family(true, "any", true),
  scan: ANY,
  matmul: ANY,
  gather: ANY,
  scatter: ANY,
  sort: ANY,
  fold: ANY,
  conv2d: FUSED,
  conv2dInputGrad: FUSED,
  conv2dWeightGrad: FUSED,
  maxPool2d: FUSED,
  maxPool2dGrad: FUSED,
  avgPool2d: FUSED,
  avgPool2dGrad: FUSED,
  softmax: FUSED,
  logSoftmax: FUSED,
  softmaxGrad: FUSED,
  logSoftmaxGrad: FUSED,
  crossEntropy: FUSED,
  crossEntropyGrad: FUSED,
  crossEntropyLoss: FUSED,
  crossEntropyLossGrad: FUSED,
  batchNorm: FUSED,
  batchNormGrad: FUSED,
  layerNorm: FUSED,
  layerNormGrad: FUSED,
};

/** Whether the call is of a family that every backend has, for all layouts and dtypes that it holds. */
export function isMandatory(call: KernelCall): call is MandatoryCall {
  return FAMILIES[call.kernel].mandatory;
}

/** The memory of a view under another layout. */
export function seenAs(
  { buffer, storage, dtype, end }: LaunchView,
  { shape, strides, offset }: Layout,
): LaunchView {
  return { buffer, storage, dtype, offset, shape, strides, end };
}

/** The inputs of a call as its kernel sees them; contiguous ones are the caller's to make. */
export function seenInputs(call: KernelCall, inputs: readonly LaunchView[]): readonly LaunchView[] {
  return call.kernel === "map" || call.kernel === "reduce" ? broadcast(inputs, call.shape) : inputs;
}

/** The outputs of a call as its kernel sees them; `rank` is that of its inputs. */
export function seenOutputs(
  call: KernelCall,
  outputs: readonly LaunchView[],
  rank: number,
): readonly LaunchView[] {
  if (call.kernel === "reduce") return [withAxes(outputs[0]!, rank, call.axes)];
  if (call.kernel === "argreduce") return [withAxes(outputs[0]!, rank, [call.axis])];
  return outputs;
}

/** All inputs repeated over `shape`: mostly they have it already. */
function broadcast(inputs: readonly LaunchView[], shape: Shape): readonly LaunchView[] {
  let views = inputs as LaunchView[];
  for (let i = 0; i < inputs.length; i++) {
    const t = inputs[i]!;
    if (sameShape(t.shape, shape)) continue;
    if (views === inputs) views = [...inputs];
    views[i] = seenAs(t, { shape, strides: expandStrides(t, shape), offset: t.offset });
  }
  return views;
}

/** A result with the reduced axes, of extent 1, if it does not have them. */
function withAxes(t: LaunchView, rank: number, axes: readonly number[]): LaunchView {
  if (t.shape.length === rank) return t;
  const shape: number[] = [], strides: number[] = [];
  // Axes are in ascending order, as normalizeAxes gives them.
  for (let axis = 0, next = 0, own = 0; axis < rank; axis++) {
    const isReduced = axes[next] === axis;
    shape.push(isReduced ? 1 : t.shape[own]!);
    strides.push(isReduced ? 0 : t.strides[own]!);
    if (isReduced) next++;
    else own++;
  }
  return seenAs(t, { shape, strides, offset: t.offset });
}
