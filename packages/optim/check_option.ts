/** Ranges of options. */

/** What a number has to be, apart from finite. */
export interface OptionRange {
  readonly min?: number;
  /** Not itself allowed. */
  readonly below?: number;
}

/**
 * Checks a number.
 *
 * @throws {RangeError} If it is NaN, infinite or outside of its range.
 */
export function checkOption(owner: string, name: string, value: number, range: OptionRange = {}): void {
  const { min = -Infinity, below = Infinity } = range;
  if (Number.isFinite(value) && value >= min && value < below) return;
  const bounds = below === Infinity
    ? min === -Infinity ? "" : ` of at least ${min}`
    : ` in [${min}, ${below})`;
  throw new RangeError(
    `Cannot use ${owner} as ${name} must be a finite number${bounds}: current ${name} is ${value}`,
  );
}
