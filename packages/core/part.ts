/** Parts of a running program, for those who listen to its calls. */
import { currentFlow } from "./flow.ts";
import type { GradNode } from "./tape.ts";

/** A layer of a network, with the layers below it by their paths. */
export interface NamedLayer {
  /** Gives this layer as "", and those below by their paths. */
  namedModules(): Iterable<readonly [path: string, layer: object]>;
}

/** What a launch was made for. */
export interface LaunchOrigin {
  /** Name of the op, of the optimizer's step, or `backward`. */
  readonly op: string;
  /** The part of a training step. */
  readonly phase: "forward" | "backward" | "optimizer";
  /** The layers around it, the outermost first. */
  readonly layers: readonly NamedLayer[];
}

/**
 * A part of a running program: the call of a layer, a backward pass, the gradient of one call in it, the step of an
 * optimizer, or launches of a compiled function that is run again, with what the launches were made for.
 */
export type Part =
  | { readonly kind: "layer"; readonly layer: NamedLayer }
  | { readonly kind: "backward" }
  | { readonly kind: "gradient"; readonly node: GradNode }
  | { readonly kind: "step"; readonly name: string }
  | { readonly kind: "replay"; readonly origins: readonly LaunchOrigin[] };

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
