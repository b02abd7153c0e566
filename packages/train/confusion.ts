/** Confusion matrices as text. */

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
  classes: readonly string[] = confusion.map((_, i) => String(i)),
): string {
  const cells = [
    ["", ...classes],
    ...confusion.map((row, i) => [classes[i] ?? String(i), ...row.map(String)]),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  return cells.map((row) =>
    row.map((cell, i) => i === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[i]!)).join("  ")
  ).join("\n");
}
