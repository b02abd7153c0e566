/** Bodies whose results jump where a value is rounded in another way. */
import type { ScalarFunction } from "@troodon/core";
import type { Body, ComputeType } from "@troodon/core/kernel";

/** Functions whose result jumps at values that are equal but for rounding, whatever they are compared with. */
const JUMPS: ReadonlySet<ScalarFunction> = new Set<ScalarFunction>([
  ...["equal", "notEqual", "floor", "ceil", "round", "trunc", "floorDiv", "fmod", "remainder"] as const,
]);

/** Functions that compare; with a constant, such as the 0 of a ReLU, a last digit changes little. */
const COMPARES: ReadonlySet<ScalarFunction> = new Set<ScalarFunction>(["less", "lessEqual"]);

/** Functions whose results are their arguments or whole numbers, so that they need no rounding. */
const EXACT: ReadonlySet<ScalarFunction> = new Set<ScalarFunction>([
  ...["neg", "abs", "sign", "min", "max", "where", "floor", "ceil", "round", "trunc"] as const,
  ...["less", "lessEqual", "equal", "notEqual", "isNan", "and", "or", "xor", "not"] as const,
]);

/** Reason not to merge. */
export const DECIDES = "the rounding of the intermediate may decide a comparison";

/** Returns true if a body that is calculated in `compute` rounds its output `output`. */
export function roundsOutput(
  { program: { steps, outputs } }: Body,
  output: number,
  compute: ComputeType,
): boolean {
  if (compute === "int32" || compute === "int64") return false;
  const rounded: boolean[] = [];
  for (const step of steps) {
    rounded.push(step.kind === "call" && (!EXACT.has(step.fn) || step.args.some((arg) => rounded[arg])));
  }
  return rounded[outputs[output]!]!;
}

const known = new WeakMap<Body, ReadonlySet<number>>();

/**
 * Inputs of a body whose last digit may decide between results far apart: those in comparisons of two values, as in
 * the gradient of a maximum, and in functions with steps.
 */
export function decidingInputs(body: Body): ReadonlySet<number> {
  let found = known.get(body);
  if (found === undefined) known.set(body, found = findDeciding(body));
  return found;
}

function findDeciding({ program: { steps } }: Body): Set<number> {
  const deciding = new Set<number>(), read: ReadonlySet<number>[] = [];
  for (const step of steps) {
    if (step.kind !== "call") {
      read.push(new Set(step.kind === "input" ? [step.index] : []));
      continue;
    }
    const args = step.args.map((arg) => read[arg]!), inputs = new Set(args.flatMap((arg) => [...arg]));
    read.push(inputs);
    if (JUMPS.has(step.fn) || (COMPARES.has(step.fn) && args.every(({ size }) => size > 0))) {
      for (const input of inputs) deciding.add(input);
    }
  }
  return deciding;
}
