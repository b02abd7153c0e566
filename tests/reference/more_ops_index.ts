/** How the functions of more_ops.json about indexing, shapes and scatter read here. */
import * as core from "@troodon/core";
import type { Tensor } from "@troodon/core";
import type { Callee, Spelling } from "./invoke.ts";

const spread = (f: (tensors: readonly Tensor[]) => Tensor): Callee => (...tensors: Tensor[]) => f(tensors);

/** Keeps the results of unique() that the case asked for. */
const asked =
  (f: (x: Tensor, options?: core.UniqueOptions) => Tensor | core.UniqueResult): Callee =>
  (x: Tensor, options?: core.UniqueOptions) => {
    const found = f(x, options);
    if (found instanceof core.Tensor) return found;
    const { values, inverse, counts } = found;
    return [values, ...(options?.returnInverse ? [inverse] : []), ...(options?.returnCounts ? [counts] : [])];
  };

/** One entry for each function; empty where it is spelled as everything. */
export const INDEX_OPS: Readonly<Record<string, Spelling>> = {
  index_put: {},
  index_fill: {},
  index_copy: {},
  index_add: {},
  index_reduce: {},
  masked_scatter: {},
  as_strided_scatter: {
    ownGradients: "PyTorch gives the tensor the gradient of what was overwritten, where differences show the opposite",
  },
  slice_scatter: {},
  select_scatter: {},
  diagonal_scatter: {},
  scatter_reduce: { onceOnly: "at ties there is no second derivative" },
  bincount: { call: (x: Tensor, weights?: Tensor | core.BincountOptions, options?: core.BincountOptions) =>
    weights instanceof core.Tensor ? core.bincount(x, { ...options, weights }) : core.bincount(x, weights) },
  bucketize: {},
  diag_embed: {},
  diag: { positional: ["diagonal"] },
  tensor_split: { positional: ["dim"] },
  hsplit: {},
  vsplit: {},
  dsplit: {},
  hstack: {},
  vstack: {},
  dstack: {},
  column_stack: {},
  unflatten: {},
  movedim: {},
  swapaxes: {},
  repeat_interleave: { positional: ["dim"] },
  take: {},
  take_along_dim: { positional: ["dim"] },
  rot90: {},
  fliplr: {},
  flipud: {},
  unique_consecutive: { call: asked(core.uniqueConsecutive) },
  unique: { call: asked(core.unique) },
  isin: {},
  argwhere: {},
  kron: {},
  block_diag: { call: spread(core.blockDiag) },
  cartesian_prod: { call: spread(core.cartesianProd) },
  combinations: {},
  tensor_unfold: { call: core.slidingWindow },
  pixel_unshuffle: {},
  channel_shuffle: {},
  pad: {},
};
