/** Options of ops over three axes. */
import { showArgument } from "../../call_forms.ts";

/** One number for all three axes, or [depth, height, width]. */
export type Triple = number | readonly [number, number, number];

/** All three numbers. */
export function tripleOf(
  op: string,
  name: string,
  value: Triple,
  least: number,
): readonly [number, number, number] {
  const triple = typeof value === "number" ? [value, value, value] as const : value;
  if (
    !Array.isArray(triple) || triple.length !== 3 || !triple.every((n) => Number.isInteger(n) && n >= least)
  ) {
    throw new RangeError(
      `Cannot apply ${op}() as ${name} must be a whole number from ${least}, or three of them: ` +
        `current ${name} is ${showArgument(value)}`,
    );
  }
  return triple;
}
