/** Tables in Markdown. */

/** A table; all columns but the first `left` have their numbers at the right. */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { left = 1 }: { readonly left?: number } = {},
): string {
  const widths = heads.map((head, i) => Math.max(3, head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${
      cells.map((cell, i) => i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join(" | ")
    } |`;
  const rule = widths.map((width, i) => i < left ? "-".repeat(width) : `${"-".repeat(width - 1)}:`);
  return [line(heads), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}

/** Three digits, and no exponent: "0.00123", "12.3", "1230"; "-" where there is no number. */
export function digits(x: number | null | undefined): string {
  if (x === null || x === undefined || !Number.isFinite(x) || x === 0) return "-";
  const places = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(x))));
  return x.toFixed(Math.min(places, 8));
}

/** Bytes in units of 1024. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  for (; bytes >= 1024 && unit < units.length - 1; unit++) bytes /= 1024;
  return `${unit === 0 ? bytes : digits(bytes)} ${units[unit]}`;
}
