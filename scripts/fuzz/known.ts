/** Intended differences: each kind with a reason. */
import type { Difference } from "./compare.ts";
import type { Evidence } from "./evidence.ts";
import { GRADIENTS } from "./known_gradients.ts";
import type { Known } from "./known_kind.ts";
import { REFUSALS } from "./known_refusals.ts";
import { VALUES } from "./known_values.ts";

/** All kinds; the first match applies. */
export const KNOWN: readonly Known[] = [...REFUSALS, ...GRADIENTS, ...VALUES];

/** Returns the kind of a difference, or null if it is unknown. */
export function kindOf(difference: Difference, evidence: Evidence): Known | null {
  return KNOWN.find((known) => known.is(difference, evidence)) ?? null;
}
