/** What elements cost. */
import type { Body, Program, ScalarFunction } from "@troodon/core";

/** Functions of one instruction or few. */
const CHEAP = new Set<ScalarFunction>([
  ...["add", "sub", "mul", "div", "min", "max", "less", "lessEqual", "equal", "notEqual", "where"] as const,
  ...["neg", "abs", "sign", "floor", "ceil", "round", "trunc", "sqrt", "rsqrt", "reciprocal"] as const,
  ...["isNan", "and", "or", "xor", "not", "shiftLeft", "shiftRight"] as const,
]);

/** Nanoseconds to read or write an element in cache, to calculate a cheap function, or another one. */
const [MOVE, STEP, FUNCTION] = [0.04, 0.04, 1.2] as const;

/** Returns true if every function of a program takes only a few instructions. */
export function isCheap({ steps }: Program): boolean {
  return steps.every((step) => step.kind !== "call" || CHEAP.has(step.fn));
}

/** Nanoseconds for each element that bodies are calculated for, about, with so many operands in memory. */
export function elementDuration(bodies: readonly Body[], operands: number): number {
  let sum = MOVE * operands;
  for (const { program, usesRandom } of bodies) {
    if (usesRandom) sum += FUNCTION;
    for (const step of program.steps) {
      if (step.kind === "call") sum += CHEAP.has(step.fn) ? STEP : FUNCTION;
    }
  }
  return sum;
}
