/** Options of functions and constructors: none that is not known is passed over. */
import { showArgument } from "./call_forms.ts";
import { nearest } from "./nearest_name.ts";

/**
 * The keys of a type of options, in the order of PyTorch's arguments. A key that is missing, or is none of the type's,
 * does not compile.
 */
export type OptionKeys<T> = { readonly [K in keyof T]-?: true };

const NONE = Object.freeze({});

/**
 * Options as they were given, once their keys are known: an object without those that are undefined, and with those that
 * a class computes.
 *
 * @param caller The function, as "dropout()", or the class that they were given to.
 * @param keys Those that it has.
 * @throws {TypeError} If they are no object, or have a key that is not in `keys`.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { type OptionKeys, readOptions } from "@troodon/core/kernel";
 *
 * interface DecayOptions {
 *   readonly weightDecay?: number;
 * }
 * const DECAY_OPTIONS: OptionKeys<DecayOptions> = { weightDecay: true };
 * const decay = (options?: DecayOptions) => readOptions("decay()", options, DECAY_OPTIONS).weightDecay ?? 0;
 * const misspelt: object = { weight_decay: 1 };
 * assertThrows(() => decay(misspelt), TypeError, "did you mean weightDecay?");
 * ```
 */
export function readOptions<T extends object>(
  caller: string,
  options: T | undefined,
  keys: OptionKeys<NoInfer<T>>,
): T {
  if (options === undefined) return NONE as T;
  if (typeof options !== "object" || options === null) throw notNamed(caller, options, keys);
  let clean = isPlain(options);
  if (!clean) checkInstance(caller, options, keys);
  for (const key in options) {
    if (!Object.hasOwn(keys, key)) throw unknown(caller, options, key, keys);
    clean &&= options[key] !== undefined;
  }
  return clean ? options : pickOptions(options, keys);
}

/** Refuses what is iterable, as lists and tensors are, and accessors that are no options. */
function checkInstance(caller: string, options: object, keys: object): void {
  if (Symbol.iterator in options) throw notNamed(caller, options, keys);
  let type: object | null = Object.getPrototypeOf(options);
  while (type !== null && type !== Object.prototype) {
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(type))) {
      if (get && !Object.hasOwn(keys, key)) throw unknown(caller, options, key, keys);
    }
    type = Object.getPrototypeOf(type);
  }
}

/** Copies the options under `keys` that are not undefined: the part of `options` that an inner function takes. */
export function pickOptions<T extends object, K extends keyof T>(
  options: T,
  keys: { readonly [key in K]: true },
): Pick<T, K> {
  const copy: Partial<T> = {};
  for (const key in keys) if (options[key] !== undefined) copy[key] = options[key];
  return copy as Pick<T, K>;
}

function unknown(caller: string, options: object, key: string, keys: object): TypeError {
  const known = Object.keys(keys), near = nearest(key, known);
  if (near === null && !isPlain(options)) return notNamed(caller, options, keys);
  const advice = near === null ? `its options are ${listed(known)}` : `did you mean ${near}?`;
  return new TypeError(`Cannot ${verb(caller)} ${caller} as it has no option ${key}: ${advice}`);
}

function notNamed(caller: string, given: unknown, keys: object): TypeError {
  const known = Object.keys(keys), value = showArgument(given);
  const line = `{ ${known[0]}: ${typeof given === "object" ? "..." : value} }`;
  const rest = known.length === 1 ? "" : `; its options are ${listed(known)}`;
  return new TypeError(
    `Cannot ${
      verb(caller)
    } ${caller} as options are given by name: current argument is ${value}, write ${line}${rest}`,
  );
}

const verb = (caller: string): string => caller.endsWith(")") ? "call" : "make";

const isPlain = (value: object): boolean => {
  const type = Object.getPrototypeOf(value);
  return type === null || type === Object.prototype;
};

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
