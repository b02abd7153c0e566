/** Misclassified images as lines. */
import type { Misclassified } from "@troodon/troodon";
import { onOneLine } from "../flags/on_one_line.ts";

/** An image whose class was not found; its file, if it has one of its own. */
export interface Case extends Misclassified {
  readonly path?: string;
}

/** The most images that have a line of their own. */
const SHOWN = 20;

/** Lists misclassified images: their number, and a line for each of the first. */
export function showCases(cases: readonly Case[], classes: readonly string[]): string[] {
  const lines = cases.slice(0, SHOWN).map(({ index, prediction, truth, path }) =>
    onOneLine(`${path ?? `index ${index}`}: predicted ${classes[prediction]}, is ${classes[truth]}`)
  );
  const rest = cases.length - lines.length;
  return [
    `${cases.length} misclassified`,
    ...lines,
    ...(rest > 0 ? [`... and ${rest} more: --json has all`] : []),
  ];
}
