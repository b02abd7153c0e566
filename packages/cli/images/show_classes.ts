/** Shows scores of classes as lines. */
import { formatConfusion, worstClasses } from "@troodon/troodon";
import { onOneLine } from "../flags/on_one_line.ts";
import type { Screen } from "../flags/screen.ts";

/** Maximum number of classes for which a terminal shows the confusion matrix. */
const READABLE = 30;

type Confusion = readonly (readonly number[])[];

/** Returns the confusion matrix with a heading, fitted to the window. */
export function showConfusion(
  confusion: Confusion,
  classes: readonly string[],
  screen: Screen | null,
): string[] {
  if (screen !== null && classes.length > READABLE) {
    return [`Confusion matrix: --json has it, of ${classes.length} classes`];
  }
  return [
    "Confusion matrix",
    "class downwards, predicted to the right",
    "",
    formatConfusion(confusion, classes.map(onOneLine), screen ?? {}),
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Lists the classes with the lowest recall; empty if there are no mistakes. */
export function showWorst(confusion: Confusion, classes: readonly string[]): string[] {
  const worst = worstClasses(confusion);
  if (worst.length === 0) return [];
  const lines = worst.map(({ label, recall, count, takenFor, taken }) =>
    onOneLine(
      `${classes[label]}: ${percent(recall)} of ${count} found, ${taken} taken for ${classes[takenFor]}`,
    )
  );
  return ["Least found", ...lines];
}

/** Lists the classes with the lowest recall on one line; null if there are no mistakes. */
export function worstLine(confusion: Confusion, classes: readonly string[]): string | null {
  const worst = worstClasses(confusion);
  if (worst.length === 0) return null;
  return onOneLine(
    `Least found: ${worst.map(({ label, recall }) => `${classes[label]} ${percent(recall)}`).join(", ")}`,
  );
}
