/** How the functions of more_ops.json about linear algebra, layers and losses read here. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Spelling } from "./replay.ts";

type Options = Readonly<Record<string, unknown>>;

/** Differences of the gradient see one triangle of the factor, PyTorch's gradient both. */
const wholeFactor: Spelling = { onceOnly: "the gradient of the factor is not its derivative" };

/** A function called by its name in camel case, with keyword arguments as options. */
const AS_THEY_ARE =
  "adaptive_avg_pool1d adaptive_avg_pool3d addbmm addmm addmv addr affine_grid avg_pool3d baddbmm cdist channel_shuffle cosine_embedding_loss cross_entropy fold gaussian_nll_loss grid_sample hinge_embedding_loss inner interpolate kl_div local_response_norm lp_pool1d margin_ranking_loss matrix_exp matrix_power max_pool3d multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss pad pdist pixel_unshuffle poisson_nll_loss renorm rrelu solve_triangular threshold triplet_margin_loss unfold vecdot"
    .split(" ");

/** One entry for each function; empty where it is spelled as everything. */
export const NN_OPS: Readonly<Record<string, Spelling>> = {
  ...Object.fromEntries(AS_THEY_ARE.map((name) => [name, {}])),
  chain_matmul: { call: (matrices: readonly Tensor[]) => core.chainMatmul(...matrices) },
  cholesky_solve: wholeFactor,
  cholesky_inverse: wholeFactor,
  cross: { positional: ["dim"] },
  dist: { positional: ["p"] },
  tensordot: { positional: ["dims"] },
  // Windows found, and their largest elements put back where they were.
  max_unpool1d: {
    call(x: Tensor, kernelSize: number) {
      const { values, indices } = core.maxPool1dWithIndices(x, kernelSize);
      return core.maxUnpool1d(values, indices, kernelSize);
    },
  },
  max_unpool2d: {
    call(x: Tensor, kernelSize: number) {
      const { values, indices } = core.maxPool2dWithIndices(x, kernelSize), [h, w] = x.shape.slice(-2);
      return core.maxUnpool2d(values, indices, kernelSize, { outputSize: [h!, w!] });
    },
  },
  max_pool2d: {
    call: (x: Tensor, kernelSize: number, options?: core.MaxPool2dOptions) =>
      Object.values(core.maxPool2dWithIndices(x, kernelSize, options)),
  },
  qr: { positional: ["mode"] },
  embedding_bag: {
    call(indices: Tensor, weight: Tensor, ...rest: [(Tensor | Options)?, Options?]) {
      const [offsets, options] = rest[0] instanceof core.Tensor ? [rest[0], rest[1]] : [undefined, rest[0]];
      return core.embeddingBag(indices, weight, { ...options, ...(offsets && { offsets }) });
    },
  },
  triplet_margin_with_distance_loss: {
    call: (anchor: Tensor, positive: Tensor, negative: Tensor, options: Options) =>
      core.tripletMarginWithDistanceLoss(anchor, positive, negative, {
        ...options,
        distanceFunction: (a, b) => core.cosineSimilarity(a, b).neg().add(1),
      }),
  },
};
