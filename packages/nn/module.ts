/** Networks and their parts. */
import { noGrad } from "@troodon/autograd";
import { sameShape, showShape, Tensor } from "@troodon/core";
import { type ForwardHook, type ForwardPreHook, type FullBackwardHook, ModuleHooks } from "./hooks.ts";
import { stateName } from "./names.ts";
import { Parameter } from "./parameter.ts";

/** Named tensors, in the order of the module's fields. Names are PyTorch's: `conv1.weight`, `bn.running_mean`. */
export type StateDict = Map<string, Tensor>;

/** Options of {@linkcode Module.loadStateDict}. */
export interface LoadStateDictOptions {
  /** Whether missing and unexpected names are errors; true by default. */
  readonly strict?: boolean;
}

/** What {@linkcode Module.loadStateDict} found to differ. */
export interface LoadStateDictResult {
  /** Names that the module has and the given state does not. */
  readonly missing: readonly string[];
  /** Names that the given state has and the module does not. */
  readonly unexpected: readonly string[];
}

/** A module of whatever inputs and output. */
export type AnyModule = Module<never[], unknown>;

/**
 * A network or a part of one. A subclass keeps parameters, child modules and
 * arrays of them in its fields, and says in `forward` what it computes: a tensor
 * from tensors, or, as `Module<Inputs, Output>`, anything from anything.
 *
 * @example A network of two layers
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice, type Tensor } from "@troodon/core";
 * import { Linear, Module } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * class Net extends Module {
 *   fc1 = new Linear(4, 8);
 *   fc2 = new Linear(8, 2);
 *   override forward(x: Tensor): Tensor {
 *     return this.fc2.forward(this.fc1.forward(x).relu());
 *   }
 * }
 * const net = new Net();
 * assertEquals(net.forward(randn([3, 4])).shape, [3, 2]);
 * assertEquals([...net.stateDict().keys()], ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]);
 * ```
 */
export abstract class Module<Inputs extends readonly unknown[] = Tensor[], Output = Tensor> {
  /** Whether it is being trained: dropout drops, batch-norm takes its statistics from the batch. */
  training = true;
  readonly #buffers = new Map<string, boolean>();
  readonly #hooks = new ModuleHooks(this);

  /** What the module computes. */
  abstract forward(...inputs: Inputs): Output;

  /**
   * Makes the tensor in the field `name` part of the state without being learnt.
   *
   * @param persistent Whether `stateDict` has it; true by default.
   */
  registerBuffer(
    name: string,
    { persistent = true }: { readonly persistent?: boolean } = {},
  ): void {
    const held = (this as Record<string, unknown>)[name];
    if (!(held instanceof Tensor)) {
      throw new TypeError(`Cannot register the buffer "${name}" as the field must hold a tensor`);
    }
    held.adopt();
    this.#buffers.set(name, persistent);
  }

  /** Makes a buffer an ordinary field again. */
  unregisterBuffer(name: string): void {
    this.#buffers.delete(name);
  }

  // -------------------------------------------------------------------- state

