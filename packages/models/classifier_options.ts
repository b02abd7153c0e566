/** Options common to all image classifiers. */
import type { OptionKeys } from "@troodon/core/kernel";

/** Options of an image classifier. */
export interface ClassifierOptions {
  /** Number of classes (default 1000, those of ImageNet). */
  readonly numClasses?: number;
  /** Number of channels of the images (default 3). */
  readonly inChannels?: number;
}

/** The keys of {@linkcode ClassifierOptions}. */
export const CLASSIFIER_OPTIONS: OptionKeys<ClassifierOptions> = { numClasses: true, inChannels: true };

/** Options of an image classifier with dropout. */
export interface DropoutClassifierOptions extends ClassifierOptions {
  /** Dropout probability before the last layers. */
  readonly dropout?: number;
}

/** The keys of {@linkcode DropoutClassifierOptions}. */
export const DROPOUT_CLASSIFIER_OPTIONS: OptionKeys<DropoutClassifierOptions> = {
  ...CLASSIFIER_OPTIONS,
  dropout: true,
};
