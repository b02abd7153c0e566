/**
 * A stand-in for the part of `@std/cli` that this project uses: `parseArgs()` without dotted names.
 *
 * @module
 */

type OneOrMore<T> = T | readonly T[];

/** What {@linkcode parseArgs} is told. */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
  C extends string = string,
  N extends string = string,
  D extends Record<string, unknown> = Record<string, unknown>,
> {
  /** Other names of a flag. */
  alias?: Readonly<Record<string, OneOrMore<string>>>;
  /** Flags that are true or false, and false by default. */
  boolean?: OneOrMore<B>;
  /** Flags that have a text. */
  string?: OneOrMore<S>;
  /** Flags that may be repeated: their values are collected in an array. */
  collect?: OneOrMore<C>;
  /** Flags that `--no-` in front makes false. */
  negatable?: OneOrMore<N>;
  /** Values of the flags that are not given. */
  default?: D;
  /** Called with what no option names; `false` drops it. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

type StringValue<K, C, N> = (K extends C ? string[] : string) | (K extends N ? false : never);

/** What {@linkcode parseArgs} returns. */
export type Args<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  N extends string = never,
  D = Record<never, never>,
> =
  & { [key: string]: unknown }
  & {
    [K in S as K extends C | keyof D ? K : never]: StringValue<K, C, N> | (K extends keyof D ? D[K] : never);
  }
  & { [K in S as K extends C | keyof D ? never : K]?: StringValue<K, C, N> | undefined }
  & { [K in B]: (K extends C ? boolean[] : boolean) | (K extends keyof D ? D[K] : never) }
  & { [K in Exclude<C, B | S>]: unknown[] }
  & { [K in Exclude<keyof D, B | S | C>]: unknown }
  & {
    /** What belongs to no flag. */
    _: (string | number)[];
  };

type Value = string | number | boolean;

const list = (names: OneOrMore<string> | undefined): readonly string[] =>
  names === undefined ? [] : typeof names === "string" ? [names] : names;

const isNumber = (text: string): boolean =>
  /^(0x[0-9a-f]+|[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?)$/i.test(text);

const isFlag = (text: string): boolean => /^-./s.test(text);

/** Reads flags and the rest from the arguments of a command line. */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const N extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
>(args: string[], options: ParseOptions<B, S, C, N, D> = {}): Args<B, S, C, N, D> {
  const groups = Object.entries(options.alias ?? {}).map(([name, names]) => [name, ...list(names)]);
  const namesOf = (key: string): readonly string[] => groups.find((group) => group.includes(key)) ?? [key];
  const setOf = (names: OneOrMore<string> | undefined): Set<string> => new Set(list(names).flatMap(namesOf));
  const booleans = setOf(options.boolean), strings = setOf(options.string);
  const collected = setOf(options.collect), negatable = setOf(options.negatable);
  const rest: (string | number)[] = [];
  const result = new Map<string, unknown>();

  const set = (key: string, value: Value, arg: string, collect = true): void => {
    const isNamed = booleans.has(key) || strings.has(key) || groups.some((group) => group.includes(key));
    if (!isNamed && options.unknown?.(arg, key, value) === false) return;
    const typed = typeof value === "string" && !strings.has(key) && isNumber(value) ? Number(value) : value;
    for (const name of namesOf(key)) {
      const earlier = result.get(name);
      const values = [...Array.isArray(earlier) ? earlier : [], typed];
      result.set(name, collect && collected.has(name) ? values : typed);
    }
  };
  const takeValue = (key: string, next: string | undefined): Value | undefined => {
    if (next === undefined || isFlag(next)) return undefined;
    if (!booleans.has(key)) return next;
    return next === "true" || next === "false" ? next === "true" : undefined;
  };

  const end = args.indexOf("--");
  const flags = end < 0 ? args : args.slice(0, end);
  for (let i = 0; i < flags.length; i++) {
    const arg = flags[i]!;
    const [, dashes, name, value] = arg.match(/^(--?)([^=]+)(?:=(.+))?$/s) ?? [];
    if (dashes === undefined || name === undefined) {
      if (options.unknown?.(arg) !== false) rest.push(strings.has("_") || !isNumber(arg) ? arg : Number(arg));
      continue;
    }
    const names = dashes === "--" ? [name.replace(/=$/, "")] : [...name];
    for (const single of names.slice(0, -1)) set(single, strings.has(single) ? "" : true, arg);
    const key = names.at(-1)!;
    const positive = key.replace(/^no-/, "");
    if (value !== undefined) set(key, booleans.has(key) ? value !== "false" : value, arg);
    else if (dashes === "--" && key !== positive && negatable.has(positive)) set(positive, false, arg, false);
    else {
      const next = takeValue(key, flags[i + 1]);
      if (next !== undefined) i++;
      set(key, next ?? (strings.has(key) ? "" : true), arg);
    }
  }

  const setDefault = (key: string, value: unknown): void => {
    if (!result.has(key)) result.set(key, value);
  };
  for (const [key, value] of Object.entries(options.default ?? {})) {
    for (const name of namesOf(key)) setDefault(name, value);
  }
  for (const key of booleans) setDefault(key, collected.has(key) ? [] : false);
  for (const key of collected) setDefault(key, []);
  if (end >= 0) rest.push(...args.slice(end + 1));
  return { ...Object.fromEntries(result), _: rest } as Args<B, S, C, N, D>;
}
