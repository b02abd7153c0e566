/** Time limits of requests, for servers that stop sending. */
export interface TimeLimits {
  /** Milliseconds until the server must answer (default 10 seconds); Infinity for no limit. */
  readonly answerWithin?: number;
  /** Milliseconds until its answer must be complete (default 10 minutes); Infinity for no limit. */
  readonly finishWithin?: number;
}

// Timers with a longer delay fire immediately.
const LONGEST = 2 ** 31 - 1;

/**
 * Fetches `url`, and returns the result of `use` for the response.
 *
 * @throws {TypeError} If the response does not begin or complete in time.
 * @throws {RangeError} If a limit is not a positive number.
 */
export async function withinTime<T>(
  url: string | URL,
  { answerWithin = 10_000, finishWithin = 600_000 }: TimeLimits,
  use: (response: Response) => Promise<T>,
): Promise<T> {
  for (const [name, limit] of Object.entries({ answerWithin, finishWithin })) {
    if (!(limit > 0)) {
      throw new RangeError(
        `Cannot fetch ${url} as ${name} must be a number above 0: current one is ${limit}`,
      );
    }
  }
  const controller = new AbortController();
  const abortAfter = (milliseconds: number, missing: string): ReturnType<typeof setTimeout> | undefined =>
    milliseconds > LONGEST ? undefined : setTimeout(
      () => controller.abort(new TypeError(`${missing} in ${milliseconds / 1000} s`)),
      milliseconds,
    );
  let timer = abortAfter(answerWithin, "no answer");
  try {
    const response = await fetch(url, { signal: controller.signal });
    clearTimeout(timer);
    timer = abortAfter(finishWithin, "no complete answer");
    return await use(response);
  } finally {
    clearTimeout(timer);
  }
}
