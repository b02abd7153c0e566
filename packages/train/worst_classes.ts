/** Classes whose samples a classifier misses most. */
import type { Confusion } from "./metrics/scores.ts";

/** A class whose samples were not all found. */
export interface WorstClass {
  /** The class. */
  readonly label: number;
  /** Share of its samples that were found. */
  readonly recall: number;
  /** Number of its samples. */
  readonly count: number;
  /** The class that it was most often taken for. */
  readonly takenFor: number;
  /** Number of its samples that were. */
  readonly taken: number;
}

/**
 * Returns the classes with the lowest recall, the worst first; those without a mistake are left out.
 *
 * @param confusion `confusion[truth][prediction]`, as of {@linkcode evaluate}.
 * @param most Classes at most; 3 by default.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { worstClasses } from "@troodon/train";
 *
 * const [worst] = worstClasses([[9, 1, 0], [0, 10, 0], [0, 2, 6]]);
 * assertEquals(worst, { label: 2, recall: 0.75, count: 8, takenFor: 1, taken: 2 });
 * ```
 */
export function worstClasses(confusion: Confusion, most = 3): WorstClass[] {
  const missed = confusion.map((row, label): WorstClass => {
    const count = row.reduce((sum, n) => sum + n, 0);
    const others = row.map((n, j) => j === label ? -1 : n), taken = Math.max(0, ...others);
    return { label, recall: (row[label] ?? 0) / count, count, takenFor: others.indexOf(taken), taken };
  });
  return missed.filter(({ recall }) => recall < 1).sort((a, b) => a.recall - b.recall).slice(0, most);
}
