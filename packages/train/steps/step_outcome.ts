/** Outcomes of steps. */
/** What becomes of a step whose gradients are there. */
export interface StepOutcome {
  /** Whether the parameters stay as they are. */
  readonly isSkipped: boolean;
  /** Whether the loss counts in the mean. */
  readonly isCounted: boolean;
  /** Whether the optimizer has stepped already. */
  readonly hasStepped: boolean;
}

/** Steps that change the parameters. */
export const DONE: StepOutcome = { isSkipped: false, isCounted: true, hasStepped: false };
