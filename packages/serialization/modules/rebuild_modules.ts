/** Modules made again of what a file says of them. */
import { defaultDevice, type Device, type StateDict, Tensor, withDevice } from "@troodon/core";
import { reword, showArgument } from "@troodon/core/kernel";
import { decodeArgument, malformedModules as malformed } from "./arguments.ts";
import {
  isModule,
  type ModuleClasses,
  type ModuleRecord,
  type PlacedModule,
  type SavableModule,
} from "./module_record.ts";

/** Options of {@linkcode rebuildModules}. */
export interface RebuildOptions {
  /** The name of the file, for errors. */
  readonly file: string;
  /** The classes that the file may name. */
  readonly classes: ModuleClasses;
  /** Device that the modules live on (default: the chosen device). */
  readonly device: Device | undefined;
}

/**
 * Maximum number of elements of the modules of a file beyond those of its state, and maximum bytes per
 * element.
 */
const MORE_ELEMENTS = 2 ** 20, ELEMENT_BYTES = 8;

/** Maximum number of buffers of a module beyond twice the tensors of its state: each takes time, however small it is. */
const MORE_BUFFERS = 2 ** 12;

/**
 * Puts modules in the place of their states within the value of a file.
 *
 * @param text What the file says of its modules.
 * @returns The value, or the module if all of the value is its state.
 * @throws {TypeError} If a class is not given, or what the file says is malformed.
 * @throws {RangeError} If a state does not fit its module.
 */
export function rebuildModules(value: unknown, text: string, options: RebuildOptions): unknown {
  const holder = { value }, taken = new Set(tensorsIn(value));
  const made: Made = { modules: [], tensors: [] };
  try {
    // Those within a record of others come first.
    for (const { path, module } of placedModules(text, options.file)) {
      const steps = ["value", ...path];
      const container = steps.slice(0, -1).reduce<unknown>((at, key) => itemOf(at, key), holder);
      const state = itemOf(container, steps.at(-1)!);
      if (!isState(state)) throw malformed(options.file, "a module must have a state");
      putItem(container, steps.at(-1)!, new Rebuilder(options, state, made).make(module));
    }
    for (const tensor of tensorsIn(holder.value)) taken.delete(tensor);
    return holder.value;
  } catch (error) {
    for (const part of [...made.modules, ...made.tensors]) part.dispose();
    throw error;
  } finally {
    // The modules have handles of their own on what they took.
    for (const tensor of taken) tensor.dispose();
  }
}

/** The tensors in a value, those of modules left out. */
function* tensorsIn(value: unknown): Generator<Tensor> {
  if (value instanceof Tensor) yield value;
  else if (value instanceof Map || Array.isArray(value)) {
    for (const item of value.values()) yield* tensorsIn(item);
  } else if (typeof value === "object" && value !== null && !isModule(value)) {
    for (const item of Object.values(value)) yield* tensorsIn(item);
  }
}

function placedModules(text: string, file: string): readonly PlacedModule[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw malformed(file, "it is no JSON");
  }
  const { version, modules } = isRecord(data) ? data : {};
  if (version !== 1) {
    throw malformed(file, `its version must be 1: current version is ${showArgument(version)}`);
  }
  if (!Array.isArray(modules) || !modules.every(isPlaced)) {
    throw malformed(file, "version 1 has a list of modules");
  }
  return modules;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isPlaced(value: unknown): value is PlacedModule {
  if (!isRecord(value) || !Array.isArray(value["path"]) || !isRecord(value["module"])) return false;
  const { class: name, arguments: given, evaluating, frozen } = value["module"];
  const isName = (item: unknown): boolean => typeof item === "string";
  return isName(name) && Array.isArray(given) &&
    [evaluating, frozen].every((names) => Array.isArray(names) && names.every(isName)) &&
    value["path"].every((key) => isName(key) || Number.isSafeInteger(key));
}

const isState = (value: unknown): value is StateDict =>
  value instanceof Map && [...value.values()].every((item) => item instanceof Tensor);

function itemOf(container: unknown, key: string | number): unknown {
  if (container instanceof Map) return container.get(key);
  return typeof container === "object" && container !== null && Object.hasOwn(container, key)
    ? (container as Record<string, unknown>)[key]
    : undefined;
}

function putItem(container: unknown, key: string | number, item: unknown): void {
  if (container instanceof Map) container.set(key, item);
  else (container as Record<string, unknown>)[key] = item;
}

/** Collects modules, and the tensors among their arguments, as they are created. */
interface Made {
  readonly modules: SavableModule[];
  readonly tensors: Tensor[];
}

class Rebuilder {
  readonly #options: RebuildOptions;
  readonly #state: StateDict;
  readonly #made: Made;
  readonly #known: SavableModule[] = [];
  readonly #buffers: number;
  #elements: number;

  constructor(options: RebuildOptions, state: StateDict, made: Made) {
    this.#options = options;
    this.#state = state;
    this.#made = made;
    const held = [...new Set(state.values())].reduce((sum, tensor) => sum + tensor.numel(), 0);
    // Each tensor may exist in the module, among the arguments, and once more during construction.
    this.#elements = 3 * held + MORE_ELEMENTS;
    this.#buffers = 2 * state.size + MORE_BUFFERS;
  }

