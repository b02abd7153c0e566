/** Options common to the small networks. */
import type { OptionKeys } from "@troodon/core/kernel";

/** Shapes of the images and of the logits of a small network. */
export interface ModelOptions {
  /** Number of channels of an image (default 1). */
  readonly channels?: number;
  /** Size of an image: `[rows, columns]`, or one number for both (default 28). */
  readonly size?: number | readonly [rows: number, columns: number];
  /** Number of classes (default 10). */
  readonly classes?: number;
}

/** The keys of {@linkcode ModelOptions}. */
export const MODEL_OPTIONS: OptionKeys<ModelOptions> = { channels: true, size: true, classes: true };

/**
 * Returns the rows and columns of images.
 *
 * @param name Class of the network, for errors.
 * @param wanted Words for the sizes that are allowed.
 * @throws {RangeError} If the network cannot take images of this size.
 */
export function readSize(
  name: string,
  size: NonNullable<ModelOptions["size"]>,
  allowed: (size: number) => boolean,
  wanted: string,
): readonly [rows: number, columns: number] {
  const both = typeof size === "number" ? [size, size] as const : size;
  if (both.length === 2 && both.every((n) => Number.isInteger(n) && allowed(n))) return both;
  throw new RangeError(
    `Cannot make ${name} as images must have ${wanted} rows and columns: current size is ${both.join(" x ")}`,
  );
}
