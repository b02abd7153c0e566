/**
 * Tensors, the ops that act on them, devices and scopes. Authors of backends, ops and optimizers find what these are made
 * of behind the other door, `@troodon/core/kernel`.
 *
 * @module
 */

export {
  defaultGenerator,
  Generator,
  type GeneratorState,
  manualSeed,
  type RandomState,
} from "./random/generator.ts";
export { seedEverything } from "./random/seed_everything.ts";
export { type ComputeType, type DType, DTYPES, isFloating, promote, type TypedArray } from "./dtype.ts";
export * from "./dtype_names.ts";
export { broadcastShapes } from "./ops/shape/broadcast_together.ts";
export type { Shape } from "./shape.ts";
export type { Sizes, SizesThen } from "./call_forms.ts";
export type { DimOr } from "./dim_then.ts";
export type { FourResults, ThreeResults, TwoResults } from "./named_results.ts";
export type { Layout } from "./layout.ts";
export type * from "./backend/contract.ts";
export type { CombineOp } from "./backend/combine.ts";
export type { Family } from "./backend/families.ts";
export type { Refusal } from "./backend/refusal.ts";
export type * from "./backend/kernel_call.ts";
export type { Body } from "./expr/body.ts";
export type { CallExpr, Expr, Operand } from "./expr/expr.ts";
export type { ScalarFunction } from "./expr/functions.ts";
export type { CallStep, Leaf, Program, Step } from "./expr/program.ts";
export type { ReferenceBuffer, ReferenceView } from "./reference/buffer.ts";
export { ReferenceBackend } from "./reference/reference_backend.ts";
export type { AsBigint, BigintOptions, NestedArray, ReadableTensor } from "./tensor/readback.ts";
export type { TensorBase } from "./tensor/base.ts";
export type { DifferentiableTensor } from "./tensor/differentiable.ts";
export type { OperandTensor } from "./tensor/apply.ts";
export type { Place, Standing, ViewFamily } from "./tensor/view_family.ts";
export { Tensor } from "./tensor.ts";
export * from "./creation.ts";
export * from "./random/draws.ts";
export * from "./random/randint.ts";
export * from "./random/normal.ts";
export * from "./ops/random/poisson.ts";
export * from "./ranges.ts";
export * from "./signal_windows.ts";
export { defaultDevice, setDefaultDevice, withDevice } from "./default_device.ts";
export * from "./device.ts";
export type { CollectiveOp, Communicator } from "./communicator.ts";
export type { DeviceName } from "./device_names.ts";
export type * from "./device_listener.ts";
export type { FlowSettings, Frame } from "./flow.ts";
export type { Owner, TensorTree } from "./owner.ts";
export type { DeviceBuffer } from "./lost_storages.ts";
export { live } from "./tensor/recorder.ts";
export * from "./scope.ts";
export { StateDict } from "./state_dict.ts";
export type { Lease, Storage, Version } from "./storage.ts";
export type * from "./op.ts";
export type * from "./tape.ts";
export * from "./ops/pointwise/activation.ts";
export * from "./ops/pointwise/activation_in_place.ts";
export * from "./ops/random/draws_in_place.ts";
export * from "./ops/pointwise/gelu.ts";
export * from "./ops/pointwise/binary.ts";
export * from "./ops/pointwise/bits.ts";
export { clone, contiguous, copy_ } from "./ops/base/cast.ts";
export * from "./ops/pointwise/closeness.ts";
export * from "./ops/pointwise/comparison.ts";
export * from "./ops/random/gamma.ts";
export * from "./ops/pointwise/scaling.ts";
export * from "./ops/pointwise/sign.ts";
export * from "./ops/pointwise/special.ts";
export * from "./ops/pointwise/unary_in_place.ts";
export { fill_, zero_ } from "./ops/base/fill.ts";
export { normal_, uniform_ } from "./ops/base/uniform.ts";
export * from "./ops/pointwise/clamp.ts";
export * from "./ops/indexing/select.ts";
export { maskedFill, maskedFill_ } from "./ops/pointwise/masked_fill.ts";
export * from "./ops/pointwise/unary.ts";
export * from "./ops/shape/cat.ts";
export * from "./ops/shape/expand.ts";
export { cummax, cummin } from "./ops/reduction/cummax.ts";
export {
  aminmax,
  type AminmaxResult,
  argmax,
  argmin,
  max,
  min,
  type ValuesAndIndices,
} from "./ops/reduction/extreme.ts";
export * from "./ops/shape/flip.ts";
export { gather, indexSelect, takeAlongDim } from "./ops/indexing/gather.ts";
export * from "./ops/indexing/index_along.ts";
export { maskedScatter, maskedScatter_ } from "./ops/indexing/masked_scatter.ts";
export { scatter, scatter_, scatterAdd, scatterAdd_, type ScatterOptions } from "./ops/indexing/scatter.ts";
export {
  scatterReduce,
  scatterReduce_,
  type ScatterReduceOptions,
  type ScatterReduction,
} from "./ops/indexing/scatter_reduce.ts";
export * from "./ops/indexing/take.ts";
export * from "./ops/shape/pad.ts";
export * from "./ops/shape/permute.ts";
export {
  all,
  amax,
  amin,
  any,
  countNonzero,
  mean,
  type MeanOptions,
  prod,
  sum,
  type SumOptions,
} from "./ops/reduction/reduce.ts";
export type { Dims, ReduceOptions } from "./ops/reduction/reduction.ts";
export {
  flatten,
  ravel,
  reshape,
  reshapeAs,
  squeeze,
  unflatten,
  unsqueeze,
  view,
  viewAs,
} from "./ops/shape/reshape.ts";
export * from "./ops/reduction/scan.ts";
export { asStrided, asStridedScatter } from "./ops/shape/as_strided.ts";
export * from "./ops/shape/slice.ts";
export { at } from "./ops/indexing/at.ts";
export type { Index, IndexList } from "./ops/indexing/index.ts";
export { indexPut, indexPut_, type IndexPutOptions } from "./ops/indexing/index_put.ts";
export { set } from "./ops/indexing/set.ts";
export * from "./ops/shape/unfold.ts";
export * from "./ops/shape/diagonal.ts";
export * from "./ops/indexing/repeat_interleave.ts";
export * from "./ops/shape/split.ts";
export * from "./ops/shape/stack.ts";
export * from "./ops/shape/triangle.ts";
export * from "./ops/shape/triangle_indices.ts";
export * from "./ops/indexing/unravel_index.ts";
export * from "./ops/shape/view_scatter.ts";
export * from "./ops/shape/block_diag.ts";
export * from "./ops/window/patches.ts";
export { argwhere, maskedSelect, nonzero, type NonzeroOptions } from "./ops/indexing/search.ts";
export * from "./ops/indexing/nonzero_static.ts";
export * from "./ops/reduction/bincount.ts";
export * from "./ops/indexing/one_hot.ts";
export * from "./ops/indexing/searchsorted.ts";
export * from "./ops/reduction/unique.ts";
export * from "./ops/reduction/sort.ts";
export * from "./ops/reduction/covariance.ts";
export * from "./ops/reduction/differences.ts";
export * from "./ops/reduction/histogram.ts";
export * from "./ops/reduction/median.ts";
export * from "./ops/reduction/mode.ts";
export * from "./ops/reduction/nan_reduce.ts";
export * from "./ops/reduction/quantile.ts";
export * from "./ops/reduction/statistics.ts";
export * from "./ops/window/adaptive_pool.ts";
export * from "./ops/linear/addmm.ts";
export * from "./ops/sequence/attention.ts";
export * from "./ops/window/avg_pool.ts";
export * from "./ops/normalization/batch_norm.ts";
export * from "./ops/loss/binary_loss.ts";
export * from "./ops/window/conv_transpose.ts";
export { conv1d, type Conv1dOptions, conv2d, type Conv2dOptions } from "./ops/window/conv2d.ts";
export {
  conv3d,
  type Conv3dOptions,
  convTranspose3d,
  type ConvTranspose3dOptions,
} from "./ops/window/conv3d.ts";
export { cross } from "./ops/linear/cross.ts";
export * from "./ops/loss/cross_entropy.ts";
export * from "./ops/loss/ctc_loss.ts";
export * from "./ops/linear/distance.ts";
export * from "./ops/random/dropout.ts";
export * from "./ops/linear/einsum.ts";
export { embedding, type EmbeddingOptions } from "./ops/sequence/embedding.ts";
export * from "./ops/sequence/embedding_bag.ts";
export { affineGrid, type AffineGridOptions } from "./ops/image/affine_grid.ts";
export * from "./ops/image/grid_sample.ts";
export type { GridSampleMode, GridSamplePadding } from "./ops/image/grid_taps.ts";
export * from "./ops/random/gumbel_softmax.ts";
export * from "./ops/image/interpolate.ts";
export * from "./ops/loss/kl_div.ts";
export * from "./ops/normalization/layer_norm.ts";
export * from "./ops/linear/linear.ts";
export * from "./ops/normalization/local_response_norm.ts";
export type { LossOptions, Reduction } from "./ops/loss/loss.ts";
export * from "./ops/window/lp_pool.ts";
export {
  cosineEmbeddingLoss,
  hingeEmbeddingLoss,
  type MarginLossOptions,
  marginRankingLoss,
  multiMarginLoss,
  type MultiMarginLossOptions,
  tripletMarginLoss,
  type TripletMarginLossOptions,
  tripletMarginWithDistanceLoss,
  type TripletMarginWithDistanceLossOptions,
} from "./ops/loss/margin_loss.ts";
export { bmm, dot, matmul, mm, mv, outer } from "./ops/linear/matmul.ts";
export * from "./ops/linear/tensordot.ts";
export * from "./ops/window/max_pool.ts";
export * from "./ops/window/max_unpool.ts";
export * from "./ops/sequence/multihead_attention.ts";
export * from "./ops/random/multinomial.ts";
export * from "./ops/loss/multilabel_margin_loss.ts";
export { nllLoss, type NllLossOptions } from "./ops/loss/nll_loss.ts";
export * from "./ops/shape/pixel_shuffle.ts";
export * from "./ops/window/pool3d.ts";
export * from "./ops/sequence/recurrent.ts";
export {
  gruCell,
  lstmCell,
  type RecurrentNonlinearity,
  type RecurrentWeights,
  rnnCell,
  type RnnCellOptions,
} from "./ops/sequence/recurrent_cell.ts";
export * from "./ops/loss/distribution_loss.ts";
export * from "./ops/loss/regression_loss.ts";
export * from "./ops/reduction/renorm.ts";
export { logSoftmax, softmax, softmin } from "./ops/normalization/softmax.ts";
export { newTensor, type NewTensorOptions } from "./ops/base/new_tensor.ts";
export { type Destination, to, toAsync, type ToOptions, type ToTarget } from "./ops/base/to.ts";
export * from "./ops/reduction/trace.ts";
export type { Triple } from "./ops/window/triple.ts";
export type { Pair } from "./ops/window/window.ts";
export * from "./linalg/mod.ts";
/** Fourier transforms. */
export * as fft from "./fft/mod.ts";
/** Linear algebra functions, as in `torch.linalg`. */
export * as linalg from "./linalg/namespace.ts";
