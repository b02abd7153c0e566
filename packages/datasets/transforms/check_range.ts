/** Checks the arguments of transforms at construction. */
import { Image } from "../image.ts";

/**
 * Checks a range `[low, high]`.
 *
 * @throws {RangeError} If the range does not have two finite numbers in order within `[least, most]`.
 */
export function checkRange(
  name: string,
  option: string,
  range: readonly number[],
  [least, most]: readonly [number, number] = [-Infinity, Infinity],
): void {
  const [low = NaN, high = NaN] = range;
  const fits = range.length === 2 && Number.isFinite(low) && Number.isFinite(high);
  if (fits && low >= least && low <= high && high <= most) return;
  const kind = least === Number.MIN_VALUE
    ? "positive, finite numbers"
    : `finite numbers${Number.isFinite(least) ? ` within [${least}, ${most}]` : ""}`;
  throw new RangeError(
    `Cannot make ${name} as ${option} must be a range of two ${kind}: current ${option} is [${
      range.join(", ")
    }]`,
  );
}

/**
 * Checks that a number is an integer of at least `least`.
 *
 * @throws {RangeError} If the number is not such an integer.
 */
export function checkInteger(name: string, option: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(
    `Cannot make ${name} as ${option} must be an integer of at least ${least}: current ${option} is ${value}`,
  );
}

/** A gray pixel that constructors pass to functions, to have their arguments checked. */
export function onePixel(): Image {
  return new Image(1, 1, 1, new Uint8Array(1));
}
