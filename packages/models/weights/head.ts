/** Heads of classifiers. */
import type { Tensor } from "@troodon/core";
import { type AnyModule, Conv2d, Linear } from "@troodon/nn";

/** Last layer of a classifier, which computes its logits. */
export interface ClassifierHead {
  /** Name of the layer in the network, such as `"fc"` or `"classifier.6"`. */
  readonly name: string;
  /** Layer itself. */
  readonly layer: Linear | Conv2d;
}

/** Head of a file of weights that is for another number of classes than the network. */
export interface OtherHead {
  /** Name of the layer in the network. */
  readonly name: string;
  /** Number of classes of the file. */
  readonly found: number;
  /** Number of classes of the network. */
  readonly classes: number;
}

/**
 * Returns the head of a classifier: its last layer of weights.
 *
 * @throws {TypeError} If the network has neither a linear layer nor a convolution.
 *
 * @example Training the head alone
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { headOf, squeezenet1_1 } from "@troodon/models";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const net = squeezenet1_1({ numClasses: 5 }).requiresGrad_(false);
 * const { name, layer } = headOf(net);
 * layer.requiresGrad_(true);
 * assertEquals(name, "classifier.1");
 * ```
 */
export function headOf(model: AnyModule): ClassifierHead {
  let head: ClassifierHead | null = null;
  for (const [name, layer] of model.namedModules()) {
    if (layer instanceof Linear || layer instanceof Conv2d) head = { name, layer };
  }
  if (head !== null) return head;
  throw new TypeError(
    `Cannot find the head of ${model.constructor.name} as it must have a linear layer or a convolution`,
  );
}

/**
 * Replaces the head in the state of a file by that of the network if the two differ in the number of classes
 * alone.
 *
 * @returns The head of the file, or null if nothing was replaced.
 */
export function spareHead(model: AnyModule, state: Map<string, Tensor>): OtherHead | null {
  const { name, layer: { weight, bias } } = headOf(model), prefix = name === "" ? "" : `${name}.`;
  const key = `${prefix}weight`;
  const [found, ...rest] = state.get(key)?.shape ?? [], [classes, ...own] = weight.shape;
  if (found === undefined || found === classes || String(rest) !== String(own)) return null;
  state.set(key, weight);
  if (bias !== null && state.has(`${prefix}bias`)) state.set(`${prefix}bias`, bias);
  return { name, found, classes: classes! };
}
