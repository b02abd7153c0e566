/** Differences that are meant: each kind with a reason. */
import type { Difference } from "./compare.ts";
import type { Program } from "./program.ts";

/** A kind of differences. */
export interface Known {
  /** What it is, in a few words. */
  readonly kind: string;
  /** Why, and where it is written down. */
  readonly reason: string;
  /** Whether a difference is of the kind. */
  is(difference: Difference, program: Program): boolean;
}

/** All kinds. */
export const KNOWN: readonly Known[] = [];

/** The kind of a difference, or null. */
export function kindOf(program: Program, difference: Difference): Known | null {
  return KNOWN.find((known) => known.is(difference, program)) ?? null;
}
