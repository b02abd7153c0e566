/**
 * Models with torchvision's names and state dicts, small networks for images, and GPT-2.
 *
 * @example A classifier of ten classes
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { squeezenet1_1 } from "@troodon/models";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const model = squeezenet1_1({ numClasses: 10 }).eval();
 * assertEquals(model(randn([1, 3, 21, 21])).shape, [1, 10]);
 * ```
 *
 * @module
 */

export type { Activation } from "./blocks/activation.ts";
export { Conv2dNormActivation, type Conv2dNormActivationOptions } from "./blocks/conv_2d_norm_activation.ts";
export { LayerNorm2d } from "./blocks/layer_norm_2d.ts";
export { Permute } from "./blocks/permute.ts";
export { SqueezeExcitation } from "./blocks/squeeze_excitation.ts";
export { StochasticDepth } from "./blocks/stochastic_depth.ts";
export type { ClassifierOptions, DropoutClassifierOptions } from "./classifier_options.ts";
export { generate, type GenerateOptions } from "./gpt2/generate.ts";
export { GPT2LMHeadModel, GPT2Model } from "./gpt2/gpt2.ts";
export { Conv1D, GPT2Attention, GPT2Block, type GPT2CallOptions, GPT2MLP } from "./gpt2/gpt2_block.ts";
export type { CompleteGPT2Config, GPT2Config } from "./gpt2/gpt2_config.ts";
export { KVCache } from "./gpt2/kv_cache.ts";
export { loadGPT2, parseGPT2Config } from "./gpt2/load_gpt2.ts";
export { loadTokenizer, type TextTokenizer } from "./gpt2/tokenizer.ts";
export type { ModelFunction } from "./model_function.ts";
export { getModel, listModels } from "./registry.ts";
export { Cnn, type CnnOptions } from "./small/cnn.ts";
export { LeNet } from "./small/lenet.ts";
export { Mlp, type MlpOptions } from "./small/mlp.ts";
export type { ModelOptions } from "./small/model_options.ts";
export * from "./vision/mod.ts";
export { type ClassifierHead, headOf, type OtherHead } from "./weights/head.ts";
export { loadWeights, type WeightsOptions } from "./weights/load_weights.ts";
export type { RenameWeights } from "./weights/rename_weights.ts";
