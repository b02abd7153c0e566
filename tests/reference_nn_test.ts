import * as core from "@troodon/core";
import type { RecurrentOptions, RecurrentWeights, Tensor } from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay, type Spelling } from "./reference/replay.ts";

const overDim: Spelling = { positional: ["dim"] };

/** A convolution whose bias is left out where options follow the weight. */
function convolution<O>(
  f: (x: Tensor, weight: Tensor, bias?: Tensor | null, options?: O) => Tensor,
): Spelling {
  const isBias = (value: Tensor | O | undefined): value is Tensor => value instanceof core.Tensor;
  return {
    call: (x: Tensor, weight: Tensor, ...[third, fourth]: [(Tensor | O)?, O?]) =>
      isBias(third) ? f(x, weight, third, fourth) : f(x, weight, null, third),
  };
}

type Recurrent = (
  x: Tensor,
  state: null,
  weights: readonly RecurrentWeights[],
  options: RecurrentOptions,
) => readonly [Tensor, Tensor | readonly Tensor[]];

/** A recurrent network whose weights follow the input. */
function recurrent(f: Recurrent): Spelling {
  return {
    call(x: Tensor, ...flat: Tensor[]) {
      const weights = Array.from({ length: flat.length / 4 }, (_, i) => {
        const [weightIh, weightHh, biasIh, biasHh] = flat.slice(4 * i) as [Tensor, Tensor, Tensor, Tensor];
        return { weightIh, weightHh, biasIh, biasHh };
      });
      // The second part reads what the first one reads, or what it writes.
      const bidirectional = weights[1]?.weightIh.shape[1] === x.shape[2];
      return f(x, null, weights, { batchFirst: true, bidirectional }).flat() as Tensor[];
    },
  };
}

replay("nn.json", [...DEVICES, ...GPU_DEVICES], {
  RNN: recurrent(core.rnn),
  LSTM: recurrent(core.lstm),
  GRU: recurrent(core.gru),
  MultiheadAttention: {
    call(q: Tensor, k: Tensor, v: Tensor, inProjWeight: Tensor, inProjBias: Tensor, ...out: Tensor[]) {
      const [outProjWeight, outProjBias] = out as [Tensor, Tensor];
      const weights = { inProjWeight, inProjBias, outProjWeight, outProjBias };
      return core.multiHeadAttention(q, k, v, 2, weights, { batchFirst: true }) as [Tensor, Tensor];
    },
  },
  conv3d: convolution(core.conv3d),
  conv2d: convolution(core.conv2d),
  conv1d: convolution(core.conv1d),
  conv_transpose2d: convolution(core.convTranspose2d),
  conv_transpose1d: convolution(core.convTranspose1d),
  softmax: overDim,
  log_softmax: overDim,
  softmin: overDim,
  // The cases give weight and bias, start from running values of 0.1 and 1.5, and end with these.
  batch_norm: {
    call(x: Tensor, weight: Tensor, bias: Tensor, training: boolean, momentum: number) {
      const { device, dtype } = x;
      const runningMean = core.full([3], 0.1, { device, dtype }),
        runningVar = core.full([3], 1.5, { device, dtype });
      const y = core.batchNorm(x, runningMean, runningVar, weight, bias, { training, momentum });
      return [y, runningMean, runningVar];
    },
  },
}, { secondOrder: true });
