/**
 * Runs the tests that take minutes: the modules named `*_long.ts` in `tests/long`, sequentially, with
 * `globalThis.gc`. `deno task test` only checks their types. The last line is `N passed, N failed`. Paths and
 * flags of `deno test` narrow the run: `deno task test:long tests/long/over_time_long.ts --filter scope`.
 *
 * @module
 */

import { denoTest, finish } from "./deno_test.ts";
import { ROOT } from "./run_deno.ts";

const isPath = (arg: string): boolean => arg.endsWith(".ts");

/** Paths of the modules with long tests. */
async function longTests(): Promise<string[]> {
  const files = await Array.fromAsync(Deno.readDir(`${ROOT}/tests/long`), ({ name }) => name);
  return files.filter((name) => name.endsWith("_long.ts")).sort().map((name) => `tests/long/${name}`);
}

const paths = Deno.args.some(isPath) ? [] : await longTests();
finish([await denoTest(["--v8-flags=--expose-gc", ...Deno.args, ...paths])]);
