/** A clock for tests. */

/** Runs `f` with a clock that shows the time, in ms, that it is set to. */
export async function withClock<T>(f: (clock: { time: number }) => T | Promise<T>): Promise<T> {
  const { now } = performance, clock = { time: 1e6 };
  performance.now = () => clock.time;
  try {
    return await f(clock);
  } finally {
    performance.now = now;
  }
}
