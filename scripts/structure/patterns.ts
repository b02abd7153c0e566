/** Places in the tokens of a module that look like a pattern. */
import type { Token } from "../tokens.ts";

/**
 * Texts of neighboring tokens; a regular expression stands for the texts that it matches, `TEXT` for a text between quotes
 * or the beginning of a template.
 */
export type Pattern = readonly (string | RegExp)[];

/** Stands in a {@linkcode Pattern} for a text between quotes, or for a template. */
export const TEXT = "text";

function fits(token: Token | undefined, part: string | RegExp): boolean {
  if (token === undefined) return false;
  // A template that substitutes begins with a bracket of its own.
  if (part === TEXT) return token.kind === "text" || token.text === "(";
  if (token.kind === "text") return false;
  return typeof part === "string" ? token.text === part : part.test(token.text);
}

/** The numbers of the tokens at which `pattern` begins. */
export function findPattern(tokens: readonly Token[], pattern: Pattern): number[] {
  return tokens.flatMap((_, at) => pattern.every((part, i) => fits(tokens[at + i], part)) ? [at] : []);
}
