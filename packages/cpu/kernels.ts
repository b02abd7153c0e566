/** The kernel families of this backend, one file each. */
import type { CallOf, DType, KernelCall } from "@troodon/core";
import type { Kernel } from "./kernel.ts";
import { preferBlas, preferBlasInputGrad, preferBlasWeightGrad } from "./blas/convolution.ts";
import { argreduce } from "./kernels/argreduce.ts";
import { avgPool2d } from "./kernels/avg_pool2d.ts";
import { avgPool2dGrad } from "./kernels/avg_pool2d_grad.ts";
import { batchNorm, batchNormGrad } from "./kernels/batch_norm.ts";
import { conv2d } from "./kernels/conv2d.ts";
import { conv2dInputGrad } from "./kernels/conv2d_input_grad.ts";
import { conv2dWeightGrad } from "./kernels/conv2d_weight_grad.ts";
import { crossEntropy, crossEntropyGrad } from "./kernels/cross_entropy.ts";
import { crossEntropyLoss, crossEntropyLossGrad } from "./kernels/cross_entropy_loss.ts";
import { fold } from "./kernels/fold.ts";
import { gather } from "./kernels/gather.ts";
import { layerNorm, layerNormGrad } from "./kernels/layer_norm.ts";
import { map } from "./kernels/map.ts";
import { matmul } from "./kernels/matmul.ts";
import { maxPool2d } from "./kernels/max_pool2d.ts";
import { maxPool2dGrad } from "./kernels/max_pool2d_grad.ts";
import { reduce } from "./kernels/reduce.ts";
import { scan } from "./kernels/scan.ts";
import { scatter } from "./kernels/scatter.ts";
import { softmax, softmaxGrad } from "./kernels/softmax.ts";
import { sort } from "./kernels/sort.ts";

/** The mandatory families, for all layouts and dtypes. */
const MANDATORY = { map, reduce, argreduce, scan, matmul, gather, scatter, sort, fold };

/** The optional ones. */
const FUSED = {
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

/** A kernel for each family. */
export type Kernels = { readonly [K in KernelCall["kernel"]]: Kernel<CallOf<K>> };

/** All kernels. */
export const KERNELS: Kernels = { ...MANDATORY, ...FUSED };

/** The optional ones that take float64 too; the others are written for vectors of float32. */
const DOUBLE: ReadonlySet<string> = new Set<KernelCall["kernel"]>(["batchNorm", "batchNormGrad"]);

/** Whether an optional kernel takes elements of this type. */
export function takes(kernel: KernelCall["kernel"], dtype: DType): boolean {
  return dtype === "float32" || (dtype === "float64" && DOUBLE.has(kernel));
}

/** Whether the kernel is one of those that take all layouts and dtypes. */
export function isMandatory(kernel: KernelCall["kernel"]): boolean {
  return Object.hasOwn(MANDATORY, kernel);
}
