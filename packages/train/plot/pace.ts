/** Limits on how often something is drawn. */

/** Says when a picture is due again, so that drawing takes a given share of the time and no more. */
export class Pace {
  readonly #share: number;
  readonly #now: () => number;
  #next = -Infinity;

  /**
   * A pace at which the first picture is due at once.
   *
   * @param share Of the time, above 0 and at most 1.
   * @param now The time in milliseconds; that of the machine by default.
   * @throws {RangeError} If `share` is outside of its range.
   */
  constructor(share: number, now: () => number = () => performance.now()) {
    if (!(share > 0 && share <= 1)) {
      throw new RangeError(
        `Cannot draw at a pace as share must be above 0 and at most 1: current share is ${share}`,
      );
    }
    this.#share = share;
    this.#now = now;
  }

  /** True when so much time has passed since the last picture that another one is within the share. */
  get due(): boolean {
    return this.#now() >= this.#next;
  }

  /** Starts to time a picture, until what this returns is called. */
  start(): () => void {
    const start = this.#now();
    return () => {
      const end = this.#now();
      this.#next = end + (end - start) * (1 / this.#share - 1);
    };
  }
}
