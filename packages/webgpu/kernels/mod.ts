/** The kernels of this backend by family. */
import type { CallOf, FusedKernel, MandatoryKernel } from "@troodon/core";
import type { Kernel } from "../kernel.ts";
import { argreduce } from "./argreduce.ts";
import { batchNorm, batchNormGrad } from "./batch_norm.ts";
import { conv2d, conv2dInputGrad } from "./conv2d.ts";
import { conv2dWeightGrad } from "./conv2d_weight_grad.ts";
import { crossEntropy, crossEntropyGrad, crossEntropyLoss, crossEntropyLossGrad } from "./cross_entropy.ts";
import { fold } from "./fold.ts";
import { gather } from "./gather.ts";
import { layerNorm, layerNormGrad } from "./layer_norm.ts";
import { map } from "./map.ts";
import { matmul } from "./matmul.ts";
import { avgPool2d, avgPool2dGrad, maxPool2d, maxPool2dGrad } from "./pool2d.ts";
import { reduce } from "./reduce.ts";
import { scan } from "./scan.ts";
import { scatter } from "./scatter.ts";
import { softmax, softmaxGrad } from "./softmax.ts";
import { sort } from "./sort.ts";

/** Kernels by the names of their calls: those of the mandatory families, and of the optional ones as many as there are. */
export type Kernels =
  & { readonly [K in MandatoryKernel]: Kernel<CallOf<K>> }
  & { readonly [K in FusedKernel]?: Kernel<CallOf<K>> };

/** All kernels but those named. */
export function kernelsWithout(names: readonly FusedKernel[]): Kernels {
  const left: { -readonly [K in keyof Kernels]: Kernels[K] } = { ...KERNELS };
  for (const name of names) delete left[name];
  return left;
}

/** All kernels of this backend. */
export const KERNELS: Kernels = {
  map,
  reduce,
  argreduce,
  scan,
  matmul,
  gather,
  scatter,
  sort,
  fold,
  conv2d,
  conv2dInputGrad,
  conv2dWeightGrad,
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
