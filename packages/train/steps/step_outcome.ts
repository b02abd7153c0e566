/** Outcomes of steps. */
/** Outcome of a step after its gradients were computed. */
export interface StepOutcome {
  /** True if the parameters stay unchanged. */
  readonly isSkipped: boolean;
  /** True if the loss counts in the mean. */
  readonly isCounted: boolean;
  /** True if the optimizer has already stepped. */
  readonly hasStepped: boolean;
}

/** Outcome of an ordinary step, which changes the parameters. */
export const DONE: StepOutcome = { isSkipped: false, isCounted: true, hasStepped: false };
