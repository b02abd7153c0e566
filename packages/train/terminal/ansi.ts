/** Text for terminals: colors, widths and line breaks. */

/** Style of text on a terminal. */
export type TextStyle = "bold" | "dim" | "green" | "red" | "cyan";

/** Codes of ECMA-48, "select graphic rendition". */
const CODES: Readonly<Record<TextStyle, number>> = { bold: 1, dim: 2, green: 32, red: 31, cyan: 36 };

/** Matches an escape sequence that changes the style of text. */
const STYLES = /\p{Cc}\[[\d;]*m/gu;

/** Returns `text` in a style if `color` is true, or else unchanged. */
export function styled(text: string, style: TextStyle, color: boolean): string {
  return color && text !== "" ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text;
}

/** Returns the width of text in columns, without escape sequences. */
export function visibleWidth(text: string): number {
  return [...text.replace(STYLES, "")].length;
}

/** Cuts text after `columns` columns; escape sequences are kept, and reset at the cut. */
export function cutText(text: string, columns: number): string {
  if (visibleWidth(text) <= columns) return text;
  let width = 0, cut = "";
  for (const part of text.split(/(\p{Cc}\[[\d;]*m)/u)) {
    if (part.startsWith("\x1b[")) {
      cut += part;
      continue;
    }
    const kept = [...part].slice(0, columns - width);
    width += kept.length;
    cut += kept.join("");
    if (width >= columns) break;
  }
  return text.includes("\x1b[") ? `${cut}\x1b[0m` : cut;
}

/** Joins words into lines of at most `columns` columns, with a gap between them; two spaces by default. */
export function wrapWords(words: readonly string[], columns: number, gap: string = "  "): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && visibleWidth(line) + gap.length + visibleWidth(word) > columns) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : gap + word;
  }
  return line === "" ? lines : [...lines, line];
}

/** Places blocks of lines side by side, each `widths[i]` columns wide, with two spaces between them. */
export function sideBySide(blocks: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(0, ...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, row) =>
    blocks.map((block, i) => {
      const line = cutText(block[row] ?? "", widths[i]!);
      return line + " ".repeat(widths[i]! - visibleWidth(line));
    }).join("  ").trimEnd());
}
