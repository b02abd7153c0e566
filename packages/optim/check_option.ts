/** Ranges of options. */
import { showValue } from "@troodon/core/kernel";

/** What a number has to be, apart from finite. */
export interface OptionRange {
  readonly min?: number;
  /** Not itself allowed. */
  readonly above?: number;
  readonly max?: number;
  /** Not itself allowed. */
  readonly below?: number;
}

/**
 * Checks a number.
 *
 * @throws {RangeError} If it is NaN, infinite or outside of its range.
 */
export function checkOption(owner: string, name: string, value: number, range: OptionRange = {}): void {
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity } = range;
  if (Number.isFinite(value) && value >= min && value > above && value <= max && value < below) return;
  throw new RangeError(
    `Cannot use ${owner} as ${name} must be a finite number${showRange(range)}: current ${name} is ${value}`,
  );
}

/** " of at least 0", " above 0", " in (0, 1]", or nothing. */
function showRange({ min, above, max, below }: OptionRange): string {
  const [low, high] = [min ?? above, max ?? below];
  if (low === undefined) {
    return high === undefined ? "" : ` ${max === undefined ? "below" : "of at most"} ${high}`;
  }
  if (high === undefined) return ` ${min === undefined ? "above" : "of at least"} ${low}`;
  return ` in ${min === undefined ? "(" : "["}${low}, ${high}${max === undefined ? ")" : "]"}`;
}

/**
 * Checks a number of steps or of things.
 *
 * @throws {RangeError} If it is not an integer of at least `min`.
 */
export function checkCount(owner: string, name: string, value: number, min = 1): void {
  if (Number.isInteger(value) && value >= min) return;
  const wanted = min === 1 ? "a positive integer" : `an integer of at least ${min}`;
  throw new RangeError(`Cannot use ${owner} as ${name} must be ${wanted}: current ${name} is ${value}`);
}

/**
 * Checks an option that is a list of numbers.
 *
 * @throws {TypeError} If it is not a list of `length` items.
 */
export function checkList(owner: string, name: string, value: unknown, length?: number): void {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return;
  const wanted = length === undefined ? "a list of numbers" : `a list of ${length} numbers`;
  throw new TypeError(
    `Cannot use ${owner} as ${name} must be ${wanted}: current ${name} is ${showValue(value)}`,
  );
}

/**
 * Checks the decay rates of Adam and its relatives.
 *
 * @throws {RangeError} If one is not in [0, 1).
 * @throws {TypeError} If it is not a pair of numbers.
 */
export function checkBetas(owner: string, betas: readonly [number, number]): void {
  checkList(owner, "betas", betas, 2);
  betas.forEach((beta, i) => checkOption(owner, `betas[${i}]`, beta, { min: 0, below: 1 }));
}

/**
 * Checks a name.
 *
 * @throws {RangeError} If it is none of those known.
 */
export function checkChoice(owner: string, name: string, value: unknown, known: readonly unknown[]): void {
  if (known.includes(value)) return;
  const names = known.map((choice) => choice === null ? "null" : `"${choice}"`).join(" or ");
  throw new RangeError(`Cannot use ${owner} as ${name} must be ${names}: current ${name} is ${value}`);
}

/**
 * Checks an option that is a function.
 *
 * @throws {TypeError} If it is not a function.
 */
export function checkFunction(owner: string, name: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(
    `Cannot use ${owner} as ${name} must be a function: current one is ${showValue(value)}`,
  );
}
