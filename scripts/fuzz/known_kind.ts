/** Kinds of intended differences, and how to recognize them. */
import type { Aspect, Difference } from "./compare.ts";
import type { Evidence } from "./evidence.ts";
import type { Outcome, Shown } from "./program.ts";

/** Kind of intended difference. */
export interface Known {
  /** Short name of the kind. */
  readonly kind: string;
  /** Reason for the difference, and where it is documented. */
  readonly reason: string;
  /** Returns true if a difference is of this kind. */
  is(difference: Difference, evidence: Evidence): boolean;
}

/** Creates a kind from an aspect, a pattern of names (`of`), and a pattern of messages (`says`). */
export const kind = (
  name: string,
  reason: string,
  aspect: Aspect,
  { of, says }: { readonly of?: RegExp; readonly says?: RegExp } = {},
): Known => ({
  kind: name,
  reason,
  is: (d) => d.aspect === aspect && (of?.test(d.of) ?? true) && (says?.test(saidOf(d)) ?? true),
});

/** Returns the message of a refusal, or the difference of the values. */
export function saidOf({ aspect, here, there, detail }: Difference): string {
  const outcome = aspect === "refused there" ? there : here;
  return "e" in outcome ? outcome.e : detail;
}

/** Returns the value of an outcome; null for a refusal. */
export const shownOf = (outcome: Outcome): Shown => "y" in outcome ? outcome.y : null;

/** Returns true if numbers agree to three digits. */
export const near = (x: number, y: number): boolean =>
  Number.isFinite(y) && Math.abs(x - y) <= 1e-3 * Math.max(1, Math.abs(y));

/** Changes to values that PyTorch saves but the gradient does not read, or reads unchanged. */
export const CHANGED: Known = kind(
  "changed, but not read",
  "PyTorch refuses backward() as a saved value changed; here only what the gradient reads counts (docs/views.md). Values are compared with those of PyTorch with copies",
  "refused there",
  { says: /modified by an inplace operation/ },
);
