/** Lines of code of a program in TypeScript or Python, by one rule for both. */
import { tokensOf } from "../tokens.ts";

/** The language of a program. */
export type Language = "ts" | "py";

/** A line of a program that counts as code. */
export interface CodeLine {
  /** The number of the line, from 1. */
  readonly line: number;
  /** True where the line holds nothing but brackets and commas. */
  readonly bare: boolean;
}

interface Word {
  readonly line: number;
  readonly text: string;
  readonly mark: boolean;
}

const PYTHON = new RegExp(
  [
    /(?<comment>#[^\n]*)/,
    /(?<text>[A-Za-z]{0,2}(?:"""[^]*?"""|'''[^]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))/,
    /(?<word>[\p{ID_Start}_][\p{ID_Continue}]*|\d[\w.]*)/u,
    /(?<mark>\S)/,
  ].map((part) => part.source).join("|"),
  "gu",
);

const lineAt = (source: string, index: number): number => source.slice(0, index).split("\n").length;

/** The tokens of a Python program, without comments, docstrings and imports; a text of several lines is one token a line. */
function pythonWords(source: string): Word[] {
  const words: Word[] = [];
  let depth = 0, importing = false, last = 0;
  for (const match of source.matchAll(PYTHON)) {
    const { comment, text, mark } = match.groups!;
    if (comment !== undefined) continue;
    const line = lineAt(source, match.index);
    const begins = depth === 0 && line !== last;
    last = line + match[0].split("\n").length - 1;
    if (mark !== undefined && "([{".includes(mark)) depth++;
    if (mark !== undefined && ")]}".includes(mark)) depth--;
    if (begins) importing = /^(import|from)$/.test(match[0]);
    const alone = text !== undefined && begins &&
      /^\s*(#|\n|$)/.test(source.slice(match.index + text.length));
    if (importing || alone) continue;
    for (let at = line; at <= last; at++) words.push({ line: at, text: match[0], mark: mark !== undefined });
  }
  return words;
}

/** The tokens of a TypeScript program, without comments and imports. */
function typescriptWords(source: string): Word[] {
  const tokens = tokensOf(source);
  const words: Word[] = [];
  let importing = false;
  tokens.forEach((token, i) => {
    if (token.kind === "word" && token.text === "import" && !/^[.(]$/.test(tokens[i + 1]?.text ?? "")) {
      importing = true;
    }
    if (!importing) {
      const last = token.line + (token.kind === "text" ? token.text.split("\n").length - 1 : 0);
      for (let line = token.line; line <= last; line++) {
        words.push({ line, text: token.text, mark: token.kind === "mark" });
      }
    }
    if (importing && token.text === ";") importing = false;
  });
  return words;
}

/**
 * The lines of a program that are code: all but blank lines, comments, imports and docstrings.
 *
 * @param source The program, as the formatter of its language leaves it.
 */
export function codeLines(source: string, language: Language): CodeLine[] {
  const bare = new Map<number, boolean>();
  for (const { line, text, mark } of language === "ts" ? typescriptWords(source) : pythonWords(source)) {
    bare.set(line, (bare.get(line) ?? true) && mark && "()[]{},;".includes(text));
  }
  return [...bare].map(([line, bare]) => ({ line, bare })).sort((a, b) => a.line - b.line);
}
