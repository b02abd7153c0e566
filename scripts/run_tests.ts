/**
 * Runs all tests except the long ones: layers, types (also of the examples in the documentation), then the
 * tests and these examples. The last line is `N passed, N failed`; the exit code is 1 if a test failed or
 * none ran. Paths and flags of `deno test` narrow the run: `deno task test packages/core --filter matmul`.
 * Without any, modules of a package share isolates, as each would load the library anew.
 *
 * @module
 */

import { checkLayers, readProject } from "./check_layers.ts";
import type { Count } from "./count_tests.ts";
import { denoTest, finish, print } from "./deno_test.ts";
import { foldersOf, runDeno, TOOLS_LOCK } from "./run_deno.ts";
import { gatherTests } from "./tests/gather.ts";

async function testLayers(): Promise<Count> {
  const faults = checkLayers(await readProject());
  for (const fault of faults) print(`${fault}\n`);
  print(`layers: ${faults.length} violations\n`);
  return { passed: 0, failed: faults.length };
}

async function testTypes(targets: readonly string[]): Promise<Count> {
  const run = await runDeno(["check", "--quiet", "--doc", TOOLS_LOCK, ...targets]);
  print(run.success ? "types: well\n" : `${run.output}types: failed\n`);
  return { passed: 0, failed: run.success ? 0 : 1 };
}

/** Runs all tests of folders, and their documentation. */
async function testAll(folders: readonly string[]): Promise<Count> {
  const folder = await Deno.makeTempDir({ prefix: "troodon_tests_" });
  try {
    return await denoTest(["--parallel", "--config", "deno.json", ...await gatherTests(folders, folder)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const folders = await foldersOf("packages", "tests", "scripts", "examples", "bench", "docs");
finish([
  await testLayers(),
  await testTypes(folders),
  await (Deno.args.length > 0 ? denoTest(["--doc", "--parallel", ...Deno.args]) : testAll(folders)),
]);
