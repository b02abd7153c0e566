/** The module that workers of `everywhere.ts` run. */
import type { Dataset } from "@troodon/troodon";

/** A dataset of the numbers below `length`, each with the worker's share of the work in it. */
export default function openNumbers(length: number): Dataset<number> {
  return { length, get: (i) => i * i };
}
