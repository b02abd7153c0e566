/** Describes command-line flags once, for parsing and for `--help`. */
import { parseArgs } from "@std/cli";
import { nearest } from "@troodon/core/kernel";

/** Error in the command line of a program. */
export class UsageError extends Error {
  /** Name of the class. */
  override readonly name: string = "UsageError";
}

/** Flag with its meaning and parser. */
export interface Flag<T> {
  /** Placeholder of its value in the help; empty for a flag without one. */
  readonly value: string;
  /** Description in one sentence. */
  readonly help: string;
  /** Default value as shown in the help. */
  readonly shownDefault: string;
  /** Value if the flag is not given. */
  readonly fallback: T;
  /** Text used if the flag has no value; without it a value is required. */
  readonly alone?: string;
  /** Text used for the flag with the prefix `no-`; undefined if that is not allowed. */
  readonly negated?: string;
  /** Parses text; throws a {@linkcode UsageError} if it is invalid. */
  parse(text: string): T;
}

/** Flags by name. */
export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** Values of flags. */
export type Values<F extends Flags> = { readonly [K in keyof F]: F[K] extends Flag<infer T> ? T : never };

function flag<T>(
  value: string,
  help: string,
  fallback: T,
  parse: (text: string) => T,
  shown?: string,
): Flag<T> {
  const shownDefault = shown ?? (fallback === undefined ? "" : String(fallback));
  return { value, help, fallback, shownDefault, parse };
}

/** A switch that is off by default. */
export function onOff(help: string): Flag<boolean> {
  return flag("", help, false, () => true, "");
}

/** Value of a switch; "auto" lets the program decide. */
export type ThreeWay = "on" | "off" | "auto";

/**
 * A switch that is `auto` by default: `--invert`, `--no-invert`, or `--invert auto`. No other word after it is its
 * value.
 */
export function threeWay(help: string): Flag<ThreeWay> {
  const parse = (given: string): ThreeWay => {
    if (given === "on" || given === "off" || given === "auto") return given;
    throw new UsageError("must stand alone, or be auto");
  };
  return { ...flag<ThreeWay>("[auto]", help, "auto", parse), alone: "on", negated: "off" };
}

/** A flag with any text. */
export function text<T extends string | undefined>(
  value: string,
  help: string,
  fallback: T,
  shown?: string,
): Flag<string | T> {
  return flag<string | T>(value, help, fallback, (given) => given, shown);
}

/** A flag with an optional value; its text is empty without one. */
export function optionalText(value: string, help: string, shown?: string): Flag<string | undefined> {
  return { ...text(`[${value}]`, help, undefined, shown), alone: "" };
}

/** A flag with one of several words. */
export function choice<C extends string, T extends C | undefined>(
  choices: readonly C[],
  help: string,
  fallback: T,
  shown?: string,
): Flag<C | T> {
  const parse = (given: string): C => {
    const found = choices.find((word) => word === given);
    if (found === undefined) throw new UsageError(`must be one of ${choices.join(", ")}`);
    return found;
  };
  return flag<C | T>(choices.join("|"), help, fallback, parse, shown);
}

/** A flag with one of many names, which the help does not list. */
export function nameAmong(names: readonly string[], help: string, fallback: string): Flag<string> {
  return flag("NAME", help, fallback, (given) => {
    if (names.includes(given)) return given;
    const near = nearest(given, names);
    throw new UsageError(
      near === null ? `must be one of ${names.join(", ")}` : `must be a known name, such as ${near}`,
    );
  });
}

/** A flag with positive integers for rows and columns: `32` or `64x48`. */
export function sizes(
  help: string,
  shown: string,
): Flag<readonly [rows: number, columns: number] | undefined> {
  const parse = (given: string): readonly [number, number] => {
    const [, rows, columns = rows] = given.match(/^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/) ?? [];
    if (rows === undefined) throw new UsageError("must be rows and columns, such as 32 or 64x48");
    return [Number(rows), Number(columns)];
  };
  return flag<readonly [number, number] | undefined>("ROWSxCOLUMNS", help, undefined, parse, shown);
}

/** A flag with one number, or several separated by commas. */
export function numbers(
  help: string,
  isRight: (x: number) => boolean,
  wanted: string,
  shown: string,
): Flag<number | readonly number[] | undefined> {
  const parse = (given: string): number | readonly number[] => {
    const list = given.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
    if (!list.every((x) => Number.isFinite(x) && isRight(x))) throw new UsageError(`must be ${wanted}`);
    return list.length === 1 ? list[0]! : list;
  };
  return flag<number | readonly number[] | undefined>("X,...", help, undefined, parse, shown);
}

