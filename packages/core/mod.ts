/**
 * Tensors, the ops that act on them, scalar expressions and the contract that a backend fulfils.
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
export { philox, PHILOX_KEY_STEPS, PHILOX_MULTIPLIERS, PHILOX_ROUNDS } from "./random/philox.ts";
export {
  bytesOf,
  type ComputeType,
  computeType,
  type DType,
  DTYPES,
  INDEX_DTYPE,
  isFloating,
  isHalf,
  promote,
  type TypedArray,
  typedView,
} from "./dtype.ts";
export * from "./shape.ts";
export * from "./layout.ts";
export * from "./backend/contract.ts";
export { type Combination, COMBINATIONS, type CombineOp, identityOf } from "./backend/combine.ts";
export { sameNumbers } from "./backend/same_numbers.ts";
export { FAMILIES, type Family, isMandatory } from "./backend/families.ts";
export { indexError } from "./backend/index_error.ts";
export { type Refusal, refusalError, REFUSALS } from "./backend/refusal.ts";
export type * from "./backend/kernel_call.ts";
export { coalesce, pickAxes, sizeOfSpace, type Space } from "./backend/space.ts";
export { Body, body } from "./expr/body.ts";
export { derivative } from "./expr/derivative.ts";
export { type Values } from "./expr/arithmetic.ts";
export { compileReference, type EvaluatedBody, type ReferenceBody } from "./expr/evaluate.ts";
/** Builders of scalar expressions. */
export * as expr from "./expr/expr.ts";
export type { CallExpr, Expr, Operand } from "./expr/expr.ts";
export { INT64, toInt64 } from "./expr/int64.ts";
export { ARITY, FLOAT64, INT32, SCALAR_FUNCTIONS, type ScalarFunction, toInt32 } from "./expr/functions.ts";
export { type GradientBody, gradientBody } from "./expr/gradient.ts";
export { type CallStep, type Leaf, type Program, type Step, toProgram } from "./expr/program.ts";
export * as lower from "./lower/mod.ts";
export { fromBfloat16, toBfloat16 } from "./reference/access.ts";
export type { ReferenceBuffer, ReferenceView } from "./reference/buffer.ts";
export { ReferenceBackend } from "./reference/reference_backend.ts";
export { type AsBigint, type BigintOptions, type NestedArray, ReadableTensor } from "./tensor/readback.ts";
export { TensorBase } from "./tensor/base.ts";
export { DifferentiableTensor } from "./tensor/differentiable.ts";
export { OperandTensor } from "./tensor/apply.ts";
export { CopyingTensor } from "./tensor/copying.ts";
export { ArithmeticTensor } from "./tensor/arithmetic.ts";
export { ElementwiseTensor } from "./tensor/elementwise.ts";
export { BitwiseTensor } from "./tensor/bitwise.ts";
export { SpecialTensor } from "./tensor/special.ts";
export { ReductionTensor } from "./tensor/reduction.ts";
export { StatisticsTensor } from "./tensor/statistics.ts";
export { MovementTensor } from "./tensor/movement.ts";
export { ShapingTensor } from "./tensor/shaping.ts";
export { PositionTensor } from "./tensor/positions.ts";
export { IndexingTensor } from "./tensor/indexing.ts";
export { LinearTensor } from "./tensor/linear.ts";
export { NeuralTensor } from "./tensor/neural.ts";
export { type Place, placeResults, type Standing, type ViewFamily } from "./tensor/view_family.ts";
export { Updates } from "./tensor/updates.ts";
export { Tensor } from "./tensor.ts";
export * from "./creation.ts";
export * from "./ranges.ts";
export * from "./signal_windows.ts";
export * from "./default_device.ts";
export * from "./device.ts";
export { NOT_CLONEABLE } from "./not_cloneable.ts";
export { type DeviceName, deviceNamed, isDeviceName, nameDevice } from "./device_names.ts";
export type * from "./device_listener.ts";
/** What belongs to a flow of execution: frames of settings, for whoever opens blocks. */
export * as flow from "./flow.ts";
export type { FlowSettings, Frame } from "./flow.ts";
export { type AsyncStorage, type ProcessLike, setContextPlatform } from "./context_storage.ts";
export { Owner, type TensorTree } from "./owner.ts";
export type { DeviceBuffer } from "./lost_storages.ts";
export * from "./scope.ts";
export { nextSerial } from "./serial.ts";
export { type Lease, Storage, Version } from "./storage.ts";
export { FlatBuffer, FlatPlace } from "./flat/flat_buffer.ts";
export { FLAT_DATA, FLAT_GRAD, FlatGroup, flatPlace } from "./flat/flat_group.ts";
export { FlatLayout } from "./flat/flat_layout.ts";
export { type Reservation, reserving } from "./flat/reserved.ts";
export type * from "./op.ts";
export type * from "./tape.ts";
export { accumulated, type AccumulatedResults, composed } from "./ops/accumulated.ts";
export * from "./ops/activation.ts";
export * from "./ops/activation_in_place.ts";
export * from "./ops/draws_in_place.ts";
export * from "./ops/gelu.ts";
export * from "./ops/binary.ts";
export * from "./ops/bits.ts";
export { clone, contiguous, copy_ } from "./ops/cast.ts";
export * from "./ops/closeness.ts";
export * from "./ops/comparison.ts";
export {
  applyBinary,
  applyBinaryInto,
  binary,
  type BinaryOp,
  elementwise,
  type ElementwiseDefinition,
  type ElementwiseOp,
  type ElementwiseParams,
  NO_SCALARS,
  promoteSpecs,
  type ResultKind,
  unary,
} from "./ops/elementwise.ts";
export * from "./ops/gamma.ts";
export * from "./ops/scaling.ts";
export * from "./ops/sign.ts";
export * from "./ops/special.ts";
export * from "./ops/unary_in_place.ts";
export { fill_, normal_, uniform_, zero_ } from "./ops/fill.ts";
export * from "./ops/clamp.ts";
export * from "./ops/select.ts";
export { maskedFill, maskedFill_ } from "./ops/masked_fill.ts";
export * from "./ops/unary.ts";
export * from "./ops/cat.ts";
export * from "./ops/expand.ts";
export { cummax, cummin } from "./ops/cummax.ts";
export {
  aminmax,
  type AminmaxResult,
  argmax,
  argmin,
  max,
  min,
  type ValuesAndIndices,
} from "./ops/extreme.ts";
export * from "./ops/flip.ts";
export { gather, indexSelect, takeAlongDim } from "./ops/gather.ts";
export * from "./ops/index_along.ts";
export { maskedScatter, maskedScatter_ } from "./ops/masked_scatter.ts";
export { scatter, scatter_, scatterAdd, scatterAdd_, type ScatterOptions } from "./ops/scatter.ts";
export {
  scatterReduce,
  scatterReduce_,
  type ScatterReduceOptions,
  type ScatterReduction,
} from "./ops/scatter_reduce.ts";
export * from "./ops/take.ts";
export * from "./ops/pad.ts";
export * from "./ops/permute.ts";
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
} from "./ops/reduce.ts";
export type { Dims, ReduceOptions } from "./ops/reduction.ts";
export * from "./ops/reshape.ts";
export * from "./ops/scan.ts";
export { asStrided, asStridedScatter } from "./ops/as_strided.ts";
export { isSoleOwner } from "./ops/sole_owner.ts";
export * from "./ops/slice.ts";
export { at } from "./ops/indexing/at.ts";
export type { Index, IndexList } from "./ops/indexing/index.ts";
export { indexPut, indexPut_, type IndexPutOptions } from "./ops/indexing/index_put.ts";
export { set } from "./ops/indexing/set.ts";
export * from "./ops/unfold.ts";
export * from "./ops/diagonal.ts";
export * from "./ops/repeat_interleave.ts";
export * from "./ops/split.ts";
export * from "./ops/stack.ts";
export * from "./ops/triangle.ts";
export * from "./ops/triangle_indices.ts";
export * from "./ops/unravel_index.ts";
export * from "./ops/view_scatter.ts";
export * from "./ops/block_diag.ts";
export * from "./ops/patches.ts";
export { argwhere, maskedSelect, nonzero, type NonzeroOptions } from "./ops/search.ts";
export * from "./ops/nonzero_static.ts";
export * from "./ops/bincount.ts";
export * from "./ops/one_hot.ts";
export * from "./ops/searchsorted.ts";
export * from "./ops/unique.ts";
export * from "./ops/sort.ts";
export * from "./ops/covariance.ts";
export * from "./ops/differences.ts";
export * from "./ops/histogram.ts";
export * from "./ops/median.ts";
export * from "./ops/mode.ts";
export * from "./ops/nan_reduce.ts";
export * from "./ops/quantile.ts";
export * from "./ops/statistics.ts";
export * from "./ops/adaptive_pool.ts";
export * from "./ops/addmm.ts";
export * from "./ops/attention.ts";
export * from "./ops/avg_pool.ts";
export * from "./ops/batch_norm.ts";
export * from "./ops/binary_loss.ts";
export * from "./ops/conv_transpose.ts";
export { conv1d, type Conv1dOptions, conv2d, type Conv2dOptions } from "./ops/conv2d.ts";
export { conv3d, type Conv3dOptions, convTranspose3d, type ConvTranspose3dOptions } from "./ops/conv3d.ts";
export { cross } from "./ops/cross.ts";
export * from "./ops/cross_entropy.ts";
export * from "./ops/ctc_loss.ts";
export * from "./ops/distance.ts";
export * from "./ops/dropout.ts";
export * from "./ops/einsum.ts";
export { embedding, type EmbeddingOptions } from "./ops/embedding.ts";
export * from "./ops/embedding_bag.ts";
export { affineGrid, type AffineGridOptions } from "./ops/affine_grid.ts";
export * from "./ops/grid_sample.ts";
export type { GridSampleMode, GridSamplePadding } from "./ops/grid_taps.ts";
export * from "./ops/gumbel_softmax.ts";
export * from "./ops/interpolate.ts";
export * from "./ops/kl_div.ts";
export * from "./ops/layer_norm.ts";
export * from "./ops/linear.ts";
export * from "./ops/local_response_norm.ts";
export type { LossOptions, Reduction } from "./ops/loss.ts";
export * from "./ops/lp_pool.ts";
export * from "./ops/margin_loss.ts";
export { bmm, dot, matmul, mm, mv, outer } from "./ops/matmul.ts";
export * from "./ops/tensordot.ts";
export * from "./ops/max_pool.ts";
export * from "./ops/max_unpool.ts";
export * from "./ops/multihead_attention.ts";
export * from "./ops/multinomial.ts";
export * from "./ops/multilabel_margin_loss.ts";
export { nllLoss, type NllLossOptions } from "./ops/nll_loss.ts";
export * from "./ops/pixel_shuffle.ts";
export * from "./ops/pool3d.ts";
export * from "./ops/recurrent.ts";
export {
  gruCell,
  lstmCell,
  type RecurrentNonlinearity,
  type RecurrentWeights,
  rnnCell,
  type RnnCellOptions,
} from "./ops/recurrent_cell.ts";
export * from "./ops/distribution_loss.ts";
export * from "./ops/regression_loss.ts";
export * from "./ops/renorm.ts";
export { logSoftmax, softmax, softmin } from "./ops/softmax.ts";
export * from "./ops/new_tensor.ts";
export * from "./ops/to.ts";
export * from "./ops/trace.ts";
export type { Triple } from "./ops/triple.ts";
export type { Pair } from "./ops/window.ts";
export * from "./linalg/mod.ts";
export { type EigenFactors, symmetricEigen } from "./linalg/host/symmetric_eigen.ts";
/** Fourier transforms. */
export * as fft from "./fft/mod.ts";
/** The same under the name that PyTorch has for it. */
export * as linalg from "./linalg/mod.ts";
export { formatTensor, type Printed } from "./print.ts";
