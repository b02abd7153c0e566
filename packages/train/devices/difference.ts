/** Differences between the results of two devices, and how large they may be. */
import { type DType, isFloating } from "@troodon/core";

/** The relative difference that results of each type of elements may have; 0 for the others. */
export const TOLERANCES: Readonly<Partial<Record<DType, number>>> = {
  float64: 1e-9,
  float32: 1e-4,
  float16: 4e-3,
  bfloat16: 3e-2,
};

/** The spacing of numbers near 1, by which sums of large numbers may differ. */
const SPACINGS: Readonly<Partial<Record<DType, number>>> = {
  float64: 2 ** -52,
  float32: 2 ** -23,
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
};

/** An element in which the results of two devices part. */
export interface WorstElement {
  /** Number of the element in row-major order. */
  readonly at: number;
  /** The element on the device that leads. */
  readonly expected: number;
  /** The element on the other device. */
  readonly found: number;
  /** The difference that is allowed there. */
  readonly allowed: number;
  /** Count of the elements that part. */
  readonly count: number;
}

/** The largest magnitude of the finite numbers among `values`. */
export function largest(values: ArrayLike<number | bigint>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(Number(values[i]));
    if (size > most && size !== Infinity) most = size;
  }
  return most;
}

/** Facts of a call that the tolerance for its results depends on. */
export interface Comparison {
  /** Type of the elements. */
  readonly dtype: DType;
  /** The largest magnitude among the elements of the inputs. */
  readonly inputs: number;
  /** True for calls that add up elements, whose rounding errors follow from the inputs. */
  readonly sums: boolean;
  /** The relative difference that is allowed. */
  readonly tolerance: number;
}

/**
 * The element with the largest difference in proportion to what is allowed; null if all differences are allowed. Allowed is
 * the tolerance times the larger one of the two elements, and for rounding a share of the largest element and, as sums may
 * cancel out, of the largest input. Elements of integers and booleans, infinities and NaN must be the same.
 */
export function worstElement(
  expected: ArrayLike<number | bigint>,
  found: ArrayLike<number | bigint>,
  { dtype, inputs, sums, tolerance }: Comparison,
): WorstElement | null {
  const floating = isFloating(dtype), spacing = SPACINGS[dtype] ?? 0;
  const rounding = floating ? largest(expected) * tolerance / 16 + inputs * spacing * (sums ? 32 : 1) : 0;
  let at = -1, worst = 0, allowedThere = 0, count = 0;
  for (let i = 0; i < expected.length; i++) {
    if (expected[i] === found[i]) continue;
    const a = Number(expected[i]), b = Number(found[i]);
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    const allowed = floating ? tolerance * Math.max(Math.abs(a), Math.abs(b)) + rounding : 0;
    const difference = Math.abs(a - b), finite = Number.isFinite(difference);
    // Integers beyond 2^53 may differ and be the same number.
    if (floating && finite && difference <= allowed) continue;
    count++;
    const share = finite ? difference / allowed : Infinity;
    if (at >= 0 && !(share > worst)) continue;
    [at, worst, allowedThere] = [i, share, finite ? allowed : 0];
  }
  if (at < 0) return null;
  return { at, expected: Number(expected[at]), found: Number(found[at]), allowed: allowedThere, count };
}
