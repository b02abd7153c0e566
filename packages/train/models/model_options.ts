/** What all models of this package ask for. */
import type { OptionKeys } from "@troodon/core/kernel";

/** Shapes of what goes in and what comes out. */
export interface ModelOptions {
  /** Channels of an image; 1 by default. */
  readonly channels?: number;
  /** Rows and columns of an image; 28 by default. */
  readonly size?: number;
  /** Number of classes; 10 by default. */
  readonly classes?: number;
}

/** The keys of {@linkcode ModelOptions}. */
export const MODEL_OPTIONS: OptionKeys<ModelOptions> = { channels: true, size: true, classes: true };

/** Refuses images that a convolutional network cannot take. */
export function checkSize(
  name: string,
  size: number,
  allowed: (size: number) => boolean,
  wanted: string,
): void {
  if (Number.isInteger(size) && allowed(size)) return;
  throw new RangeError(`Cannot make ${name} as images must have ${wanted} rows: current size is ${size}`);
}
