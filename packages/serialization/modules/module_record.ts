/** Modules as data: what a file says of a module beside its state. */
import type { Tensor } from "@troodon/core";

/** The part of a module that files are made of: what `Module` of `@troodon/nn` has. */
export interface SavableModule {
  /** The arguments that a constructor of its class makes it again with. */
  describe(): readonly unknown[];
  /** Parameters and buffers by name. */
  stateDict(): Map<string, Tensor>;
  /** Takes the memory of the tensors of a state as its own; the handles on them are disposed of afterwards. */
  takeState(state: ReadonlyMap<string, Tensor>): void;
  /** Frees its parameters and buffers. */
  dispose(): void;
  /** This module and those below by name. */
  namedModules(): Iterable<readonly [string, { training: boolean }]>;
  /** Parameters by name. */
  namedParameters(): Iterable<readonly [string, Tensor]>;
}

/** Classes by name: `{ Net }`. What is no class of modules among them is passed over. */
export type ModuleClasses = Readonly<Record<string, unknown>>;

/** A module as data. Tensors are by the names of its state. */
export interface ModuleRecord {
  /** The name of its class. */
  readonly class: string;
  /** Arguments of the constructor, as {@linkcode encodeArgument} writes them. */
  readonly arguments: readonly unknown[];
  /** Names of the modules, itself as "" and those below, that are not in training mode. */
  readonly evaluating: readonly string[];
  /** Names of the parameters that require no gradient. */
  readonly frozen: readonly string[];
}

/** A module in a file, and where its state lies within the value: keys of records, maps and arrays. */
export interface PlacedModule {
  /** The keys that lead to it. */
  readonly path: readonly (string | number)[];
  /** The module. */
  readonly module: ModuleRecord;
}

/** Returns true for modules, including those that are functions. */
export function isModule(value: unknown): value is SavableModule {
  const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
  return isObject && "describe" in value && "takeState" in value && "stateDict" in value;
}
