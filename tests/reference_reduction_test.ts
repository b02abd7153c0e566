import * as core from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { GPU_DEVICES } from "./reference/gpu.ts";
import { replay, type Spelling } from "./reference/replay.ts";

const overDim: Spelling = { positional: ["dim"] };

const tied: Spelling = { ...overDim, onceOnly: "among equal elements the first derivative jumps" };

replay("reduction.json", [...DEVICES, ...GPU_DEVICES], {
  sum: overDim,
  mean: overDim,
  prod: overDim,
  var: { call: core.variance, positional: ["dim"] },
  std: overDim,
  amax: tied,
  amin: tied,
  max: overDim,
  min: overDim,
  argmax: overDim,
  argmin: overDim,
  logsumexp: overDim,
  norm: { positional: ["ord", "dim"] },
  cumsum: overDim,
  cumprod: overDim,
  logcumsumexp: overDim,
  all: overDim,
  any: overDim,
  sort: overDim,
  topk: { positional: ["k", "dim"] },
  median: overDim,
}, { secondOrder: true });
