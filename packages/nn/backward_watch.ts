/** The gradients at both ends of one call of a module. */
import { defineFunction } from "@troodon/autograd";
import { Tensor } from "@troodon/core";
import { currentRecorder } from "@troodon/core/kernel";
import type { LooseHook } from "./hooks.ts";

type Gradients = readonly (Tensor | null)[];

const placesOf = (values: readonly unknown[]): number[] =>
  values.flatMap((x, i) => x instanceof Tensor && x.requiresGrad ? [i] : []);

/**
 * Returns a list of `length` with the gradients at `places`, null elsewhere. Hooks may keep them, so they belong to no
 * scope, except in compiled functions, which free their tensors at the end of the call.
 */
function spread(places: readonly number[], length: number, g: readonly Tensor[]): Gradients {
  const all = new Array<Tensor | null>(length).fill(null), scope = currentRecorder()?.scope ?? null;
  places.forEach((place, i) => all[place] = g[i]?.alias(scope) ?? null);
  return all;
}

/** Passes the tensors at `places` through a node that hands their gradients to `seen`, and goes on with what that gives. */
function through(
  values: readonly unknown[],
  places: readonly number[],
  seen: (g: readonly Tensor[]) => Gradients,
): readonly unknown[] {
  if (places.length === 0) return values;
  const pass = defineFunction({
    name: "BackwardHook",
    forward: (_, ...xs): readonly Tensor[] => xs,
    backward: (_, ...g) => seen(g),
  });
  const passed = pass(...places.map((i) => values[i] as Tensor)), all = [...values];
  places.forEach((place, i) => all[place] = passed[i]);
  return all;
}

/** Waits for the gradients of the outputs, then for those of the inputs, and calls the hooks with both. */
export class BackwardWatch {
  readonly #module: unknown;
  readonly #hooks: readonly LooseHook[];
  readonly #given: readonly unknown[];
  readonly #places: readonly number[];
  #gradOutput: Gradients = [];

  /** Watches a call of `module` with `given`. */
  constructor(module: unknown, hooks: readonly LooseHook[], given: readonly unknown[]) {
    this.#module = module;
    this.#hooks = hooks;
    this.#given = given;
    this.#places = placesOf(given);
  }

  /** Returns the arguments for the module. */
  inputs(): readonly unknown[] {
    return through(this.#given, this.#places, (g) => this.#run(g));
  }

  /** Returns the replacement for `output`, which is a tensor, or a list or record with tensors in it. */
  outputs(output: unknown): unknown {
    if (output instanceof Tensor) return this.#outputs([output])[0];
    if (Array.isArray(output)) return this.#outputs(output);
    if (typeof output !== "object" || output === null) return output;
    const values = this.#outputs(Object.values(output));
    return Object.fromEntries(Object.keys(output).map((key, i) => [key, values[i]]));
  }

  #outputs(values: readonly unknown[]): readonly unknown[] {
    const places = placesOf(values);
    return through(values, places, (g) => {
      this.#gradOutput = spread(places, values.length, g);
      // Where no input wants a gradient, none will arrive there.
      if (this.#places.length === 0) this.#run([]);
      return g;
    });
  }

  #run(g: readonly Tensor[]): Gradients {
    let gradInput = spread(this.#places, this.#given.length, g);
    for (const hook of this.#hooks) {
      gradInput = (hook(this.#module, gradInput, this.#gradOutput) ?? gradInput) as Gradients;
    }
    return this.#places.map((place) => gradInput[place] ?? null);
  }
}
