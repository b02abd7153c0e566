/** Confusion matrices as text. */
import { type OptionKeys, readOptions } from "@troodon/core/kernel";
import { styled } from "./terminal/ansi.ts";

/** Options of {@linkcode formatConfusion}. */
export interface FormatConfusionOptions {
  /** Maximum line width in characters; a matrix that is wider is split into several tables. Unlimited by default. */
  readonly columns?: number;
  /** True to color mistakes by terminal escape codes; false by default. */
  readonly color?: boolean;
}
const FORMAT_CONFUSION_OPTIONS: OptionKeys<FormatConfusionOptions> = { columns: true, color: true };

/**
 * The matrix with its classes: truth downwards, prediction to the right.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { formatConfusion } from "@troodon/train";
 *
 * const text = formatConfusion([[9, 1], [0, 10]], ["cat", "dog"]);
 * assertEquals(text.split("\n"), ["     cat  dog", "cat    9    1", "dog    0   10"]);
 * ```
 */
export function formatConfusion(
  confusion: readonly (readonly number[])[],
  classes?: readonly string[],
  options?: FormatConfusionOptions,
): string {
  const { columns = Infinity, color = false } = readOptions(
    "formatConfusion()",
    options,
    FORMAT_CONFUSION_OPTIONS,
  );
  const names = confusion.map((_, i) => classes?.[i] ?? String(i)), room = Math.floor(columns / 2);
  const label = Math.max(0, ...names.map((name) => name.length));
  const first = Math.min(label, Math.max(1, room));
  const widths = names.map((name, j) =>
    Math.min(Math.max(name.length, ...confusion.map((row) => String(row[j] ?? "").length)), Math.max(1, room))
  );
  const cell = (i: number, j: number): string => {
    const count = confusion[i]![j] ?? 0, text = String(count).padStart(widths[j]!);
    return i === j ? styled(text, "green", color) : styled(text, count > 0 ? "red" : "dim", color);
  };
  const tables: string[] = [];
  for (let start = 0; start < names.length;) {
    let end = start, width = first;
    while (end < names.length && (end === start || width + 2 + widths[end]! <= columns)) {
      width += 2 + widths[end++]!;
    }
    const shown = names.map((_, j) => j).slice(start, end);
    const head = shown.map((j) => names[j]!.slice(0, widths[j]!).padStart(widths[j]!));
    tables.push([
      ["".padEnd(first), ...head].join("  "),
      ...names.map((name, i) =>
        [name.slice(0, first).padEnd(first), ...shown.map((j) => cell(i, j))].join("  ")
      ),
    ].join("\n"));
    start = end;
  }
  return tables.join("\n\n");
}