  /** What holds state, by the names it is stored under: parameters and modules in the fields, and in arrays of them. */
  protected *members(): Generator<[name: string, value: Parameter | AnyModule]> {
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Parameter || value instanceof Module) yield [stateName(field), value];
      else if (Array.isArray(value)) {
        for (const [i, item] of value.entries()) {
          if (item instanceof Parameter || item instanceof Module) yield [`${stateName(field)}.${i}`, item];
        }
      }
    }
  }

  /** Child modules by name. */
  *namedChildren(): Generator<[name: string, module: AnyModule]> {
    for (const [name, value] of this.members()) if (value instanceof Module) yield [name, value];
  }

  /** Child modules. */
  *children(): Generator<AnyModule> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** This module as "", its children, theirs and so on, each once. */
  *namedModules(prefix = "", seen: Set<AnyModule> = new Set()): Generator<[name: string, module: AnyModule]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) yield* child.namedModules(joined(prefix, name), seen);
  }

  /** This module, its children, theirs and so on, each once. */
  *modules(): Generator<AnyModule> {
    for (const [, module] of this.namedModules()) yield module;
  }

  /** Parameters by name, here and below, each once. */
  *namedParameters(): Generator<[name: string, parameter: Parameter]> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of module.members()) {
        if (!(value instanceof Parameter) || seen.has(value)) continue;
        seen.add(value);
        yield [joined(prefix, name), value];
      }
    }
  }

  /** Parameters, here and below, each once: what an optimizer takes. */
  *parameters(): Generator<Parameter> {
    for (const [, parameter] of this.namedParameters()) yield parameter;
  }

  /** Buffers by name, here and below. */
  *namedBuffers(): Generator<[name: string, buffer: Tensor]> {
    for (const [prefix, module] of this.namedModules()) yield* module.#ownBuffers(prefix, false);
  }

  *#ownBuffers(prefix: string, persistentOnly: boolean): Generator<[string, Tensor]> {
    for (const [field, persistent] of this.#buffers) {
      if (persistentOnly && !persistent) continue;
      yield [joined(prefix, stateName(field)), (this as Record<string, unknown>)[field] as Tensor];
    }
  }

  /** Parameters and persistent buffers by name: the tensors themselves, not copies. */
  stateDict(): StateDict {
    const state: StateDict = new Map();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, value] of module.members()) {
        if (value instanceof Parameter) state.set(joined(prefix, name), value);
      }
      for (const [name, buffer] of module.#ownBuffers(prefix, true)) state.set(name, buffer);
    }
    return state;
  }

  /**
   * Copies `state` into the module's tensors, converting their dtypes.
   *
   * @throws {RangeError} Naming all missing, unexpected and misshapen names
   * together; nothing is copied then.
   */
  loadStateDict(
    state: ReadonlyMap<string, Tensor>,
    { strict = true }: LoadStateDictOptions = {},
  ): LoadStateDictResult {
    const own = this.stateDict();
    const missing = [...own.keys()].filter((name) => !state.has(name));
    const unexpected = [...state.keys()].filter((name) => !own.has(name));
    const problems: string[] = [];
    if (strict) {
      if (missing.length) problems.push(`missing: ${missing.join(", ")}`);
      if (unexpected.length) problems.push(`unexpected: ${unexpected.join(", ")}`);
    }
    const misshapen = [...own].flatMap(([name, t]) => {
      const given = state.get(name);
      return given && !sameShape(given.shape, t.shape)
        ? [`${name} is ${showShape(given.shape)} where the module has ${showShape(t.shape)}`]
        : [];
    });
    if (misshapen.length) problems.push(`of another shape: ${misshapen.join("; ")}`);
    if (problems.length) {
      throw new RangeError(
        `Cannot load the state into ${this.constructor.name} as names differ: ${problems.join(". ")}`,
      );
    }
    using _ = noGrad();
    for (const [name, t] of own) {
      const given = state.get(name);
      if (given) t.copy_(given);
    }
    return { missing, unexpected };
  }

  // --------------------------------------------------------------------- mode

  /** Sets the mode here and below; returns this. */
  train(training = true): this {
    for (const module of this.modules()) module.training = training;
    return this;
  }

  /** Sets the mode for use rather than training, here and below; returns this. */
  eval(): this {
    return this.train(false);
  }

  /** Freezes all parameters here and below, or sets them free; returns this. */
  requiresGrad_(wanted = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(wanted);
    return this;
  }

  /** Forgets the gradients of all parameters here and below. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) {
      parameter.grad?.dispose();
      parameter.grad = null;
    }
  }

  /** Calls `f` with every module below and then with this; returns this. */
  apply(f: (module: AnyModule) => void): this {
    for (const child of this.children()) child.apply(f);
    f(this);
    return this;
  }

  /** Gives the memory of all parameters and buffers back. */
  dispose(): void {
    this.zeroGrad();
    for (const t of this.stateDict().values()) t.dispose();
    for (const [, t] of this.namedBuffers()) t.dispose();
  }

  // -------------------------------------------------------------------- hooks

  /** Calls `hook` with the inputs before each `forward`; a list that it returns takes their place. */
  registerForwardPreHook<M extends AnyModule>(this: M, hook: ForwardPreHook<M>): Disposable {
    return this.#hooks.before(hook);
  }

  /** Calls `hook` with inputs and output after each `forward`; what it returns takes the output's place. */
  registerForwardHook<M extends AnyModule>(this: M, hook: ForwardHook<M>): Disposable {
    return this.#hooks.after(hook);
  }

  /**
   * Calls `hook` with the gradients of the inputs and outputs in each backward
   * pass; a list that it returns takes the place of the former. Seen are inputs
   * that are tensors, and an output that is one, or a list or record of some.
   */
  registerFullBackwardHook<M extends AnyModule>(this: M, hook: FullBackwardHook<M>): Disposable {
    return this.#hooks.backward(hook);
  }

  /** Has anomalies name this module: see {@linkcode nameLayers}. */
  nameLayer(name: string): Disposable {
    return this.#hooks.layer(name);
  }

  // ----------------------------------------------------------------- printing

  /** What stands between the brackets when the module is printed: `in_features=4, out_features=8`. */
  extraRepr(): string {
    return "";
  }

  /** Written as PyTorch writes it. */
  toString(): string {
    const children = [...this.namedChildren()].map(([name, child]) =>
      `  (${name}): ${child.toString().replaceAll("\n", "\n  ")}`
    );
    const extra = this.extraRepr();
    if (children.length === 0) return `${this.constructor.name}(${extra})`;
    return `${this.constructor.name}(\n${[...(extra ? [`  ${extra}`] : []), ...children].join("\n")}\n)`;
  }

  // What `console.log` shows.
  static {
    Object.defineProperty(this.prototype, Symbol.for("Deno.customInspect"), {
      value(this: Module): string {
        return this.toString();
      },
    });
  }
}

const joined = (prefix: string, name: string): string => prefix ? `${prefix}.${name}` : name;
