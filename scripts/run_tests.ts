/**
 * Runs every test: layers, types (also of the examples in the documentation), then the tests and these examples. The last
 * line is `N passed, N failed`; the exit code is 1 if something failed or nothing ran. Paths and flags of `deno test` narrow
 * it: `deno task test packages/core --filter matmul`.
 *
 * @module
 */

import { checkLayers, readProject } from "./check_layers.ts";
import { type DenoRun, foldersOf, runDeno } from "./run_deno.ts";
import { type Count, countTests } from "./count_tests.ts";

const print = (text: string): void => {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
};

async function testLayers(): Promise<Count> {
  const faults = checkLayers(await readProject());
  for (const fault of faults) print(`${fault}\n`);
  print(`layers: ${faults.length} violations\n`);
  return { passed: 0, failed: faults.length };
}

async function testTypes(targets: readonly string[]): Promise<Count> {
  const run = await runDeno(["check", "--quiet", "--doc", ...targets]);
  print(run.success ? "types: well\n" : `${run.output}types: failed\n`);
  return { passed: 0, failed: run.success ? 0 : 1 };
}

async function runTests(args: readonly string[]): Promise<Count> {
  const run: DenoRun = await runDeno(["test", "-A", "--no-check", "--doc", "--parallel", ...args], print);
  return countTests(run);
}

const folders = await foldersOf("packages", "tests", "scripts", "examples", "bench", "docs");
const counts = [
  await testLayers(),
  await testTypes(folders),
  await runTests(Deno.args.length > 0 ? Deno.args : folders),
];
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) Deno.exit(1);
