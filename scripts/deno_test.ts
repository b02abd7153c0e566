import { type Count, countTests } from "./count_tests.ts";
import { runDeno, TOOLS_LOCK } from "./run_deno.ts";

/** Writes text to standard output unchanged. */
export function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

/**
 * Runs `deno test` without type checking, which is done elsewhere; prints its output and counts the results.
 */
export async function denoTest(args: readonly string[]): Promise<Count> {
  return countTests(await runDeno(["test", "-A", "--no-check", TOOLS_LOCK, ...args], print));
}

/** Prints `N passed, N failed`, and exits with code 1 if a test failed or none ran. */
export function finish(counts: readonly Count[]): void {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) Deno.exit(1);
}
