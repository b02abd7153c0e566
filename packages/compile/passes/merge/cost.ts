/** Decides which maps may be calculated more than once. */
import type { ScalarFunction } from "@troodon/core";
import { type MapCall, sizeOf } from "@troodon/core/kernel";
import type { MapLaunch } from "./parts.ts";

/** Functions of one or few instructions. */
const CHEAP: ReadonlySet<ScalarFunction> = new Set<ScalarFunction>([
  ...["add", "sub", "mul", "min", "max", "less", "lessEqual", "equal", "notEqual", "where"] as const,
  ...["neg", "abs", "sign", "isNan", "and", "or", "xor", "not"] as const,
]);

/** Maximum number of cheap functions and of operands in a map that may be calculated repeatedly. */
const [FUNCTIONS, OPERANDS] = [3, 2] as const;

/** Returns true if a map is cheap enough to be calculated in each of its readers. */
export function isCheap({ call, inputs }: MapLaunch): boolean {
  if (call.random !== undefined || inputs.length > OPERANDS) return false;
  return countFunctions(call) <= FUNCTIONS &&
    call.body.program.steps.every((step) => step.kind !== "call" || CHEAP.has(step.fn));
}

/**
 * Returns true if a reader with `positions` positions calculates each result once, or the map is cheap enough to
 * repeat.
 */
export function isWorthRepeating(maker: MapLaunch, positions: number): boolean {
  return positions <= sizeOf(maker.call.shape) || isCheap(maker);
}

/** Number of functions that a map applies to each element. */
export function countFunctions({ body }: MapCall): number {
  let count = 0;
  for (const { kind } of body.program.steps) if (kind === "call") count++;
  return count;
}
