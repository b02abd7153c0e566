/** Modules by name. */
import type { Tensor } from "@troodon/core";
import { checkMember, checkMembers } from "./check_module.ts";
import { type AnyModule, Module } from "./module.ts";
import type { Parameter } from "./parameter.ts";
import { checkSurplus } from "@troodon/core/kernel";

/** Modules by name, in the order they were put in; what is done with them is up to whoever holds it. */
export class ModuleDict<M extends AnyModule = Module> extends Module implements Iterable<[string, M]> {
  /** The modules by name. */
  protected readonly named: Map<string, M>;

  /** Takes modules from a record or from pairs. */
  constructor(modules: Readonly<Record<string, M>> | Iterable<readonly [string, M]> = {}) {
    checkSurplus(new.target.name, arguments, 1);
    super();
    checkMembers(new.target.name, "modules", modules, false);
    this.named = new Map();
    for (const pair of Symbol.iterator in modules ? modules : Object.entries(modules)) {
      checkMembers(new.target.name, "modules", Array.isArray(pair) ? pair : undefined, false);
      const [name, module] = pair;
      this.set(name, module);
    }
  }

  /** What holds state, by name. */
  protected override *members(): Generator<[name: string, value: Parameter | AnyModule]> {
    yield* this.named;
  }

  /** Number of modules. */
  get size(): number {
    return this.named.size;
  }

  /** Whether there is a module of this name. */
  has(name: string): boolean {
    return this.named.has(name);
  }

  /**
   * The module of this name.
   *
   * @throws {RangeError} If there is none.
   */
  get(name: string): M {
    const found = this.named.get(name);
    if (found === undefined) {
      throw new RangeError(
        `Cannot get the module "${name}" as the names are: ${[...this.named.keys()].join(", ")}`,
      );
    }
    return found;
  }

  /** Puts a module in, in the place of one of this name; returns this. */
  set(name: string, module: M): this {
    checkName("ModuleDict", name);
    checkMember("ModuleDict", name, module);
    this.named.set(name, module);
    return this;
  }

  /** Takes a module out; whether there was one. */
  delete(name: string): boolean {
    return this.named.delete(name);
  }

  /** Names. */
  keys(): Iterator<string> & Iterable<string> {
    return this.named.keys();
  }

  /** Modules. */
  values(): Iterator<M> & Iterable<M> {
    return this.named.values();
  }

  /** Names and modules. */
  [Symbol.iterator](): Iterator<[string, M]> {
    return this.named[Symbol.iterator]();
  }

  /**
   * Is not there.
   *
   * @throws {TypeError} Always: names have no order of computation.
   */
  override forward(): Tensor {
    throw new TypeError("Cannot call forward() on a ModuleDict: call its modules");
  }

  /** The arguments that make a module like this one. */
  override describe(): readonly unknown[] {
    return [[...this]];
  }
}

/** Refuses names that a state dictionary could not tell apart. */
export function checkName(kind: string, name: string): void {
  if (typeof name !== "string" || name === "" || name.includes(".")) {
    throw new RangeError(
      `Cannot put "${name}" into a ${kind} as names must have a letter or more, and no dot`,
    );
  }
}
