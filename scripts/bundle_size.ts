/**
 * Prints how much a page loads of the packages for npm, minified and compressed: `deno run -A --lock=scripts/npm/deno.lock scripts/bundle_size.ts`.
 * With `--check` the exit code is 1 if a page loads more than it may.
 *
 * @module
 */

import { join } from "@std/path";
import { consumeByDeno } from "./npm/consume.ts";
import { stopBundling } from "./npm/programs.ts";
import { measurePages } from "./npm/sizes.ts";

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "troodon-npm-" });
  try {
    await consumeByDeno(folder);
    const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
    for (const { title, bytes, packed, most } of await measurePages(join(folder, "project"))) {
      console.log(`${title}: ${kB(packed)} by gzip, ${kB(bytes)} minified (at most ${kB(most)})`);
      if (packed > most && Deno.args.includes("--check")) Deno.exitCode = 1;
    }
  } finally {
    await stopBundling();
    await Deno.remove(folder, { recursive: true });
  }
}
