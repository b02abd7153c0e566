/** How many threads there are to be. */
import { variableOf } from "../environment.ts";

/** More than these seldom have a core, and memory, to themselves. */
const MOST = 8;

/** The number in the variable `TROODON_NUM_THREADS` if it may be read and is set, else that of processors, but at most 8. */
export function defaultThreads(): number {
  const text = variableOf(VARIABLE);
  if (text) return checkThreads(Number(text), `${VARIABLE}=${text}`);
  // A page that is not isolated may not share memory with workers.
  const { crossOriginIsolated, process } = globalThis as Runtime;
  if (crossOriginIsolated === false && process === undefined) return 1;
  return Math.max(1, Math.min(MOST, processors()));
}

const VARIABLE = "TROODON_NUM_THREADS";

/** Globals that not every runtime has. */
interface Runtime {
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly process?: object;
}

const processors = (): number => (globalThis as Runtime).navigator?.hardwareConcurrency ?? 1;

/** The most threads that there may be: each takes 12 MB, and more than processors help nobody. */
export function mostThreads(): number {
  return Math.max(16, 2 * processors());
}

/** `count` itself, or a RangeError unless it is an integer from 1 to {@linkcode mostThreads}. */
export function checkThreads(count: number, what = `${count}`): number {
  const most = mostThreads();
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  throw new RangeError(
    `Cannot set the number of threads as it must be an integer from 1 to ${most}, ` +
      `twice that of processors or 16: current is ${what}`,
  );
}
