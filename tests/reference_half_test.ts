import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import { ulps } from "./reference/compare.ts";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay, type Spelling } from "./reference/replay.ts";

const overDim: Spelling = { positional: ["dim"] };

type Convolution<O> = (x: Tensor, weight: Tensor, bias?: Tensor | null, options?: O) => Tensor;

/** A bias is left out where there is none. */
const convolution = <O>(call: Convolution<O>): Spelling => ({
  call: (x: Tensor, weight: Tensor, ...rest: [(Tensor | O)?, O?]) =>
    rest[0] instanceof core.Tensor ? call(x, weight, rest[0], rest[1]) : call(x, weight, null, rest[0] as O),
});

replay("half.json", [...DEVICES, ...GPU_DEVICES], {
  // Running values, where there are any, come before weight and bias.
  batch_norm: {
    call(x: Tensor, ...given: Tensor[]) {
      const [weight, bias] = given.slice(-2) as [Tensor, Tensor], [mean, variance] = given.slice(0, -2);
      return core.batchNorm(x, mean, variance, weight, bias, { training: mean === undefined });
    },
  },
  rms_norm: {
    call: (x: Tensor, shape: number[], ...rest: [(Tensor | core.NormOptions)?, core.NormOptions?]) =>
      rest[0] instanceof core.Tensor
        ? core.rmsNorm(x, shape, rest[0], rest[1])
        : core.rmsNorm(x, shape, null, rest[0]),
  },
  conv1d: convolution(core.conv1d),
  conv2d: convolution(core.conv2d),
  conv_transpose2d: convolution(core.convTranspose2d),
  softmax: overDim,
  log_softmax: overDim,
  logsumexp: overDim,
  sum: overDim,
  mean: overDim,
  var: { call: core.variance, positional: ["dim"] },
  std: overDim,
  cumsum: overDim,
  prod: overDim,
  norm: { positional: ["ord", "dim"] },
}, { comparison: ulps(2) });
