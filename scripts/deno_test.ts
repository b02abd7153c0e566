import { type Count, countTests } from "./count_tests.ts";
import { runDeno } from "./run_deno.ts";

/** Writes text to the standard output as it is. */
export function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

/** Runs `deno test` without types, as they are checked elsewhere, prints what it prints, and counts. */
export async function denoTest(args: readonly string[]): Promise<Count> {
  return countTests(await runDeno(["test", "-A", "--no-check", ...args], print));
}

/** Prints `N passed, N failed`, and ends the process with exit code 1 if something failed or nothing ran. */
export function finish(counts: readonly Count[]): void {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) Deno.exit(1);
}
