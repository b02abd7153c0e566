/** How many threads there are to be. */

/** More than these seldom have a core, and memory, to themselves. */
const MOST = 8;

/** The number in the variable `TROODON_NUM_THREADS` if it may be read and is set, else that of processors, but at most 8. */
export function defaultThreads(): number {
  const variable = "TROODON_NUM_THREADS";
  const isDeno = typeof Deno !== "undefined";
  if (isDeno && Deno.permissions.querySync({ name: "env", variable }).state === "granted") {
    const text = Deno.env.get(variable);
    if (text) return checkThreads(Number(text), `${variable}=${text}`);
  }
  // A page that is not isolated may not share memory with workers.
  if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false && !isDeno) return 1;
  return Math.max(1, Math.min(MOST, navigator.hardwareConcurrency));
}

/** `count` itself, or a RangeError unless it is a positive integer. */
export function checkThreads(count: number, what = `${count}`): number {
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new RangeError(
    `Cannot set the number of threads as it must be a positive integer: current is ${what}`,
  );
}
