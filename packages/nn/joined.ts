/** Neighbors that are faster as one op. */
import type { Tensor } from "@troodon/core";
import { ReLU } from "./layers/activations.ts";
import { Linear } from "./layers/linear.ts";
import { MaxPool2d } from "./layers/pooling.ts";
import type { Module } from "./module.ts";

/** Whether a module applies what its class does: no class of its own, and no hook, which hides `forward`. */
const isPlain = (module: Module | undefined, type: typeof ReLU | typeof MaxPool2d | typeof Linear): boolean =>
  module instanceof type && module.forward === type.prototype.forward;

/**
 * What two modules of which one follows the other do at once, with the same values and gradients; null where
 * there is no such op, or somebody looks on: a class of its own, or a hook.
 */
export function joined(first: Module, second: Module | undefined): ((x: Tensor) => Tensor) | null {
  if (isPlain(first, ReLU) && isPlain(second, MaxPool2d)) return (x) => (second as MaxPool2d).forwardRelu(x);
  if (isPlain(first, Linear) && isPlain(second, ReLU)) return (x) => (first as Linear).forwardRelu(x);
  return null;
}
