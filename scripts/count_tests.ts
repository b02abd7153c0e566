import type { DenoRun } from "./run_deno.ts";

/** How many tests passed and failed. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Reads the counts from the last summary that `deno test` printed. A run that was not successful counts as one failure at
 * least, as one that ends early prints no summary.
 */
export function countTests(run: DenoRun): Count {
  const summaries = [...run.output.matchAll(/^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed/gm)];
  const last = summaries.at(-1);
  const failed = Number(last?.[2] ?? 0);
  return { passed: Number(last?.[1] ?? 0), failed: run.success ? failed : Math.max(failed, 1) };
}
