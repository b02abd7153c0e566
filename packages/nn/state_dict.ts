/** Loading state dictionaries. */
import { noGrad } from "@troodon/autograd";
import { Tensor } from "@troodon/core";
import { type OptionKeys, sameShape, showShape } from "@troodon/core/kernel";
import type { ModuleTree } from "./module_tree.ts";

/** Options of {@linkcode Module.loadStateDict}. */
export interface LoadStateDictOptions {
  /** Whether missing and unexpected names are errors; true by default. */
  readonly strict?: boolean;
}

/** The keys of {@linkcode LoadStateDictOptions}. */
export const LOAD_STATE_DICT_OPTIONS: OptionKeys<LoadStateDictOptions> = { strict: true };

/** Names in which a state dict and a module differ: result of {@linkcode Module.loadStateDict}. */
export interface LoadStateDictResult {
  /** Names that the module has and the given state does not, under no other name of the same tensor. */
  readonly missing: readonly string[];
  /** Names that the given state has and the module does not. */
  readonly unexpected: readonly string[];
}

/** A state as a map; refused if it is none: a promise of one, the contents of a file that is not one. */
export function tensorsByName(
  module: ModuleTree,
  state: ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>,
): ReadonlyMap<string, Tensor> {
  const place = `Cannot load the state into ${module.constructor.name} as it must hold tensors by name`;
  if (typeof state !== "object" || state === null || state instanceof Promise) {
    throw new TypeError(
      `${place}: it is ${state instanceof Promise ? "a Promise, await it" : String(state)}`,
    );
  }
  const named = new Map<string, Tensor>(state instanceof Map ? state : Object.entries(state));
  const other = [...named].find(([, value]: [string, unknown]) => !(value instanceof Tensor));
  if (other === undefined) return named;
  throw new TypeError(
    `${place}: it holds "${other[0]}"; of a checkpoint, give the part that is the state dict`,
  );
}

/** The most names that an error lists. */
const LISTED = 10;

function listed(names: readonly string[], separator: string): string {
  const rest = names.length - LISTED;
  if (rest <= 0) return names.join(separator);
  return `${names.slice(0, LISTED).join(separator)}${separator}and ${rest} more`;
}

/** The names in which a state and a module differ; throws where they may not. */
export function compareState(
  module: ModuleTree,
  state: ReadonlyMap<string, Tensor>,
  { strict = true }: LoadStateDictOptions,
): LoadStateDictResult {
  const own = module.stateDict();
  const found = new Set([...own].flatMap(([name, t]) => state.has(name) ? [t] : []));
  const missing = [...own].flatMap(([name, t]) => found.has(t) ? [] : [name]);
  const unexpected = [...state.keys()].filter((name) => !own.has(name));
  const problems: string[] = [];
  if (strict) {
    if (missing.length) problems.push(`missing: ${listed(missing, ", ")}`);
    if (unexpected.length) problems.push(`unexpected: ${listed(unexpected, ", ")}`);
  }
  const misshapen = [...own].flatMap(([name, t]) => {
    const given = state.get(name);
    return given && !sameShape(given.shape, t.shape)
      ? [`${name} is ${showShape(given.shape)} where the module has ${showShape(t.shape)}`]
      : [];
  });
  if (misshapen.length) problems.push(`of another shape: ${listed(misshapen, "; ")}`);
  if (problems.length) {
    throw new RangeError(
      `Cannot load the state into ${module.constructor.name} as names differ: ${problems.join(". ")}`,
    );
  }
  return { missing, unexpected };
}

/** Does what `Module.loadStateDict` says. */
export function loadState(
  module: ModuleTree,
  state: ReadonlyMap<string, Tensor>,
  options: LoadStateDictOptions,
): LoadStateDictResult {
  const result = compareState(module, state, options);
  using _ = noGrad();
  for (const [name, t] of module.stateDict()) {
    const given = state.get(name);
    if (given) t.copy_(given);
  }
  return result;
}
