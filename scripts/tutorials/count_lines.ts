/**
 * Prints how many lines of code the tutorials' programs have, beside those of PyTorch: the table of
 * `docs/tutorials/README.md`. `deno run -A scripts/tutorials/count_lines.ts`.
 *
 * @module
 */

import { codeLines, type Language } from "./code_lines.ts";
import { type Page, readPages } from "./pages.ts";

/** Counts the lines of code in the programs of a tutorial, over all of its pages. */
function countOf(pages: readonly Page[], language: Language): [all: number, words: number] {
  const programs = new Map(
    pages.flatMap(({ programs }) => programs.map((program) => [program.path, program])),
  );
  const lines = [...programs.values()].filter((program) => program.language === language)
    .flatMap(({ source }) => codeLines(source, language));
  return [lines.length, lines.filter(({ bare }) => !bare).length];
}

/** The table as Markdown, as the formatter leaves it. */
export function lineTable(pages: readonly Page[]): string {
  const head = ["tutorial", "Troodon", "PyTorch", "Troodon, without brackets alone", "PyTorch, likewise"];
  const tutorials = Map.groupBy(pages, ({ name }) => name.split("/")[0]!);
  const rows = [...tutorials].map(([name, pages]) => {
    const [ours, oursWords] = countOf(pages, "ts"), [theirs, theirsWords] = countOf(pages, "py");
    return [`[${name}](${name}.md)`, ...[ours, theirs, oursWords, theirsWords].map(String)];
  });
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

if (import.meta.main) console.log(lineTable(await readPages()));
