/** Reasons not to compile a function. */

/**
 * The reason why a call cannot be recorded. The error is thrown again after the function returns, in case the function
 * caught it.
 */
export class Refusal {
  /** The error to throw. */
  readonly error: TypeError;

  /** Creates a refusal; `reason` completes the sentence "Cannot compile a function as". */
  constructor(reason: string) {
    this.error = new TypeError(`Cannot compile a function as ${reason}`);
  }
}