/** A flag with a number of at least `min`. */
export function number<T extends number | undefined>(
  help: string,
  fallback: T,
  { min, shown }: { readonly min: number; readonly shown?: string },
): Flag<number | T> {
  const parse = (given: string): number => {
    const value = Number(given);
    if (given.trim() === "" || !Number.isFinite(value) || value < min) {
      throw new UsageError(`must be a number of at least ${min}`);
    }
    return value;
  };
  return flag<number | T>("X", help, fallback, parse, shown);
}

/** A flag with an integer of at least `min`. */
export function count<T extends number | undefined>(
  help: string,
  fallback: T,
  { min = 1, shown }: { readonly min?: number; readonly shown?: string } = {},
): Flag<number | T> {
  const parse = (given: string): number => {
    if (!/^\d+$/.test(given) || !Number.isSafeInteger(Number(given)) || Number(given) < min) {
      throw new UsageError(`must be a whole number of at least ${min}`);
    }
    return Number(given);
  };
  return flag<number | T>("N", help, fallback, parse, shown);
}

/** Parsed command line. */
export interface CommandLine<F extends Flags> {
  /** Values of all flags. */
  readonly values: Values<F>;
  /** All words of the command line. */
  readonly args: readonly string[];
  /** Arguments that belong to no flag. */
  readonly rest: readonly string[];
  /** True if `--help` was given. */
  readonly help: boolean;
}

/**
 * Parses a command line.
 *
 * @throws {UsageError} If a flag is unknown, or a value is missing or invalid.
 */
export function readCommandLine<F extends Flags>(args: readonly string[], flags: F): CommandLine<F> {
  const names = Object.keys(flags);
  const switches = names.filter((name) => flags[name]!.value === "");
  const parsed = parseArgs(joinValues(args, flags), {
    string: ["_", ...names.filter((name) => !switches.includes(name))],
    boolean: [...switches, "help"],
    alias: { help: "h" },
    unknown: (arg, key) => {
      if (key === undefined) return;
      const flag = arg.replace(/=.*/s, ""), name = flag.replace(/^-+/, "");
      const meant = name.startsWith("no-") ? null : nearest(name, [...names, "help"]);
      throw new UsageError(`Unknown flag: ${flag}${meant === null ? "" : `. Did you mean --${meant}?`}`);
    },
  });
  const values = Object.fromEntries(names.map((name) => {
    const { fallback, parse, value, alone } = flags[name]!;
    const given: unknown = parsed[name];
    if (value === "") return [name, given === true];
    if (given === undefined) return [name, fallback];
    if (given === "" && alone !== undefined) return [name, parse(alone)];
    if (given === "") throw new UsageError(`--${name} needs a value: ${value}`);
    try {
      return [name, parse(String(given))];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      throw new UsageError(`--${name} ${error.message}: current value is ${given}`);
    }
  }));
  return { values: values as Values<F>, args, rest: parsed._.map(String), help: parsed["help"] === true };
}

/**
 * Joins flags with values that the parser would not recognize: `--epochs -3` becomes `--epochs=-3`, as `-3` looks like
 * a flag, and `--no-invert` becomes `--invert=off`.
 */
function joinValues(args: readonly string[], flags: Flags): string[] {
  const joined: string[] = [], end = args.indexOf("--"), last = end < 0 ? args.length : end;
  for (let i = 0; i < last; i++) {
    const arg = args[i]!, next = i + 1 < last ? args[i + 1]! : "";
    const [, no, name = ""] = arg.match(/^--(no-)?(.*)$/) ?? [], flag = flags[name];
    if (flag?.negated !== undefined) {
      const isAuto = no === undefined && next === "auto";
      joined.push(`--${name}=${no ? flag.negated : isAuto ? next : flag.alone}`);
      if (isAuto) i++;
    } else if (flag?.value && !no && /^-\.?\d/.test(next)) {
      joined.push(`${arg}=${next}`);
      i++;
    } else joined.push(arg);
  }
  return [...joined, ...args.slice(last)];
}

/** Formats the text of `--help`. */
export function formatHelp(usage: string, about: string, flags: Flags): string {
  const rows = Object.entries(flags).map(([name, { value, help, shownDefault }]) => {
    const left = `  --${name}${value ? ` ${value}` : ""}`;
    return { left, right: shownDefault ? `${help} (${shownDefault})` : help };
  });
  rows.push({ left: "  --help", right: "This text" });
  const width = 24;
  const lines = rows.map(({ left, right }) =>
    left.length > width - 2 ? `${left}\n${" ".repeat(width)}${right}` : left.padEnd(width) + right
  );
  return `Usage: ${usage}\n\n${about}\n\nFlags:\n${lines.join("\n")}`;
}
