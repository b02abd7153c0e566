/**
 * Everything of Troodon under one name, with a default device.
 *
 * @example The first network
 * ```ts
 * import { assert } from "@std/assert";
 * import { Adam, chooseDevice, CrossEntropyLoss, DataLoader, evaluate, fit, GeneratedDigits, manualSeed, Mlp, ToTensor } from "@troodon/troodon";
 *
 * await chooseDevice("auto");
 * manualSeed(0);
 * const digits = await GeneratedDigits.open({ count: 256, transform: new ToTensor() });
 * const loader = new DataLoader(digits, { batchSize: 32, shuffle: true });
 * const model = new Mlp();
 * const optimizer = new Adam(model.parameters(), { lr: 0.003 });
 * await fit(model, loader, { optimizer, loss: new CrossEntropyLoss(), epochs: 5 });
 * const { accuracy } = await evaluate(model, loader);
 * assert(accuracy > 0.8);
 * ```
 *
 * @module
 */

export * from "@troodon/core";
export * from "@troodon/autograd";
export * from "@troodon/nn";
export * from "@troodon/optim";
export * from "@troodon/profile";
export * from "@troodon/datasets";
export * from "@troodon/serialization";
export * from "@troodon/train";
export { type Compilable, compile, type Compiled, type CompileOptions } from "@troodon/compile";
/** Layers, losses and modules as a namespace: `nn.Linear`, as in PyTorch. */
export * as nn from "@troodon/nn";
/** Namespace of models with torchvision's names: `models.resnet18`, as in `torchvision.models`. */
export * as models from "@troodon/models";
/** Files of ONNX as a namespace: `onnx.decodeOnnx`. */
export * as onnx from "@troodon/onnx";
/** Functions as a namespace: `F.relu`, as PyTorch's `torch.nn.functional`. */
export * as F from "@troodon/core";
/** Optimizers and schedulers as a namespace: `optim.Adam`. */
export * as optim from "@troodon/optim";
export type { ErrorClass, FileErrorName, PageWorker, PageWorkerEvent } from "@troodon/io";
export { fileErrors, isNotFound } from "@troodon/io";
export { GpuError, WebGpuBackend } from "@troodon/webgpu";
export { CpuBackend } from "@troodon/cpu";
// Layers and ops have options of the same names: the layers' are meant here.
export type {
  BatchNormOptions,
  Conv2dOptions,
  EmbeddingBagOptions,
  EmbeddingOptions,
  LossOptions,
  Pair,
  Reduction,
} from "@troodon/nn";
export type { Leaf } from "@troodon/datasets";
export { load } from "./load.ts";
export { save, serialize } from "./save.ts";
export { chooseDevice, type ChooseDeviceOptions, DEVICE_NAMES } from "./choose_device.ts";
