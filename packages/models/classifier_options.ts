/** Options that all image classifiers have. */
import type { OptionKeys } from "@troodon/core/kernel";

/** Options of a classifier of images. */
export interface ClassifierOptions {
  /** Number of classes (default 1000, those of ImageNet). */
  readonly numClasses?: number;
  /** Channels of the images (default 3). */
  readonly inChannels?: number;
}

/** The keys of {@linkcode ClassifierOptions}. */
export const CLASSIFIER_OPTIONS: OptionKeys<ClassifierOptions> = { numClasses: true, inChannels: true };

/** Options of a classifier of images with dropout. */
export interface DropoutClassifierOptions extends ClassifierOptions {
  /** Part of the units in front of the last layers that is left out while training. */
  readonly dropout?: number;
}

/** The keys of {@linkcode DropoutClassifierOptions}. */
export const DROPOUT_CLASSIFIER_OPTIONS: OptionKeys<DropoutClassifierOptions> = {
  ...CLASSIFIER_OPTIONS,
  dropout: true,
};
