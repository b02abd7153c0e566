import { assert } from "@std/assert";
import { runDeno } from "../../scripts/run_deno.ts";

Deno.test("packages for npm work in Deno, Node 22, Node 24, Bun and Chromium from an empty folder", async () => {
  const { success, output } = await runDeno([
    "run",
    "-A",
    "--lock=scripts/npm/deno.lock",
    "scripts/try_packages.ts",
  ]);
  console.log(output);
  assert(success, output);
});
