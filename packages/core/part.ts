/** Parts of a running program, reported to call listeners. */
import { currentFlow } from "./flow.ts";
import type { GradNode } from "./tape.ts";

/** Layer of a network that lists the layers inside it by path. */
export interface NamedLayer {
  /** Yields this layer with the path "", then the layers inside it with their paths. */
  namedModules(): Iterable<readonly [path: string, layer: object]>;
}

/** Origin of a launch: its op, part of the training step, and layers. */
export interface LaunchOrigin {
  /** Name of the op or optimizer step, or `backward`. */
  readonly op: string;
  /** Part of the training step. */
  readonly phase: "forward" | "backward" | "optimizer";
  /** Layers around the launch, outermost first. */
  readonly layers: readonly NamedLayer[];
}

/**
 * Part of a running program: a layer call, a backward pass, the gradient of one call, an optimizer step, or replayed
 * launches of a compiled function with their origins.
 */
export type Part =
  | { readonly kind: "layer"; readonly layer: NamedLayer }
  | { readonly kind: "backward" }
  | { readonly kind: "gradient"; readonly node: GradNode }
  | { readonly kind: "step"; readonly name: string }
  | { readonly kind: "replay"; readonly origins: readonly LaunchOrigin[] };

/** Returns true if a listener receives the parts of the running program. */
export function hearsParts(): boolean {
  return currentFlow().listener?.enters !== undefined;
}

/** Runs `f` as a part of the program and reports its start and end to the listener. */
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
