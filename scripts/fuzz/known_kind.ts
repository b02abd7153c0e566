/** Kinds of differences that are meant, and how they are told. */
import type { Aspect, Difference } from "./compare.ts";
import type { Evidence } from "./evidence.ts";
import type { Outcome, Shown } from "./program.ts";

/** A kind of differences. */
export interface Known {
  /** What it is, in a few words. */
  readonly kind: string;
  /** Why, and where it is written down. */
  readonly reason: string;
  /** Whether a difference is of the kind. */
  is(difference: Difference, evidence: Evidence): boolean;
}

/** A kind by an aspect, names, and what the refusal of one side, or else the difference, says. */
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

/** What a refusal says, or how values differ. */
export function saidOf({ aspect, here, there, detail }: Difference): string {
  const outcome = aspect === "refused there" ? there : here;
  return "e" in outcome ? outcome.e : detail;
}

/** The value of an outcome; null of a refusal. */
export const shownOf = (outcome: Outcome): Shown => "y" in outcome ? outcome.y : null;

/** Whether numbers agree to three digits. */
export const near = (x: number, y: number): boolean =>
  Number.isFinite(y) && Math.abs(x - y) <= 1e-3 * Math.max(1, Math.abs(y));

/** Changes of what PyTorch saves and the gradient does not read, or reads as it was. */
export const CHANGED: Known = kind(
  "changed, but not read",
  "PyTorch refuses backward() as a saved value changed; here only what the gradient reads counts (docs/views.md). Values are compared with those of PyTorch with copies",
  "refused there",
  { says: /modified by an inplace operation/ },
);
