/** Comma-separated values (RFC 4180). */
import { type OptionKeys, readOptions } from "@troodon/core/kernel";

/** Options of {@linkcode parseCsv}. */
export interface CsvOptions {
  /** Character between fields (default `,`). */
  readonly separator?: string;
  /** Name of the text in errors (default `the CSV text`). */
  readonly name?: string;
}
const CSV_OPTIONS: OptionKeys<CsvOptions> = { separator: true, name: true };

/**
 * Fields by row. Quoted fields may hold separators, line breaks and doubled quotes; lines end with LF or CRLF; a byte
 * order mark and empty lines are skipped; a line with an empty field in quotes is a row.
 *
 * @throws {TypeError} If a quote is not closed, or stands within a field that is not quoted.
 * @throws {RangeError} If the separator is not one character, or a quote or line break.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseCsv } from "@troodon/datasets";
 *
 * assertEquals(parseCsv('a,b\r\n1,"x, ""y"""\r\n'), [["a", "b"], ["1", 'x, "y"']]);
 * ```
 */
export function parseCsv(text: string, options: CsvOptions = {}): string[][] {
  options = readOptions("parseCsv()", options, CSV_OPTIONS);
  const { separator = ",", name = "the CSV text" } = options;
  if (separator.length !== 1 || '"\r\n'.includes(separator)) {
    throw new RangeError(
      `Cannot parse CSV as the separator must be one character, no quote or line break: current separator is ${
        JSON.stringify(separator)
      }`,
    );
  }
  const rows: string[][] = [];
  let row: string[] = [];
  let line = 1;
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length;) {
    let field: string;
    const isQuoted = text[at] === '"';
    if (isQuoted) {
      const opened = line;
      let value = "";
      for (let from = at + 1;;) {
        const quote = text.indexOf('"', from);
        if (quote < 0) throw new TypeError(`Cannot read ${name}: the quote in line ${opened} is not closed`);
        value += text.slice(from, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        value += '"';
        from = at + 1;
      }
      line += value.split("\n").length - 1;
      if (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") {
        throw new TypeError(`Cannot read ${name}: text follows a quoted field in line ${line}`);
      }
      field = value;
    } else {
      let end = at;
      while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
      field = text.slice(at, end);
      if (field.includes('"')) {
        throw new TypeError(`Cannot read ${name}: a quote stands within a field in line ${line}`);
      }
      at = end;
    }
    row.push(field);
    if (text[at] === separator) {
      at++;
      // A separator at the very end has an empty field behind it.
      if (at < text.length) continue;
      row.push("");
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (row.length > 1 || row[0] !== "" || isQuoted) rows.push(row);
    row = [];
  }
  return rows;
}
