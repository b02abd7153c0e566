/** How the functions of special_gradients.json are called here. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Spelling } from "./replay.ts";

const overDim: Spelling = { positional: ["dim"] };

const atNan: Spelling = { anyNanSlope: "there PyTorch has one slope in vectors of numbers and another in the rest" };

/** How each function is called, where it is not as PyTorch calls it. */
export const SPECIAL: Readonly<Record<string, Spelling>> = {
  sum: overDim,
  mean: overDim,
  prod: overDim,
  cumsum: overDim,
  cumprod: overDim,
  cummax: overDim,
  logsumexp: overDim,
  std: overDim,
  var: { call: core.variance, positional: ["dim"] },
  max: overDim,
  min: overDim,
  amax: overDim,
  amin: overDim,
  argmax: overDim,
  median: overDim,
  nanmedian: overDim,
  cat: overDim,
  sort: { positional: ["dim"] },
  topk: { positional: ["k", "dim"], anyIndices: "of equal elements PyTorch takes any" },
  hardshrink: atNan,
  softshrink: atNan,
  hardswish: atNan,
  softmax: overDim,
  log_softmax: overDim,
  vector_norm: { positional: ["ord"] },
  clamp: {
    call(x: Tensor, ...[min, max]: [Tensor | core.ClampOptions, Tensor?]) {
      return min instanceof core.Tensor ? core.clamp(x, { min, max: max! }) : core.clamp(x, min);
    },
  },
  batch_norm: { call: (x: Tensor) => core.batchNorm(x, null, null, null, null, { training: true }) },
  view: { call: (x: Tensor, shape: number[]) => x.t().view(shape) },
  special_entr: { call: core.entr },
  one_hot: { positional: ["num_classes"] },
};
