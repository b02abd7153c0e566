/**
 * Writes the packages for npm to `dist/npm`, each complete in a folder of its own: `deno task build:npm`, then `npm publish` in
 * each. With `--pack` there is a file of each beside it, for `npm install dist/npm/*.tgz` in another project.
 *
 * @module
 */

import { parseArgs } from "@std/cli";
import { join } from "@std/path";
import { buildNpm } from "./npm/build.ts";
import { packAll } from "./npm/consume.ts";
import { ROOT } from "./run_deno.ts";

if (import.meta.main) {
  const { pack, _: [folder = join(ROOT, "dist/npm")] } = parseArgs(Deno.args, { boolean: ["pack"] });
  const out = String(folder), built = await buildNpm(out);
  if (pack) await packAll(built, out);
  for (const { name, modules, bytes } of built) {
    console.log(`@troodon/${name}: ${modules} modules, ${Math.round(bytes / 1000)} kB of JavaScript`);
  }
  console.log(`Packages are in ${out}`);
}
