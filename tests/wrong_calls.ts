/** Calls of exported functions with arguments of every wrong kind, and their outcomes. */
import * as core from "@troodon/core";
import { type Callable, callables } from "./callables.ts";
import { nameOf, type Parameter, typeOf } from "./doc_symbols.ts";
import { namesOf, rightArgument } from "./right_arguments.ts";

const x = core.tensor([[1, 2], [3, 4]], { device: new core.Device(new core.ReferenceBackend()) });

/** An argument of each kind. */
const KINDS: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  null: () => null,
  number: () => 7,
  text: () => "text",
  flag: () => true,
  numbers: () => [1, 2],
  texts: () => ["a", "b"],
  object: () => ({}),
  options: () => ({ dim: 1 }),
  function: () => () => 1,
  tensor: () => x,
};

/** Returns the {@linkcode KINDS} that a type accepts, or null if they are not evident from it. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  Tensor: ["tensor"],
  number: ["number"],
  boolean: ["flag"],
  null: ["null"],
};

/** Patterns of error messages from the engine, which do not name the function. */
const ENGINE =
  /is not (?:a function|iterable|defined|a constructor)|^Cannot (?:read properties|destructure|convert|use 'in'|set prop|create prop|mix|access)|^Invalid |Maximum call|Reduce of empty|argument must be|called on|Object prototype/;

/** Call with a description of what is wrong with its outcome. */
export interface Fault {
  readonly call: string;
  readonly fault: string;
}

/** Options for making calls, and for skipping some. */
export interface Trial {
  /** Receiver of a method; null to skip the methods of the class. */
  readonly receiver: (of: Callable) => object | null;
  /** Calls to skip. */
  readonly skip: (of: Callable) => boolean;
}

/**
 * Returns true if `kind` is valid for `parameters`, those of all overloads; null if the types do not tell.
 */
function mayStand(kind: string, parameters: readonly Parameter[]): boolean | null {
  for (const parameter of parameters) {
    // An axis may be given by name.
    if (kind === "options" && /dim/i.test(nameOf(parameter))) return true;
    if (kind === "nothing" && (parameter.optional || parameter.kind === "assign")) return true;
    for (const name of namesOf(typeOf(parameter))) {
      if (kind === "nothing" && name === "null") return true;
      const takes = TAKES[name];
      if (takes === undefined) return null;
      if (takes.includes(kind)) return true;
    }
  }
  return false;
}

const shown = (value: unknown): string =>
  value instanceof core.Tensor
    ? "tensor"
    : typeof value === "function"
    ? "function"
    : JSON.stringify(value) ?? "undefined";

/**
 * Calls each export of `entry` with one argument of a wrong kind, or with one surplus argument, and returns
 * the calls that end in an error message of the engine, in an error that names something else, or in a value.
 */
export async function wrongCalls(
  entry: string,
  root: object,
  { receiver, skip }: Trial,
): Promise<{ readonly tried: number; readonly faults: readonly Fault[] }> {
  const { found } = await callables(entry, root),
    groups = new Map<string, Callable[]>(),
    faults: Fault[] = [];
  for (const one of found) groups.set(one.name, [...groups.get(one.name) ?? [], one]);
  let tried = 0;
  for (const [name, overloads] of groups) {
    if (skip(overloads[0]!)) continue;
    const most = Math.max(...overloads.map(({ parameters }) => parameters.length));
    const anyNumber = overloads.some(({ parameters }) => parameters.some(({ kind }) => kind === "rest"));
    for (const overload of overloads) {
      const { parameters } = overload, right = parameters.map(rightArgument);
      const on = overload.kind === "method" ? receiver(overload) : null;
      if (overload.kind === "method" && on === null) continue;
      for (const [kind, make] of Object.entries(KINDS)) {
        for (let i = 0; i <= parameters.length; i++) {
          const surplus = i === parameters.length;
          if (surplus && (i < most || anyNumber || kind === "nothing")) continue;
          const given = [...right.slice(0, i), make(), ...right.slice(i + 1)];
          tried++;
          const error = await thrownBy(root, overload, on, given);
          const call = `${name}(${given.map(shown).join(", ")})`;
          const fault = error === null
            ? surplus || mayStand(kind, overloads.flatMap(({ parameters }) => parameters[i] ?? [])) === false
              ? `argument ${i + 1} is taken`
              : null
            : faultOf(error);
          if (fault !== null) faults.push({ call, fault });
        }
      }
    }
  }
  return { tried, faults };
}

/** Describes what is wrong with an error; null if nothing is. */
function faultOf(error: unknown): string | null {
  if (!(error instanceof Error) || ENGINE.test(error.message) || !error.message.startsWith("Cannot ")) {
    return `${error}`;
  }
  return null;
}

/** Returns the error that a call throws; null if it throws none. */
async function thrownBy(
  root: object,
  { path, kind, method = "" }: Callable,
  on: object | null,
  given: readonly unknown[],
): Promise<unknown> {
  const found = path.reduce((within: object, name) => Reflect.get(within, name), root) as CallableFunction;
  try {
    if (kind === "new") Reflect.construct(found, given);
    else if (kind === "function") await Reflect.apply(found, undefined, given);
    else if (kind === "static") await Reflect.apply(Reflect.get(found, method), found, given);
    else await Reflect.apply(Reflect.get(on!, method), on, given);
    return null;
  } catch (error) {
    return error;
  }
}
