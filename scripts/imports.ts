/**
 * Finds the imports of a TypeScript module among its tokens, so that comments, texts, templates and regular expressions
 * cannot be taken for imports.
 *
 * @module
 */

import { type Token, tokensOf } from "./tokens.ts";

/** One import, re-export or `import()` of a module. */
export interface Import {
  /** The text between the quotes. */
  readonly specifier: string;
  /** The line that names it, from 1. */
  readonly line: number;
  /** `type` leaves no trace at run time, `value` is loaded with its importer, `dynamic` when it is asked for. */
  readonly kind: "type" | "value" | "dynamic";
}

/** The place of the specifier of the import or re-export whose first token after the keyword is at `start`, or -1. */
function specifierOf(tokens: readonly Token[], start: number): number {
  let i = start;
  if (tokens[i]?.text === "type" && tokens[i + 1]?.text !== "from") i++;
  for (; i < tokens.length && tokens[i]!.text !== ";"; i++) {
    const token = tokens[i]!;
    if (token.kind === "text") return tokens[i - 1]!.text === "from" || i === start ? i : -1;
    if (token.kind === "mark" && !"{},*".includes(token.text)) return -1;
    if (token.text === "}" && !["from", ","].includes(tokens[i + 1]?.text ?? "")) return -1;
  }
  return -1;
}

/** The imports of a module in the order of its text; `import()` of a computed specifier is left out. */
export function importsOf(source: string): Import[] {
  const tokens = tokensOf(source);
  const found: Import[] = [];
  tokens.forEach((token, i) => {
    if (token.kind !== "word" || (token.text !== "import" && token.text !== "export")) return;
    if (tokens[i - 1]?.text === ".") return;
    const next = tokens[i + 1];
    if (token.text === "import" && next?.text === "(") {
      const argument = tokens[i + 2];
      if (argument?.kind === "text") {
        found.push({ specifier: argument.text, line: token.line, kind: "dynamic" });
      }
      return;
    }
    const isReExport = next?.text === "*" || next?.text === "{" ||
      (next?.text === "type" && "{*".includes(tokens[i + 2]?.text ?? "x"));
    if (token.text === "export" && !isReExport) return;
    const place = specifierOf(tokens, i + 1);
    if (place < 0) return;
    const isType = next?.text === "type" && tokens[i + 2]?.text !== "from" && tokens[i + 2]?.text !== ",";
    found.push({ specifier: tokens[place]!.text, line: token.line, kind: isType ? "type" : "value" });
  });
  return found;
}
