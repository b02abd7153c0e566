/** Misclassified images as lines and as pictures. */
import { formatImages, Image, type LabelledImages, type Misclassified } from "@troodon/troodon";
import { onOneLine } from "../flags/on_one_line.ts";
import type { Screen } from "../flags/screen.ts";

/** An image whose class was not found; its file, if it has one of its own. */
export interface Case extends Misclassified {
  readonly path?: string;
}

/** Images that have a line of their own, and pictures on a terminal, where nobody asks for more or fewer. */
const LINES = 20, PICTURES = 6;

/** Characters of a caption: as wide as a picture. */
const CAPTION = 24;

/** Lists misclassified images: their number, and a line for each of the first `limit`, 20 by default. */
export function showCases(
  cases: readonly Case[],
  classes: readonly string[],
  limit: number = LINES,
): string[] {
  const lines = cases.slice(0, limit).map(({ index, prediction, truth, path }) =>
    onOneLine(`${path ?? `index ${index}`}: predicted ${classes[prediction]}, is ${classes[truth]}`)
  );
  return [countOf(cases), ...lines, ...restOf(cases, lines.length, "shows more")];
}

/** Draws the first `limit` misclassified images, 6 by default, for a terminal. */
export function drawCases(
  cases: readonly Case[],
  classes: readonly string[],
  images: LabelledImages,
  screen: Screen,
  limit: number = PICTURES,
): string[] {
  const shown = cases.slice(0, limit);
  const captions = shown.map(({ index, prediction, truth, path }) => {
    const name = onOneLine(path ?? `index ${index}`), is = onOneLine(`is ${classes[truth]}`);
    const predicted = onOneLine(`predicted ${classes[prediction]}`), both = `${is}, ${predicted}`;
    // The end of a path says more than its beginning.
    const end = name.length > CAPTION ? `…${name.slice(1 - CAPTION)}` : name;
    return [end, ...(both.length <= CAPTION ? [both] : [is, predicted])];
  });
  const text = formatImages(shown.map(({ index }) => imageAt(images, index)), { ...screen, captions });
  return [
    countOf(cases),
    ...(shown.length > 0 ? ["", text] : []),
    ...restOf(cases, shown.length, "draws more"),
  ];
}

function imageAt({ images, width, height, channels }: LabelledImages, index: number): Image {
  const size = width * height * channels;
  return new Image(width, height, channels, images.subarray(index * size, (index + 1) * size));
}

const countOf = (cases: readonly Case[]): string => `${cases.length} misclassified`;

function restOf(cases: readonly Case[], shown: number, does: string): string[] {
  const rest = cases.length - shown;
  return rest > 0 ? [`... and ${rest} more: --limit N ${does}, --json has all`] : [];
}
