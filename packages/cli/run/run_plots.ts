/** Pictures of a run: --plots. */
import { join } from "@std/path";
import { type Evaluation, type LabeledImages, plotConfusion, plotImages, plotLoss } from "@troodon/troodon";
import { readCurve } from "./curve.ts";

/** Names of the pictures in the folder of a run. */
export const PLOTS = ["loss.svg", "confusion.svg", "misclassified.svg"] as const;

/** Maximum number of images in the picture of misclassified ones. */
const MOST = 64;

/** Data of a run that are plotted. */
export interface PlottedRun {
  /** Folder of the run. */
  readonly path: string;
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Scores of the last epoch. */
  readonly evaluation: Evaluation;
  /** Scored images before transforms; null if their order differs. */
  readonly images: LabeledImages | null;
}

/**
 * Plots the losses of a run, its confusion matrix and the first misclassified images, if there are any. Returns the
 * files.
 */
export async function writePlots({ path, classes, evaluation, images }: PlottedRun): Promise<string[]> {
  const { confusion, misclassified, accuracy } = evaluation, [loss, matrix, wrong] = PLOTS;
  await plotLoss(await readCurve(path)).save(join(path, loss));
  await plotConfusion(confusion, { classes, title: `Test accuracy ${(100 * accuracy).toFixed(2)} %` })
    .save(join(path, matrix));
  if (misclassified.length === 0 || images === null) return [loss, matrix];
  const shown = misclassified.slice(0, MOST);
  await plotImages(shown.map(({ index }) => images.imageAt(index)), {
    titles: shown.map(({ prediction, truth }) => `${classes[truth]} as ${classes[prediction]}`),
    title: `${shown.length} of ${misclassified.length} misclassified: the class, and what was predicted`,
  }).save(join(path, wrong));
  return [loss, matrix, wrong];
}
