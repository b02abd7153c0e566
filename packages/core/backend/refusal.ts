/** What kernels find wrong with elements, which the host cannot see. */

/** The name of an op that refuses some elements. */
export type Refusal =
  | ("div" | "floorDivide" | "remainder" | "fmod")
  | ("binaryCrossEntropy" | "gaussianNllLoss" | "ctcLoss" | "multilabelMarginLoss" | "multinomial");

const DIVISOR = "integers must not be divided by 0";

/** What must hold of the elements given to an op. */
const RULES: Readonly<Record<Refusal, string>> = {
  div: DIVISOR,
  floorDivide: DIVISOR,
  remainder: DIVISOR,
  fmod: DIVISOR,
  binaryCrossEntropy: "predictions and targets must be probabilities, from 0 to 1",
  gaussianNllLoss: "variances must not be negative",
  ctcLoss: "lengths must not exceed time and labels, and those of labels in one row add up to their number",
  multilabelMarginLoss: "targets must be classes, with -1 behind the last",
  multinomial: "weights must be finite and not negative, and those of each row above 0 as many as are drawn",
};

/** All names, in an order in which kernels can count them. */
export const REFUSALS: readonly Refusal[] = Object.keys(RULES) as Refusal[];

/** What all backends throw for elements that the op refuses. */
export function refusalError(refusal: Refusal): RangeError {
  return new RangeError(
    `Cannot apply ${refusal}() as ${RULES[refusal]}: current elements are not all as they must be`,
  );
}
