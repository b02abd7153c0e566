/** The tree of submodules, parameters and buffers behind every module. */
import { type DType, StateDict, Tensor, type ToOptions, type ToTarget } from "@troodon/core";
import {
  checkCall,
  currentRecorder,
  type OptionKeys,
  readOptions,
  recordedSection,
  stateName,
} from "@troodon/core/kernel";
import { Callable } from "./callable.ts";
import { type Copier, copyFields } from "./deep_copy.ts";
import type { AnyModule } from "./module.ts";
import { moveModule, moveModuleAsync } from "./move.ts";
import { Parameter } from "./parameter.ts";
import {
  LOAD_STATE_DICT_OPTIONS,
  loadState,
  type LoadStateDictOptions,
  type LoadStateDictResult,
  tensorsByName,
} from "./state_dict.ts";
import { takeState } from "./take_state.ts";

const REGISTER_BUFFER_OPTIONS: OptionKeys<{ readonly persistent?: boolean }> = { persistent: true };

/**
 * The part of a {@linkcode Module} that knows what it is made of: parameters, buffers and modules in its fields, under
 * which names their state is stored, and where it is.
 */
export abstract class ModuleTree extends Callable {
  /** Whether it is being trained: dropout drops, batch-norm takes its statistics from the batch. */
  training = true;
  readonly #buffers = new Map<string, boolean>();

