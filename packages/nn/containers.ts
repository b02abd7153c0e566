/** Modules made of modules. */
import { Tensor } from "@troodon/core";
import { checkMember, checkMembers } from "./check_module.ts";
import { joined } from "./joined.ts";
import { type AnyModule, Module } from "./module.ts";
import { checkName } from "./module_dict.ts";
import { placed } from "./place_of_error.ts";
import { checkSurplus, inPart } from "@troodon/core/kernel";

/** Returns true for an object whose values are modules. */
const isRecord = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Tensor);

/** A list of modules, numbered in the state dictionary; what is done with them is up to whoever holds it. */
export class ModuleList<M extends AnyModule = Module> extends Module implements Iterable<M> {
  /** The modules in order; under their numbers they are fields as well. */
  protected readonly ordered: M[] = [];

  /** Takes the modules in order. */
  constructor(modules: Iterable<M> = []) {
    checkSurplus(new.target.name, arguments, 1);
    super();
    // The numbers are their names in the state.
    Object.defineProperty(this, "ordered", { enumerable: false });
    checkMembers(new.target.name, "modules", modules);
    this.append(...modules);
  }

  /** Number of modules. */
  override get length(): number {
    return this.ordered.length;
  }

  /** Module `i`; negative numbers count from the end. */
  at(i: number): M {
    const found = this.ordered.at(i);
    if (found === undefined) throw new RangeError(`Cannot take module ${i} as the list has ${this.length}`);
    return found;
  }

  /** Adds modules at the end; returns this. */
  append(...modules: M[]): this {
    for (const module of modules) this.put(`${this.length}`, module);
    return this;
  }

  /** Appends a module under a name. */
  protected put(name: string, module: M): void {
    checkMember(this.constructor.name, name, module);
    Object.defineProperty(this, name, { value: module, enumerable: true });
    this.ordered.push(module);
  }

  /** The modules in order. */
  [Symbol.iterator](): Iterator<M> {
    return this.ordered[Symbol.iterator]();
  }

  /**
   * Is not there.
   *
   * @throws {TypeError} Always: a list has no order of computation.
   */
  override forward(): Tensor {
    throw new TypeError("Cannot call forward() on a ModuleList: call its modules, or use Sequential");
  }

  /** Equal modules that follow each other are printed once, as `(0-5): 6 x ReLU()`: PyTorch does so since 2.0. */
  protected override shownChildren(): (readonly [label: string, text: string])[] {
    const runs: { readonly first: string; last: string; count: number; readonly text: string }[] = [];
    for (const [label, text] of super.shownChildren()) {
      const run = runs.at(-1);
      if (run?.text === text) {
        run.last = label;
        run.count++;
      } else runs.push({ first: label, last: label, count: 1, text });
    }
    return runs.map(({ first, last, count, text }) =>
      count === 1 ? [first, text] : [`${first}-${last}`, `${count} x ${text}`]
    );
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [[...this]];
  }
}

/**
 * Sequence of modules, with numbers as their keys in the state dict, or the names of a record.
 *
 * @example As a network
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, randn, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, ReLU, Sequential } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const net = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
 * assertEquals(net(randn([3, 4])).shape, [3, 2]);
 * assertEquals([...net.stateDict().keys()], ["0.weight", "0.bias", "2.weight", "2.bias"]);
 * ```
 *
 * @example Named modules
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Device, ReferenceBackend, setDefaultDevice } from "@troodon/core";
 * import { Linear, ReLU, Sequential } from "@troodon/nn";
 *
 * setDefaultDevice(new Device(new ReferenceBackend()));
 * const net = new Sequential({ fc: new Linear(4, 8), act: new ReLU() });
 * assertEquals([...net.stateDict().keys()], ["fc.weight", "fc.bias"]);
 * ```
 */
export class Sequential extends ModuleList {
  /** Takes the modules in order. */
  constructor(...modules: Module[]);
  /**
   * Creates a sequence from the modules of a record, in order:
   * `new Sequential({ fc: new Linear(4, 8), act: new ReLU() })`.
   *
   * @throws {RangeError} If a name is an integer, which a record would reorder, contains a dot, or is the
   * name of a class member.
   */
  constructor(modules: Readonly<Record<string, Module>>);
  constructor(...modules: readonly (Module | Readonly<Record<string, Module>>)[]) {
    const [first] = modules;
    const named = modules.length === 1 && isRecord(first);
    super(named ? [] : modules as readonly Module[]);
    if (!named) return;
    for (const [name, module] of Object.entries(first as Readonly<Record<string, Module>>)) {
      checkName("Sequential", name);
      if (/^\d+$/.test(name) || name in this) {
        throw new RangeError(
          `Cannot put "${name}" into a Sequential as names must be no numbers and no members of it: choose another`,
        );
      }
      this.put(name, module);
    }
  }

  /** Hands what each module gives to the next; two at once where there is an op for that with the same results. */
  override forward(x?: Tensor): Tensor {
    if (x === undefined) throw new TypeError("Cannot call forward() of Sequential without a tensor");
    const modules = [...this];
    let y = x;
    for (let i = 0; i < modules.length; i++) {
      const module = modules[i]!, both = joined(module, modules[i + 1]);
      try {
        y = both === null ? module(y) : inPart({ kind: "layer", layer: module }, () => both(y));
      } catch (error) {
        throw placed(placed(error, module), this);
      }
      if (both !== null) i++;
    }
    return y;
  }

  /** Every module has a line of its own. */
  protected override shownChildren(): (readonly [label: string, text: string])[] {
    return [...this.namedChildren()].map(([name, child]) => [name, child.toString()]);
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    const isNumbered = this.length === 0 || Object.hasOwn(this, "0");
    return isNumbered ? [...this] : [Object.fromEntries(this.namedChildren())];
  }
}
