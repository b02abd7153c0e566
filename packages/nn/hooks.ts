/** Hooks that run before and after modules, forward and backward. */
import { enterLayer } from "@troodon/autograd";
import type { Tensor } from "@troodon/core";
import { BackwardWatch } from "./backward_watch.ts";
import type { AnyModule } from "./module.ts";

/** Sees what goes into a module of type `M`; a list that it returns takes the inputs' place. */
export type ForwardPreHook<M extends AnyModule> = (
  module: M,
  inputs: Parameters<M["forward"]>,
) => readonly unknown[] | void;

/** Sees what a module of type `M` made of what; what it returns takes the output's place. */
export type ForwardHook<M extends AnyModule> = (
  module: M,
  inputs: Parameters<M["forward"]>,
  output: ReturnType<M["forward"]>,
) => ReturnType<M["forward"]> | void;

/**
 * Sees the gradients of a module's inputs and outputs, null for what has none;
 * a list that it returns takes the place of the former.
 */
export type FullBackwardHook<M extends AnyModule> = (
  module: M,
  gradInput: readonly (Tensor | null)[],
  gradOutput: readonly (Tensor | null)[],
) => readonly (Tensor | null)[] | void;

/** A hook of any kind. */
type AnyHook = (...values: never[]) => unknown;

/** A hook that is called with whatever there is. */
export type LooseHook = (...values: readonly unknown[]) => unknown;

type Values = readonly unknown[];

/** A module that can be called with anything. */
interface Callable {
  forward(...inputs: Values): unknown;
}

/** The hooks of one module. They are called by a `forward` of its own, which hides that of its class. */
export class ModuleHooks {
  readonly #module: Callable;
  readonly #before: Set<LooseHook> = new Set();
  readonly #after: Set<LooseHook> = new Set();
  readonly #backward: Set<LooseHook> = new Set();
  readonly #layers: string[] = [];
  #hidden: ((...inputs: Values) => unknown) | null = null;

  /** Makes the hooks of `module`, which is changed only while there are any. */
  constructor(module: object) {
    this.#module = module as Callable;
  }

  /** See `Module.registerForwardPreHook`. */
  before(hook: AnyHook): Disposable {
    return this.#add(this.#before, hook);
  }

  /** See `Module.registerForwardHook`. */
  after(hook: AnyHook): Disposable {
    return this.#add(this.#after, hook);
  }

  /** See `Module.registerFullBackwardHook`. */
  backward(hook: AnyHook): Disposable {
    return this.#add(this.#backward, hook);
  }

  /** Has anomalies within the module name it so. */
  layer(name: string): Disposable {
    this.#layers.push(name);
    this.#install();
    return {
      [Symbol.dispose]: () => {
        const at = this.#layers.lastIndexOf(name);
        if (at >= 0) this.#layers.splice(at, 1);
        this.#release();
      },
    };
  }

  /** True if these hooks put a field `forward` on the module. */
  get hidesForward(): boolean {
    return this.#hidden !== null;
  }

  /** Adds the hooks of another module: each can then be removed from that one alone. */
  addAll(other: ModuleHooks): void {
    for (const hook of other.#before) this.#before.add(hook);
    for (const hook of other.#after) this.#after.add(hook);
    for (const hook of other.#backward) this.#backward.add(hook);
    if (this.#before.size + this.#after.size + this.#backward.size > 0) this.#install();
  }

  #add(hooks: Set<LooseHook>, given: AnyHook): Disposable {
    // A function of its own, as the same one may be registered twice.
    const hook: LooseHook = (...values) => given(...values as never[]);
    hooks.add(hook);
    this.#install();
    return {
      [Symbol.dispose]: () => {
        hooks.delete(hook);
        this.#release();
      },
    };
  }

  /** Defines a new `forward` for each set of hooks, so that compiled functions notice the change. */
  #install(): void {
    this.#hidden ??= this.#module.forward;
    Object.defineProperty(this.#module, "forward", {
      configurable: true,
      value: (...inputs: Values) => this.#call(inputs),
    });
  }

  #release(): void {
    const count = this.#before.size + this.#after.size + this.#backward.size + this.#layers.length;
    if (this.#hidden === null) return;
    if (count > 0) return this.#install();
    this.#hidden = null;
    delete (this.#module as Partial<Callable>).forward;
  }

  #call(given: Values): unknown {
    const layer = this.#layers.at(-1), module = this.#module;
    using _ = layer === undefined ? null : enterLayer(layer);
    let inputs = given;
    for (const hook of this.#before) inputs = (hook(module, inputs) ?? inputs) as Values;
    const watch = this.#backward.size > 0 ? new BackwardWatch(module, [...this.#backward], inputs) : null;
    if (watch !== null) inputs = watch.inputs();
    let output = this.#hidden!.apply(module, inputs as unknown[]);
    for (const hook of this.#after) output = hook(module, inputs, output) ?? output;
    return watch === null ? output : watch.outputs(output);
  }
}
