/** Reasons not to compile a function. */

/** Why a call cannot be recorded, which is thrown when the function has returned, too. */
export class Refusal {
  /** The error. */
  readonly error: TypeError;

  /** A refusal for a reason that follows "Cannot compile a function as". */
  constructor(reason: string) {
    this.error = new TypeError(`Cannot compile a function as ${reason}`);
  }
}
