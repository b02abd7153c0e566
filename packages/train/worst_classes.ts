/** Finds the classes with the lowest recall. */
import type { Confusion } from "./metrics/scores.ts";

/** Class with misclassified samples. */
export interface WorstClass {
  /** Index of the class. */
  readonly label: number;
  /** Recall: the fraction of its samples that were classified correctly. */
  readonly recall: number;
  /** Number of samples of the class. */
  readonly count: number;
  /** Most frequent wrong prediction. */
  readonly takenFor: number;
  /** Number of samples with that prediction. */
  readonly taken: number;
}

/**
 * Returns the classes with the lowest recall, worst first, without classes that have no mistakes.
 *
 * @param confusion Confusion matrix `confusion[truth][prediction]`, as returned by {@linkcode evaluate}.
 * @param most Maximum number of classes; 3 by default.
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
