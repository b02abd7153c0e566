/** Rules for renaming tensors. */
import { UsageError } from "../flags/options.ts";

/** Renaming rule: a pattern and its replacement. */
export interface NameRule {
  /** Source text of the rule. */
  readonly written: string;
  /** Pattern to search for in a name. */
  readonly pattern: RegExp;
  /** Replacement; `$1` is the first group of the pattern. */
  readonly replacement: string;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Returns the pattern and the replacement of a rule. */
function replacing(from: string, to: string, rule: string): Pick<NameRule, "pattern" | "replacement"> {
  const expression = from.match(/^\/(.+)\/$/)?.[1];
  if (expression === undefined) {
    const pattern = from.endsWith(".") ? `^${escaped(from)}` : `(?<=^|\\.)${escaped(from)}(?=\\.|$)`;
    return { pattern: new RegExp(pattern), replacement: to.replaceAll("$", "$$$$") };
  }
  try {
    return { pattern: new RegExp(expression), replacement: to };
  } catch (error) {
    throw new UsageError(`--map ${rule} must have a regular expression: ${(error as Error).message}`);
  }
}

/**
 * Parses rules `FROM=TO`, separated by commas: `module.=,fc=head,/^layers\.(\d+)/=blocks.$1`. A FROM that
 * ends with a dot is a prefix; one between slashes is a regular expression; any other matches whole parts
 * between dots.
 */
export function readNameRules(text: string): readonly NameRule[] {
  const rules: NameRule[] = [];
  for (let rest = text; rest !== ""; rest = rest.replace(/^,/, "")) {
    const [written = "", from = "", to = ""] = rest.match(/^(\/(?:[^/\\]|\\.)+\/|[^=,]+)=([^,]*)/) ?? [];
    if (from === "") throw new UsageError(`--map must have rules FROM=TO: current one is "${rest}"`);
    rules.push({ written, ...replacing(from, to, written) });
    rest = rest.slice(written.length);
    if (rest !== "" && !rest.startsWith(",")) {
      throw new UsageError(
        `--map must have commas between rules: current text after "${written}" is "${rest}"`,
      );
    }
  }
  if (rules.length === 0) throw new UsageError('--map must have rules FROM=TO: current one is ""');
  return rules;
}
/**
 * Maps old names to new ones, in order. Each rule applies to the result of the previous ones.
 *
 * @throws {RangeError} If a rule matches no name, two names become equal, or a name becomes empty.
 */
export function mapNames(names: Iterable<string>, rules: readonly NameRule[]): ReadonlyMap<string, string> {
  let current = [...names].map((name) => [name, name] as const);
  for (const { written, pattern, replacement } of rules) {
    if (!current.some(([, name]) => pattern.test(name))) {
      throw new RangeError(
        `Cannot map names as each rule must fit one: "${written}" fits none of ${
          shown(current.map(([, name]) => name))
        }`,
      );
    }
    current = current.map(([old, name]) => [old, name.replace(pattern, replacement)] as const);
  }
  const taken = new Map<string, string>();
  for (const [old, name] of current) {
    const other = taken.get(name);
    if (name === "" || other !== undefined) {
      throw new RangeError(
        name === ""
          ? `Cannot map names as none may become empty: "${old}" does`
          : `Cannot map names as each must stay one: "${other}" and "${old}" both become "${name}"`,
      );
    }
    taken.set(name, old);
  }
  return new Map(current);
}

/** Lists the first few names. */
const shown = (names: readonly string[]): string =>
  names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} others` : names.join(", ");
