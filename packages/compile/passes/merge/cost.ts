/** Which maps may be calculated more than once. */
import type { ScalarFunction } from "@troodon/core";
import { type MapCall, sizeOf } from "@troodon/core/kernel";
import type { MapLaunch } from "./parts.ts";

/** Functions of one instruction or few. */
const CHEAP: ReadonlySet<ScalarFunction> = new Set<ScalarFunction>([
  ...["add", "sub", "mul", "min", "max", "less", "lessEqual", "equal", "notEqual", "where"] as const,
  ...["neg", "abs", "sign", "isNan", "and", "or", "xor", "not"] as const,
]);

/** Cheap functions and operands that may be calculated and read again. */
const [FUNCTIONS, OPERANDS] = [3, 2] as const;

/** True of a map that may as well be calculated where its result is read, though that is in several places. */
export function isCheap({ call, inputs }: MapLaunch): boolean {
  if (call.random !== undefined || inputs.length > OPERANDS) return false;
  return countFunctions(call) <= FUNCTIONS &&
    call.body.program.steps.every((step) => step.kind !== "call" || CHEAP.has(step.fn));
}

/** True if a reader with so many positions calculates each result once, or it does not matter how often. */
export function isWorthRepeating(maker: MapLaunch, positions: number): boolean {
  return positions <= sizeOf(maker.call.shape) || isCheap(maker);
}

/** How many functions a map applies to each element. */
export function countFunctions({ body }: MapCall): number {
  let count = 0;
  for (const { kind } of body.program.steps) if (kind === "call") count++;
  return count;
}