  make(record: ModuleRecord): SavableModule {
    const { file } = this.#options, made = this.#construct(record.class, record.arguments);
    try {
      made.takeState(this.#state);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      throw new RangeError(
        `Cannot make ${record.class} of ${file} as its state must be the one that new ${record.class}(...) has: ` +
          `${error.message}; load(file, { weightsOnly: true }) gives the state dict alone`,
        { cause: error },
      );
    }
    const evaluating = new Set(record.evaluating), frozen = new Set(record.frozen);
    for (const [name, module] of made.namedModules()) module.training = !evaluating.has(name);
    for (const [name, parameter] of made.namedParameters()) parameter.requiresGrad_(!frozen.has(name));
    return made;
  }

  /** A new module of a class with arguments as a file has them. */
  #construct(name: string, values: readonly unknown[]): SavableModule {
    const { device, file } = this.#options, inner: SavableModule[] = [];
    const context = {
      file,
      device,
      take: (elements: number): void => this.#take(elements),
      tensors: this.#made.tensors,
      parameter: (data: Tensor): Tensor => this.#parameter(data),
      module: (record: Readonly<Record<string, unknown>>): unknown => {
        const made = this.#inner(record);
        inner.push(made);
        return made;
      },
    };
    const made = this.#class(name), on = device ?? defaultDevice();
    const args = decodeArgument(values, context) as never[];
    // A module that is loaded draws its first weights in vain: as in PyTorch, nothing changes what is drawn next.
    const drawn = on.generator.getState();
    let module: SavableModule;
    try {
      module = this.#bounded(on, () => withDevice(on, () => new made(...args)));
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      if (error.message.includes(file)) throw error;
      const wanted = `its arguments must be those that new ${name}(...) takes`;
      throw reword(error, `Cannot make ${name} of ${file} as ${wanted}: ${error.message}`);
    } finally {
      on.generator.setState(drawn);
    }
    this.#made.modules.push(module);
    this.#count(module, inner);
    return module;
  }

  #inner(record: Readonly<Record<string, unknown>>): SavableModule {
    const { $: kind, number, class: name, arguments: values } = record;
    if (kind === "same" && typeof number === "number" && this.#known[number] !== undefined) {
      return this.#known[number];
    }
    if (kind !== "module" || typeof name !== "string" || !Array.isArray(values)) {
      throw malformed(this.#options.file, `there is no argument of the kind ${JSON.stringify(kind)}`);
    }
    const at = this.#known.push(undefined as unknown as SavableModule) - 1;
    return this.#known[at] = this.#construct(name, values);
  }

  /** Refuses modules that are far larger than the state they are for. */
  #count(module: SavableModule, inner: readonly SavableModule[]): void {
    const sizeOf = (module: SavableModule): number =>
      [...module.stateDict().values()].reduce((sum, tensor) => sum + tensor.numel(), 0);
    this.#take(Math.max(0, sizeOf(module) - inner.reduce((sum, part) => sum + sizeOf(part), 0)));
  }

  #take(elements: number): void {
    this.#elements -= elements;
    if (!(this.#elements >= 0)) throw this.#tooLarge();
  }

  #tooLarge(): TypeError {
    return malformed(this.#options.file, "its modules are larger than their state");
  }

  /** Calls `make` with a limit on memory: it throws before it exceeds what remains for modules. */
  #bounded<T>(device: Device, make: () => T): T {
    let left = this.#elements * ELEMENT_BYTES, buffers = this.#buffers;
    using _ = device.listen({
      allocate: ({ bytes }) => {
        left -= bytes;
        if (left < 0 || --buffers < 0) throw this.#tooLarge();
      },
      free: ({ bytes }) => {
        left += bytes;
        buffers++;
      },
    });
    return make();
  }

  #class(name: string): new (...args: never[]) => SavableModule {
    const { classes, file } = this.#options;
    const found = Object.hasOwn(classes, name) ? classes[name] : undefined;
    if (isConstructor(found) && isModule(found.prototype)) {
      return found as new (...args: never[]) => SavableModule;
    }
    throw new TypeError(
      `Cannot read ${file} as the class ${name} must be given: load(file, { modules: { ${name} } }); ` +
        "load(file, { weightsOnly: true }) gives the state dict alone",
    );
  }

  #parameter(data: Tensor): Tensor {
    const found = this.#options.classes["Parameter"];
    if (isConstructor(found) && found.prototype instanceof Tensor) return new found(data) as Tensor;
    throw new TypeError(
      `Cannot read ${this.#options.file} as the class Parameter must be given: load(file, { modules })`,
    );
  }
}

function isConstructor(
  value: unknown,
): value is (new (...args: unknown[]) => unknown) & { readonly prototype: object } {
  return typeof value === "function" && typeof value.prototype === "object" && value.prototype !== null;
}
