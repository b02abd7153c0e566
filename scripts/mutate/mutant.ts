/** One change of one place. */

/** What kinds of changes there are. */
export const KINDS = [
  "guard",
  "return",
  "boundary",
  "negation",
  "reset",
  "release",
  "call",
  "default",
  "limit",
  "swap",
] as const;

/**
 * Kind of change: removes or inverts a `guard` (a condition that throws), removes an early `return`, moves a
 * `boundary` by one, inverts a condition (`negation`), removes a `reset` (an assignment, a `clear()`), a
 * `release` (a `dispose()`, a `using`) or another `call` whose result is unused, changes the `default` of an
 * option or a `limit` in a constant, or swaps two neighboring statements (`swap`).
 */
export type Kind = typeof KINDS[number];

/** A change of a module's text. */
export interface Mutant {
  /** The module, from the root of the project. */
  readonly path: string;
  readonly kind: Kind;
  /** Where the text begins that is replaced, in UTF-16 units. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** What comes in its place. */
  readonly after: string;
}

/** The text of a module with a change. */
export function mutated(source: string, { start, end, after }: Mutant): string {
  return source.slice(0, start) + after + source.slice(end);
}

/** Range of lines of a module, from 1, that a change affects. */
export function linesOf({ start, end }: Mutant, source: string): readonly [first: number, last: number] {
  const lineAt = (at: number): number => source.slice(0, at).split("\n").length;
  return [lineAt(start), lineAt(end)];
}

const oneLine = (text: string): string => {
  const short = text.replace(/\s+/g, " ").trim();
  return short === "" ? "nothing" : short.length > 110 ? `${short.slice(0, 107)}...` : short;
};

/** A change in one line, with what is around it: `core/scope.ts:12 boundary  if (a < b) { -> if (a <= b) {`. */
export function describe(mutant: Mutant, source: string): string {
  const { path, kind, start, end, after } = mutant, [line] = linesOf(mutant, source);
  const from = source.lastIndexOf("\n", start - 1) + 1, next = source.indexOf("\n", end);
  const to = next < 0 ? source.length : next;
  const whole = mutated(source, mutant).slice(from, to + after.length - (end - start));
  return `${path}:${line} ${kind}  ${oneLine(source.slice(from, to))} -> ${oneLine(whole)}`;
}
