/**
 * Modules, layers, losses and initializers.
 *
 * @example Logits of a small network
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice, tensor } from "@troodon/core";
 * import { CrossEntropyLoss, Linear, ReLU, Sequential } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const net = new Sequential(new Linear(784, 16), new ReLU(), new Linear(16, 10));
 * const loss = new CrossEntropyLoss()(net(randn([2, 784])), tensor([3, 7], { dtype: "int32" }));
 * loss.backward();
 * assertEquals([...net.parameters()].map((p) => p.grad?.shape), [[16, 784], [16], [10, 16], [10]]);
 * ```
 *
 * @module
 */
export * from "./containers.ts";
export type { ForwardHook, ForwardPreHook, FullBackwardHook } from "./hooks.ts";
/** Filling parameters before training. */
export * as init from "./init.ts";
export * from "./layers/activations.ts";
export * from "./layers/adaptive_pooling.ts";
export * from "./layers/arrangement.ts";
export {
  type AttentionCallOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from "./layers/attention.ts";
export * from "./layers/average_pooling.ts";
export {
  BatchNorm,
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  type BatchNormOptions,
} from "./layers/batch_norm.ts";
export * from "./layers/bilinear.ts";
export { type Pair, StateDict, type Triple } from "@troodon/core";
export { Conv1d, Conv2d, type Conv2dOptions, Conv3d } from "./layers/conv.ts";
export * from "./layers/conv_transpose.ts";
export type {
  Convolution,
  ConvolutionOptions,
  ConvOptions,
  ConvTransposeOptions,
  ForwardConvolution,
  Movement,
  PaddingMode,
  TransposedConvolution,
} from "./layers/convolution.ts";
export * from "./layers/distance.ts";
export * from "./layers/dropout.ts";
export * from "./layers/embedding.ts";
export * from "./layers/group_norm.ts";
export * from "./layers/layer_norm.ts";
export { type LayerOptions, Linear, type LinearOptions } from "./layers/linear.ts";
export * from "./layers/maxout.ts";
export * from "./layers/padding.ts";
export * from "./layers/pooling.ts";
export * from "./layers/rectifiers.ts";
export {
  GRU,
  LSTM,
  Recurrent,
  type RecurrentModuleOptions,
  RNN,
  type RNNOptions,
} from "./layers/recurrent.ts";
export * from "./layers/recurrent_cell.ts";
export * from "./layers/resampling.ts";
export * from "./layers/shrinkage.ts";
export * from "./layers/smooth.ts";
export * from "./layers/transformer.ts";
export * from "./layers/transformer_stack.ts";
export * from "./layers/unpooling.ts";
export * from "./likelihood_losses.ts";
export * from "./losses.ts";
export * from "./margin_losses.ts";
export { functionalCall } from "./functional_call.ts";
export { type Copier, deepCopy, type DeepCopyable } from "./deep_copy.ts";
export * from "./module.ts";
export { Callable } from "./callable.ts";
export { ModuleTree } from "./module_tree.ts";
export { nameLayers } from "./name_layers.ts";
export type { LoadStateDictOptions, LoadStateDictResult } from "./state_dict.ts";
export { ModuleDict } from "./module_dict.ts";
export * from "./parameter.ts";
export { ParameterDict, ParameterHolder, ParameterList } from "./parameter_list.ts";
export * from "./utils/clip_grad.ts";
export * from "./utils/max_norm.ts";
export {
  type PackedArrangement,
  PackedSequence,
  packPaddedSequence,
  type PackPaddedSequenceOptions,
  packSequence,
  type PackSequenceOptions,
  padPackedSequence,
  type PadPackedSequenceOptions,
  unpackSequence,
} from "./utils/packed_sequence.ts";
export * from "./utils/pad_sequence.ts";
export * from "./utils/parameter_vector.ts";
export * from "./utils/spectral_norm.ts";
export * from "./utils/weight_norm.ts";
