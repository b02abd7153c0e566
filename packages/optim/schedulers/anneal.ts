/** Ways from one value to another. */

/** How a value changes: along half a cosine, or evenly. */
export type AnnealStrategy = "cos" | "linear";

/** The names of all ways. */
export const ANNEAL_STRATEGIES: readonly AnnealStrategy[] = ["cos", "linear"];

/** What lies between `from` and `to` when `done` of the way is done. */
export function anneal(strategy: AnnealStrategy, from: number, to: number, done: number): number {
  return from + (to - from) * progress(strategy, done);
}

/** How much of the change there is when `done` of the time has gone. */
export function progress(strategy: AnnealStrategy, done: number): number {
  return strategy === "linear" ? done : (1 - Math.cos(Math.PI * done)) / 2;
}
