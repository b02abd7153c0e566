/** The name that somebody meant who wrote another. */

/**
 * The name that was meant: the same in snake case or other capitals, one whose initials are written, or one of which few
 * letters differ.
 */
export function nearest(name: string, known: readonly string[]): string | null {
  const plain = (text: string): string => text.replaceAll(/[_-]/g, "").toLowerCase();
  const initials = name.replace(/^./, (c) => c.toUpperCase()).replaceAll(/[^A-Z]/g, "").toLowerCase();
  const same = known.find((other) => plain(other) === plain(name)) ??
    known.find((other) => initials.length > 1 && other === initials);
  if (same !== undefined) return same;
  const distances = known.map((other) => editDistance(plain(name), plain(other)));
  const least = Math.min(...distances), found = known[distances.indexOf(least)];
  const shorter = Math.min(name.length, found?.length ?? 0);
  return found !== undefined && least <= Math.floor(shorter / 3) ? found : null;
}

/** Letters to insert, drop or replace, or neighbors to swap, to make one word of the other. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        ? rows[i - 2]![j - 2]! + 1
        : Infinity;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, change, swap));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
