/**
 * Modules, layers, losses and initialisers.
 *
 * @example Logits of a small network
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice, tensor } from "@troodon/core";
 * import { CrossEntropyLoss, Linear, ReLU, Sequential } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const net = new Sequential(new Linear(784, 16), new ReLU(), new Linear(16, 10));
 * const loss = new CrossEntropyLoss().forward(net.forward(randn([2, 784])), tensor([3, 7], { dtype: "int32" }));
 * loss.backward();
 * assertEquals([...net.parameters()].map((p) => p.grad?.shape), [[16, 784], [16], [10, 16], [10]]);
 * ```
 *
 * @module
 */
export * from "./containers.ts";
/** Filling parameters before training. */
export * as init from "./init.ts";
export * from "./layers/activations.ts";
export { Conv2d, type Conv2dOptions, type Pair } from "./layers/conv.ts";
export * from "./layers/dropout.ts";
export * from "./layers/embedding.ts";
export { type LayerOptions, Linear, type LinearOptions } from "./layers/linear.ts";
export * from "./layers/normalization.ts";
export * from "./layers/pooling.ts";
export * from "./losses.ts";
export * from "./module.ts";
export * from "./parameter.ts";
export * from "./utils/clip_grad.ts";
