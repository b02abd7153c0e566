/**
 * Checks everything that needs no test: format, lint, layers, the limits of the structure, types, documentation, and whether
 * the packages can be published. The parts run side by side; each is printed as it ends, with its output where it failed.
 * Names of parts limit the run to these: `deno task check lint layers`.
 *
 * @module
 */

import { checkGlobals } from "./check_globals.ts";
import { checkLayers, readProject } from "./check_layers.ts";
import { type DenoRun, foldersOf, ROOT, runDeno, TOOLS_LOCK } from "./run_deno.ts";
import { faultsOf } from "./structure/limits.ts";
import { structureOf } from "./structure/structure.ts";

async function layers(): Promise<DenoRun> {
  const files = await readProject(), faults = [...checkLayers(files), ...checkGlobals(files)];
  return { success: faults.length === 0, output: faults.join("\n") };
}

async function structure(): Promise<DenoRun> {
  const faults = faultsOf(structureOf(await readProject()));
  return { success: faults.length === 0, output: faults.join("\n") };
}

async function entries(): Promise<string[]> {
  const packages = await Array.fromAsync(Deno.readDir(`${ROOT}/packages`));
  const doors = packages.filter((entry) => entry.isDirectory).map((entry) => `packages/${entry.name}/mod.ts`);
  return [
    ...doors,
    "packages/core/kernel.ts",
    "packages/cli/flags.ts",
  ].sort();
}

const PARTS: Readonly<Record<string, () => Promise<DenoRun>>> = {
  layers,
  structure,
  format: () => runDeno(["fmt", "--check"]),
  lint: () => runDeno(["lint"]),
  types: async () =>
    runDeno([
      "check",
      "--quiet",
      TOOLS_LOCK,
      ...await foldersOf("packages", "tests", "scripts", "examples", "bench"),
    ]),
  documentation: async () => runDeno(["doc", "--lint", "--quiet", ...await entries()]),
  publication: () => runDeno(["publish", "--dry-run", "--allow-dirty", "--no-check", "--quiet"]),
};

const unknown = Deno.args.filter((name) => !(name in PARTS));
if (unknown.length > 0) {
  console.error(`Cannot check ${unknown.join(", ")}: the parts are ${Object.keys(PARTS).join(", ")}`);
  Deno.exit(2);
}
const chosen = Object.entries(PARTS).filter(([name]) => Deno.args.length === 0 || Deno.args.includes(name));
const start = performance.now();
const results = await Promise.all(
  chosen.map(async ([name, run]) => {
    const { success, output } = await run();
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(success ? `ok ${name} (${seconds} s)` : `${output.trimEnd()}\nFAILED ${name} (${seconds} s)`);
    return success ? [] : [name];
  }),
);
const failed = results.flat();
console.log(failed.length === 0 ? "All checks passed" : `Failed: ${failed.join(", ")}`);
if (failed.length > 0) Deno.exit(1);