  /** This module typed as the class that users extend. */
  get #self(): AnyModule {
    return this as unknown as AnyModule;
  }

  /**
   * Makes the tensor in the field `name` part of the state without being learnt.
   *
   * @param persistent Whether `stateDict` has it; true by default.
   */
  registerBuffer(
    name: string,
    options?: { readonly persistent?: boolean },
  ): void {
    const { persistent = true } = readOptions(
      "ModuleTree.registerBuffer()",
      options,
      REGISTER_BUFFER_OPTIONS,
    );
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
      if (value instanceof Parameter || isModule(value)) yield [stateName(field), value];
      else if (Array.isArray(value)) {
        for (const [i, item] of value.entries()) {
          if (item instanceof Parameter || isModule(item)) {
            yield [`${stateName(field)}.${i}`, item];
          }
        }
      }
    }
  }

  /** Child modules by name. */
  *namedChildren(): Generator<[name: string, module: AnyModule]> {
    for (const [name, value] of this.members()) if (isModule(value)) yield [name, value];
  }

  /** Child modules. */
  *children(): Generator<AnyModule> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** This module as "", its children, theirs and so on, each once. */
  *namedModules(prefix = "", seen: Set<AnyModule> = new Set()): Generator<[name: string, module: AnyModule]> {
    if (seen.has(this.#self)) return;
    seen.add(this.#self);
    yield [prefix, this.#self];
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

  /** Buffers by name, here and below, each once. */
  *namedBuffers(): Generator<[name: string, buffer: Tensor]> {
    const seen = new Set<Tensor>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, buffer] of module.#ownBuffers(prefix, false)) {
        if (!seen.has(buffer)) yield [name, buffer];
        seen.add(buffer);
      }
    }
  }

  *#ownBuffers(prefix: string, persistentOnly: boolean): Generator<[string, Tensor]> {
    for (const [field, persistent] of this.#buffers) {
      if (persistentOnly && !persistent) continue;
      yield [joined(prefix, this.bufferName(field)), (this as Record<string, unknown>)[field] as Tensor];
    }
  }

  /** The name that the buffer in a field is stored under. */
  protected bufferName(field: string): string {
    return stateName(field);
  }

  /**
   * Parameters and persistent buffers by name: the tensors themselves, not copies. What is shared stands under each of
   * its names.
   */
  stateDict(): StateDict {
    const state = new StateDict();
    this.#collect("", state, []);
    return state;
  }

  #collect(prefix: string, state: StateDict, above: readonly AnyModule[]): void {
    // A module within itself has no end of names.
    if (above.includes(this.#self)) return;
    const below: [string, AnyModule][] = [];
    for (const [name, value] of this.members()) {
      if (value instanceof Parameter) state.set(joined(prefix, name), value);
      else below.push([joined(prefix, name), value]);
    }
    for (const [name, buffer] of this.#ownBuffers(prefix, true)) state.set(name, buffer);
    for (const [name, child] of below) child.#collect(name, state, [...above, this.#self]);
  }

  /**
   * Copies `state` into the module's tensors, converting their dtypes and moving them to their devices. A tensor that
   * the module has under several names may be given under any of them.
   *
   * @param state Tensors by name: a map, or a record as a file of PyTorch may have it.
   * @throws {RangeError} Naming all missing, unexpected and misshapen names
   * together; nothing is copied then.
   * @throws {TypeError} If it holds something else than tensors, as a checkpoint does.
   */
  loadStateDict(
    state: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
    options: LoadStateDictOptions = {},
  ): LoadStateDictResult {
    options = readOptions("Module.loadStateDict()", options, LOAD_STATE_DICT_OPTIONS);
    return loadState(this, tensorsByName(this, state), options);
  }

  /**
   * Takes the tensors of `state` as they are, with their dtypes and on their devices: this module shares their memory. What
   * is one tensor there under several names is one here.
   *
   * @throws {RangeError} Naming all missing, unexpected and misshapen names together; nothing is changed then.
   */
  takeState(state: ReadonlyMap<string, Tensor>): void {
    takeState(this.#self, state);
  }

  // ------------------------------------------------------- devices and dtypes

  /**
   * Moves all parameters and buffers here and below to a device, converts the floating ones to a dtype, or both; returns
   * this. They stay the same objects, tied ones tied, and their gradients move along; what an optimizer remembers of
   * them follows at its next step. It waits for the device that they are on: see {@linkcode Module.toAsync}.
   *
   * @param target A floating dtype, a device or its name, a tensor whose device and dtype are taken, or both as options.
   * @throws {TypeError} If the dtype is not floating, or a tensor cannot be moved; nothing is changed then.
   *
   * @example Another dtype
   * ```ts
   * import { assertEquals } from "@std/assert";
   * import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
   * import { Linear } from "@troodon/nn";
   *
   * setDefaultDevice(new Device(new ReferenceBackend()));
   * const layer = new Linear(2, 1), { weight } = layer;
   * layer.to("float64");
   * assertEquals([layer.weight === weight, weight.dtype], [true, "float64"]);
   * ```
   */
  to(target: ToTarget, options?: DType | ToOptions): this {
    moveModule(this, target, options);
    return this;
  }

  /** {@linkcode Module.to} from devices that cannot be read synchronously, as GPUs in browsers. */
  async toAsync(target: ToTarget, options?: DType | ToOptions): Promise<this> {
    await moveModuleAsync(this, target, options);
    return this;
  }

  /** Moves the module to the device named "cpu"; see {@linkcode Module.to}. */
  cpu(): this {
    return this.to("cpu");
  }

  /** Converts floating parameters and buffers to float32; see {@linkcode Module.to}. */
  float(): this {
    return this.to("float32");
  }

  /** Converts floating parameters and buffers to float64; see {@linkcode Module.to}. */
  double(): this {
    return this.to("float64");
  }

  /** Converts floating parameters and buffers to float16; see {@linkcode Module.to}. */
  half(): this {
    return this.to("float16");
  }

  /** Converts floating parameters and buffers to bfloat16; see {@linkcode Module.to}. */
  bfloat16(): this {
    return this.to("bfloat16");
  }

  // --------------------------------------------------------------------- mode

  /** Sets the mode here and below; returns this. */
  train(training = true): this {
    checkCall("train", arguments, "B");
    // A recorded call depends on the mode before the change.
    currentRecorder()?.called(this);
    recordedSection(() => {
      for (const module of this.modules()) module.training = training;
    });
    return this;
  }

  /** Sets the mode for use rather than training, here and below; returns this. */
  eval(): this {
    checkCall("eval", arguments, "");
    return this.train(false);
  }

  /** Freezes all parameters here and below, or sets them free; returns this. */
  requiresGrad_(wanted = true): this {
    checkCall("requiresGrad_", arguments, "B");
    recordedSection(() => {
      for (const parameter of this.parameters()) parameter.requiresGrad_(wanted);
    });
    return this;
  }

  /** Forgets the gradients of all parameters here and below. */
  zeroGrad(): void {
    checkCall("zeroGrad", arguments, "");
    recordedSection(() => {
      for (const parameter of this.parameters()) {
        parameter.grad?.dispose();
        parameter.grad = null;
      }
    });
  }

  /** Takes over copies of the fields of another module, and which of them are buffers. */
  protected copyFrom(source: this, copy: Copier, except?: PropertyKey): void {
    copyFields(source, this, copy, except);
    for (const [name, persistent] of source.#buffers) this.#buffers.set(name, persistent);
  }

  /** Gives the memory of all parameters and buffers back. */
  dispose(): void {
    this.zeroGrad();
    for (const t of this.stateDict().values()) t.dispose();
    for (const [, t] of this.namedBuffers()) t.dispose();
  }
}

const isModule = (value: unknown): value is AnyModule => value instanceof ModuleTree;

const joined = (prefix: string, name: string): string => prefix ? `${prefix}.${name}` : name;
