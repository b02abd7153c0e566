import * as core from "@troodon/core";
import { DEVICES } from "./reference/devices.ts";
import { replay, type Spelling } from "./reference/replay.ts";

const overDim: Spelling = { positional: ["dim"] };

/** What is replayed: the other functions of the file are not there yet, or differ at a point of theirs. */
const OPS = [
  "std var pow hypot lerp logaddexp where fmod remainder floor_divide neg sqrt rsqrt log reciprocal asin acosh atanh",
  "max min amax amin argmax sort topk bincount matmul masked_fill matrix_norm",
  "softmax log_softmax hardtanh relu relu6 leaky_relu elu hardswish hardsigmoid hardshrink gelu silu mish softplus",
  "logsigmoid tanh sigmoid pairwise_distance cosine_similarity normalize cdist",
  "max_pool1d max_pool2d avg_pool1d avg_pool2d adaptive_max_pool1d",
  "l1_loss smooth_l1_loss huber_loss mse_loss binary_cross_entropy_with_logits",
].join(" ").split(" ");

/** Beyond int32, which wraps here. */
const WIDE = "pow/int";

replay(
  "special_gradients.json",
  DEVICES,
  {
    std: overDim,
    var: { call: core.variance, positional: ["dim"] },
    max: overDim,
    min: overDim,
    amax: overDim,
    amin: overDim,
    argmax: overDim,
    sort: overDim,
    topk: { positional: ["k", "dim"] },
    softmax: overDim,
    log_softmax: overDim,
  },
  { wanted: ({ op, name, outputs }) => OPS.includes(op) && outputs !== undefined && name !== WIDE },
);
