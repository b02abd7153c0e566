/**
 * Finds the imports of a TypeScript module with a small scanner, so that comments, texts, templates and regular expressions
 * cannot be taken for imports.
 *
 * @module
 */

/** One import, re-export or `import()` of a module. */
export interface Import {
  /** The text between the quotes. */
  readonly specifier: string;
  /** The line that names it, from 1. */
  readonly line: number;
  /** `type` leaves no trace at run time, `value` is loaded with its importer, `dynamic` when it is asked for. */
  readonly kind: "type" | "value" | "dynamic";
}

interface Token {
  readonly kind: "word" | "text" | "mark";
  readonly text: string;
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

function tokensOf(source: string): Token[] {
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
