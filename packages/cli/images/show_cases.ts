/** Shows misclassified images as lines and pictures. */
import { formatImages, Image, type LabeledImages, type Misclassified } from "@troodon/troodon";
import { onOneLine } from "../flags/on_one_line.ts";
import type { Screen } from "../flags/screen.ts";

/** Misclassified image, with its file if it has one. */
export interface Case extends Misclassified {
  readonly path?: string;
}

/** Default number of images with a line, and with a picture. */
const LINES = 20, PICTURES = 6;

/** Lists misclassified images: their number, and a line for each of the first `limit`, 20 by default. */
export function showCases(
  cases: readonly Case[],
  classes: readonly string[],
  limit: number = LINES,
): string[] {
  const lines = cases.slice(0, limit).map(({ index, prediction, truth, path }) =>
    onOneLine(`${path ?? `index ${index}`}: predicted ${classes[prediction]}, is ${classes[truth]}`)
  );
  const rest = cases.length - lines.length;
  return [countOf(cases), ...lines, ...(rest > 0 ? [`... and ${rest} more: ${moreBy("shows")}`] : [])];
}

/** Draws the first `limit` misclassified images, 6 by default, for a terminal. */
export function drawCases(
  cases: readonly Case[],
  classes: readonly string[],
  images: LabeledImages,
  screen: Screen,
  limit: number = PICTURES,
): string[] {
  const shown = cases.slice(0, limit), rest = cases.length - shown.length;
  const captions = shown.map(({ index, prediction, truth, path }) => {
    const said = `is ${classes[truth]}, predicted ${classes[prediction]}`;
    return [onOneLine(path ?? `index ${index}`), onOneLine(said)];
  });
  const text = formatImages(shown.map(({ index }) => imageAt(images, index)), { ...screen, captions });
  return [
    countOf(cases),
    ...(shown.length > 0 ? ["", text] : []),
    ...(rest > 0 ? ["", `... and ${rest} more`, moreBy("draws")] : []),
  ];
}

function imageAt({ images, width, height, channels }: LabeledImages, index: number): Image {
  const size = width * height * channels;
  return new Image(width, height, channels, images.subarray(index * size, (index + 1) * size));
}

const countOf = (cases: readonly Case[]): string => `${cases.length} misclassified`;

const moreBy = (does: string): string => `--limit N ${does} more, --json has all`;
