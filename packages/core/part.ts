/** Parts of a running program, for those who listen to its calls. */
import { currentFlow } from "./flow.ts";
import type { GradNode } from "./tape.ts";

/** A layer of a network, with the layers below it by their paths. */
export interface NamedLayer {
  /** Gives this layer as "", and those below by their paths. */
  namedModules(): Iterable<readonly [path: string, layer: object]>;
}

/**
 * A part of a running program: the call of a layer, a backward pass, the gradient of one call in it, or the step of an
 * optimizer.
 */
export type Part =
  | { readonly kind: "layer"; readonly layer: NamedLayer }
  | { readonly kind: "backward" }
  | { readonly kind: "gradient"; readonly node: GradNode }
  | { readonly kind: "step"; readonly name: string };

/** Whether somebody listens to the parts of the program that runs. */
export function hearsParts(): boolean {
  return currentFlow().listener?.enters !== undefined;
}

/** Runs `f` as a part of the program: who listens to its calls hears where it begins and ends. */
export function inPart<T>(part: Part, f: () => T): T {
  const { listener } = currentFlow();
  if (listener?.enters === undefined) return f();
  listener.enters(part);
  try {
    return f();
  } finally {
    listener.leaves?.(part);
  }
}
