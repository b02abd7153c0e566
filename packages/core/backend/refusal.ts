/** Element checks that kernels perform on the device, where the host cannot see the values. */

/** The name of an op that refuses some elements. */
export type Refusal =
  | ("div" | "floorDivide" | "remainder" | "fmod")
  | ("binaryCrossEntropy" | "gaussianNllLoss" | "ctcLoss" | "multilabelMarginLoss")
  | ("multinomial" | "bernoulli" | "normal" | "poisson")
  | ("histc" | "histogram")
  | ("Preprocessor" | "PCA" | "Normalizer");

const FINITE = "all elements must be finite where no range is given";
const COMPLETE = "rows must hold neither infinity nor NaN";
const DIVISOR = "integers must not be divided by 0";

/** For each check, the condition that every input element must meet, as error messages state it. */
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
  bernoulli: "probabilities must be from 0 to 1",
  normal: "deviations must not be negative",
  poisson: "rates must be finite and not negative",
  histc: FINITE,
  histogram: FINITE,
  Preprocessor: "rows must not hold infinity",
  PCA: COMPLETE,
  Normalizer: COMPLETE,
};

/** All names, in an order in which kernels can count them. */
export const REFUSALS: readonly Refusal[] = Object.keys(RULES) as Refusal[];

/** The error every backend throws when an input element fails the check of its op. */
export function refusalError(refusal: Refusal): RangeError {
  return new RangeError(
    `Cannot apply ${refusal}() as ${RULES[refusal]}: current elements are not all as they must be`,
  );
}
