/** Flags from the file that `--config` names. */
import { isNotFound } from "@troodon/io";
import { nearest } from "@troodon/core/kernel";
import { type Flag, type Flags, text, UsageError } from "./options.ts";
import { readText } from "./read_text.ts";

/** The flag `--config`. */
export function configFlag(): Flag<string | undefined> {
  return text(
    "FILE",
    "Take flags from a JSON file, by their names; those of the command line win",
    undefined,
  );
}

/** Returns the command-line words for a flag of the file. */
function wordsOf(file: string, name: string, flag: Flag<unknown>, value: unknown): string[] {
  const fail = (wanted: string): never => {
    throw new UsageError(
      `--config ${file} must have ${wanted} as "${name}": current value is ${JSON.stringify(value)}`,
    );
  };
  if (value === null) return [];
  if (typeof value === "boolean") {
    const isSwitch = flag.value === "" || flag.alone !== undefined;
    if (!isSwitch) return fail(`a text or number, ${flag.value},`);
    return value ? [`--${name}`] : flag.negated === undefined ? [] : [`--no-${name}`];
  }
  if (flag.value === "") return fail("true or false");
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((one) => typeof one === "string" || typeof one === "number")) {
    return fail("a text, a number or a list of numbers");
  }
  return [`--${name}=${list.join(",")}`];
}

/**
 * Reads a file of flags as command-line words.
 *
 * @returns Command-line words with the same meaning.
 * @throws {UsageError} If the file does not exist, is not a JSON object, or contains unknown flags.
 */
export async function readConfigFile(file: string, flags: Flags): Promise<string[]> {
  const content = await readText(file).catch((error) => {
    if (!isNotFound(error)) throw error;
    throw new UsageError(`--config ${file} must be a file: it is not there`);
  });
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    // Reported like JSON that is not an object.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsageError(`--config ${file} must hold a JSON object with flags by their names`);
  }
  const names = Object.keys(flags).filter((name) => name !== "config");
  return Object.entries(value).flatMap(([name, given]) => {
    if (names.includes(name)) return wordsOf(file, name, flags[name]!, given);
    const meant = nearest(name, names);
    throw new UsageError(
      `--config ${file} has an unknown flag: ${name}${meant === null ? "" : `. Did you mean ${meant}?`}`,
    );
  });
}

/** Returns the command-line words, preceded by those of the file in `--config` if `flags` has that flag. */
export async function withConfigFile(args: readonly string[], flags: Flags): Promise<readonly string[]> {
  if (flags["config"] === undefined) return args;
  const end = args.indexOf("--"), last = end < 0 ? args.length : end;
  const kept: string[] = [], given: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const value = arg === "--config" ? args[i + 1] : arg.match(/^--config=(.+)$/s)?.[1];
    if (i >= last || value === undefined || value.startsWith("-")) kept.push(arg);
    else {
      given.push(...await readConfigFile(value, flags));
      if (arg === "--config") i++;
    }
  }
  return [...given, ...kept];
}
