/** Networks and their parts. */
import type { Tensor } from "@troodon/core";
import { checkCall, checkSurplus, showAsText } from "@troodon/core/kernel";
import { type Copier, deepCopy, refusePrivateFields } from "./deep_copy.ts";
import { type ForwardHook, type ForwardPreHook, type FullBackwardHook, ModuleHooks } from "./hooks.ts";
import { ModuleTree } from "./module_tree.ts";

/** A module of whatever inputs and output. */
export type AnyModule = Module<never[], unknown>;

/**
 * The call of a {@linkcode Module}: `net(x)` is `net.forward(x)`, with the types of the subclass. Where a result goes
 * round a loop into the next call, as a state, TypeScript asks for its type (TS7022): annotate it.
 */
export interface Module<Inputs extends readonly unknown[] = Tensor[], Output = Tensor> {
  (...inputs: Parameters<this["forward"]>): ReturnType<this["forward"]>;
}

/**
 * A network or a part of one. A subclass keeps parameters, child modules and
 * arrays of them in its fields, and says in `forward` what it computes: a tensor
 * from tensors, or, as `Module<Inputs, Output>`, anything from anything. A module is a function too: `net(x)` calls
 * `net.forward(x)`.
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
 *     return this.fc2(this.fc1(x).relu());
 *   }
 * }
 * const net = new Net();
 * assertEquals(net(randn([3, 4])).shape, [3, 2]);
 * assertEquals([...net.stateDict().keys()], ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"]);
 * ```
 */
export abstract class Module<Inputs extends readonly unknown[] = Tensor[], Output = Tensor>
  extends ModuleTree {
  readonly #hooks = new ModuleHooks(this);

  /**
   * A module in training mode.
   *
   * @throws {TypeError} If there are arguments: those of a class without a constructor of its own arrive here.
   */
  constructor() {
    super();
    checkSurplus(new.target.name, arguments, 0);
  }

  /** What the module computes. */
  abstract forward(...inputs: Inputs): Output;

  /**
   * The arguments that make a module like this one, but for its state: `new Net(...net.describe())`. What `save()`
   * writes beside the state. A class whose constructor takes arguments overrides this and returns them: numbers, strings,
   * booleans, null, tensors, modules, and lists and records of these.
   */
  describe(): readonly unknown[] {
    return [];
  }

  /** Calls `f` with every module below and then with this; returns this. */
  apply(f: (module: AnyModule) => void): this {
    checkCall("apply", arguments, "f");
    for (const child of this.children()) child.apply(f);
    f(this);
    return this;
  }

  // ------------------------------------------------------------------- copies

  /** A copy with parameters, buffers and modules of its own; see {@linkcode deepCopy}. */
  deepCopy(): this {
    return deepCopy(this);
  }

  /**
   * What {@linkcode Module.deepCopy} copies the fields of this module into: an object of the same class, whose constructor
   * has not run. A class with `#private` fields, which only its constructor can make, overrides this and returns a new
   * module with the same ones.
   *
   * @param _copy Copies what such fields hold.
   * @throws {TypeError} If the class has `#private` fields.
   */
  protected emptyCopy(_copy: Copier): this {
    refusePrivateFields(this, Module.prototype);
    return Reflect.construct(Module, [], this.constructor) as this;
  }

  /** A copy with the fields and hooks of this module: how {@linkcode deepCopy} copies it. */
  deepCopyWith(copy: Copier, remember: (made: object) => void): this {
    const made = this.emptyCopy(copy);
    remember(made);
    made.copyFrom(this, copy, this.#hooks.hidesForward ? "forward" : undefined);
    made.#hooks.addAll(this.#hooks);
    return made;
  }

  // -------------------------------------------------------------------- hooks

  /** Calls `hook` with the inputs before each `forward`; a list that it returns takes their place. */
  registerForwardPreHook<M extends AnyModule>(this: M, hook: ForwardPreHook<M>): Disposable {
    checkCall("registerForwardPreHook", arguments, "f");
    return this.#hooks.before(hook);
  }

  /** Calls `hook` with inputs and output after each `forward`; what it returns takes the output's place. */
  registerForwardHook<M extends AnyModule>(this: M, hook: ForwardHook<M>): Disposable {
    checkCall("registerForwardHook", arguments, "f");
    return this.#hooks.after(hook);
  }

  /**
   * Calls `hook` with the gradients of the inputs and outputs in each backward
   * pass; a list that it returns takes the place of the former. Seen are inputs
   * that are tensors, and an output that is one, or a list or record of some.
   */
  registerFullBackwardHook<M extends AnyModule>(this: M, hook: FullBackwardHook<M>): Disposable {
    checkCall("registerFullBackwardHook", arguments, "f");
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
  override toString(): string {
    const children = this.shownChildren().map(([label, text]) =>
      `  (${label}): ${text.replaceAll("\n", "\n  ")}`
    );
    const extra = this.extraRepr();
    if (children.length === 0) return `${this.constructor.name}(${extra})`;
    return `${this.constructor.name}(\n${[...(extra ? [`  ${extra}`] : []), ...children].join("\n")}\n)`;
  }

  /** The labels and printed forms of the child modules, as they stand between the brackets. */
  protected shownChildren(): (readonly [label: string, text: string])[] {
    return [...this.namedChildren()].map(([name, child]) => [name, child.toString()]);
  }

  /** Parameters and persistent buffers as nested arrays, by name: what `JSON.stringify` writes. */
  toJSON(): Record<string, Tensor> {
    return this.stateDict().toJSON();
  }

  static {
    showAsText(this);
  }
}
