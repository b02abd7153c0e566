/**
 * Splits a TypeScript module into tokens with a small scanner.
 *
 * @module
 */

/** A word, a text between quotes, or one character of anything else. */
export interface Token {
  /** A text is the text between the quotes, empty for a regular expression; a template that substitutes gives the mark `(`. */
  readonly kind: "word" | "text" | "mark";
  /** The token as it is written, texts without their quotes. */
  readonly text: string;
  /** The line in which the token begins, from 1. */
  readonly line: number;
}

const TOKEN = new RegExp(
  [
    /(?<comment>\/\/[^\n]*|\/\*[^]*?\*\/)/,
    /(?<text>"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*')/,
    /(?<word>#?[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*)/u,
    /(?<regex>\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^[/\\\n])+\/[a-z]*)/,
    /(?<mark>\S)/,
  ].map((part) => part.source).join("|"),
  "yu",
);

/** Words after which a slash starts a regular expression, as it does after most marks. */
const BEFORE_REGEX = new Set([
  "return",
  "typeof",
  "case",
  "in",
  "of",
  "do",
  "else",
  "void",
  "delete",
  "await",
  "yield",
]);

function startsRegex(previous: Token | undefined, line: number): boolean {
  if (previous === undefined) return true;
  if (previous.kind === "word") return BEFORE_REGEX.has(previous.text);
  if (previous.kind === "text" || previous.text === ")" || previous.text === "]") return false;
  return previous.text !== "}" || previous.line < line;
}

/** Skips the characters of a template up to its end (null) or to the `${` of a substitution. */
function templateText(source: string, start: number): { end: number; substitutes: boolean } {
  for (let i = start; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "`") return { end: i + 1, substitutes: false };
    else if (source[i] === "$" && source[i + 1] === "{") return { end: i + 2, substitutes: true };
  }
  return { end: source.length, substitutes: false };
}

/** The tokens of a TypeScript module in their order, without comments. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const templateDepths: number[] = [];
  let depth = 0, line = 1, at = 0;
  const advance = (end: number): void => {
    for (let i = at; i < end; i++) if (source[i] === "\n") line++;
    at = end;
  };
  const readTemplate = (): void => {
    const from = at + 1, first = line;
    const { end, substitutes } = templateText(source, from);
    if (substitutes) templateDepths.push(depth++);
    advance(end);
    const text = substitutes ? "" : source.slice(from, end - 1);
    tokens.push({ kind: substitutes ? "mark" : "text", text: substitutes ? "(" : text, line: first });
  };
  while (at < source.length) {
    if (/\s/.test(source[at]!)) {
      advance(at + 1);
      continue;
    }
    if (source[at] === "`") {
      readTemplate();
      continue;
    }
    if (source[at] === "}" && templateDepths.at(-1) === depth - 1) {
      depth = templateDepths.pop()!;
      readTemplate();
      continue;
    }
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(source)?.groups ?? {};
    const { comment, text, word, regex } = groups;
    if (comment === undefined) {
      if (text !== undefined) tokens.push({ kind: "text", text: text.slice(1, -1), line });
      else if (word !== undefined) tokens.push({ kind: "word", text: word, line });
      else if (regex !== undefined && startsRegex(tokens.at(-1), line)) {
        tokens.push({ kind: "text", text: "", line });
      } else {
        const mark = source[at]!;
        if (mark === "{") depth++;
        if (mark === "}") depth--;
        tokens.push({ kind: "mark", text: mark, line });
        advance(at + 1);
        continue;
      }
    }
    advance(TOKEN.lastIndex > at ? TOKEN.lastIndex : at + 1);
  }
  return tokens;
}
