/** The kernel families of this backend, one file each. */
import {
  type CallOf,
  type FusedKernel,
  isFloating,
  type KernelCall,
  type MandatoryKernel,
  type ViewSpec,
} from "@troodon/core";
import type { Kernel, KernelContext } from "../kernel.ts";
import type { CpuView } from "../view.ts";
import { preferBlas, preferBlasInputGrad, preferBlasWeightGrad } from "../blas/native.ts";
import { argreduce } from "./reduction/argreduce.ts";
import { avgPool2d } from "./window/avg_pool2d.ts";
import { avgPool2dGrad } from "./window/avg_pool2d_grad.ts";
import { batchNorm, batchNormGrad } from "./normalization/batch_norm.ts";
import { conv2d } from "./window/conv2d.ts";
import { conv2dInputGrad } from "./window/conv2d_input_grad.ts";
import { conv2dWeightGrad } from "./window/conv2d_weight_grad.ts";
import { crossEntropy, crossEntropyGrad } from "./normalization/cross_entropy.ts";
import { crossEntropyLoss, crossEntropyLossGrad } from "./normalization/cross_entropy_loss.ts";
import { fold } from "./indexing/fold.ts";
import { gather } from "./indexing/gather.ts";
import { layerNorm, layerNormGrad } from "./normalization/layer_norm.ts";
import { map } from "./map/map.ts";
import { matmul } from "./matrix/matmul.ts";
import { maxPool2d } from "./window/max_pool2d.ts";
import { maxPool2dGrad } from "./window/max_pool2d_grad.ts";
import { reduce } from "./reduction/reduce.ts";
import { scan } from "./reduction/scan.ts";
import { scatter } from "./indexing/scatter.ts";
import { softmax, softmaxGrad } from "./normalization/softmax.ts";
import { sort } from "./sorting/sort.ts";

/** A kernel for each mandatory family, and for those of the fused ones that there are. */
export type Kernels =
  & { readonly [K in MandatoryKernel]: Kernel<CallOf<K>> }
  & { readonly [K in FusedKernel]?: Kernel<CallOf<K>> };

/** The mandatory families take all layouts and dtypes. */
const MANDATORY = { map, reduce, argreduce, scan, matmul, gather, scatter, sort, fold } satisfies {
  readonly [K in MandatoryKernel]: Kernel<CallOf<K>>;
};

/** All kernels. */
export const KERNELS: Kernels = {
  ...MANDATORY,
  conv2d: preferBlas(conv2d),
  conv2dInputGrad: preferBlasInputGrad(conv2dInputGrad),
  conv2dWeightGrad: preferBlasWeightGrad(conv2dWeightGrad),
  maxPool2d,
  maxPool2dGrad,
  avgPool2d,
  avgPool2dGrad,
  softmax,
  logSoftmax: softmax,
  softmaxGrad,
  logSoftmaxGrad: softmaxGrad,
  crossEntropy,
  crossEntropyGrad,
  crossEntropyLoss,
  crossEntropyLossGrad,
  batchNorm,
  batchNormGrad,
  layerNorm,
  layerNormGrad,
};

/** All kernels but some of the fused ones. */
export function kernelsWithout(names: readonly FusedKernel[]): Kernels {
  const kernels: { -readonly [K in keyof Kernels]: Kernels[K] } = { ...KERNELS };
  for (const name of names) delete kernels[name];
  return kernels;
}

/** Runs the kernel of a call; throws a TypeError if the table has none. */
export function launchKernel(
  kernels: Kernels,
  context: KernelContext,
  call: KernelCall,
  inputs: readonly CpuView[],
  outputs: readonly CpuView[],
): void {
  kernelOf(kernels, call)(context, call, inputs, outputs);
}

function kernelOf<K extends KernelCall["kernel"]>(kernels: Kernels, call: CallOf<K>): Kernel<CallOf<K>> {
  const kernel = kernels[call.kernel as K] as Kernel<CallOf<K>> | undefined;
  if (kernel === undefined) {
    throw new TypeError(`Cannot launch ${call.kernel}() as cpu has no such kernel: ask supports() first`);
  }
  return kernel;
}

/** The fused ones that take float64 too; the others are written for vectors of float32. */
const DOUBLE: ReadonlySet<string> = new Set<FusedKernel>(["batchNorm", "batchNormGrad"]);

/** Whether a table holds the kernel for a call on inputs of these types. */
export function supports(kernels: Kernels, { kernel }: KernelCall, inputs: readonly ViewSpec[]): boolean {
  if (!Object.hasOwn(kernels, kernel)) return false;
  if (Object.hasOwn(MANDATORY, kernel)) return true;
  const { dtype } = inputs[0]!;
  return (dtype === "float32" || (dtype === "float64" && DOUBLE.has(kernel))) &&
    inputs.every((v) => v.dtype === dtype || !isFloating(v.dtype));
}
