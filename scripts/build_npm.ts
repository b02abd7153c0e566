/**
 * Writes the packages for npm to `dist/npm`, each complete in a folder of its own: `deno task build:npm`, then `npm publish` in
 * each.
 *
 * @module
 */

import { join } from "@std/path";
import { buildNpm } from "./npm/build.ts";
import { ROOT } from "./run_deno.ts";

if (import.meta.main) {
  const out = Deno.args[0] ?? join(ROOT, "dist/npm");
  for (const { name, modules, bytes } of await buildNpm(out)) {
    console.log(`@troodon/${name}: ${modules} modules, ${Math.round(bytes / 1000)} kB of JavaScript`);
  }
  console.log(`Packages are in ${out}`);
}
