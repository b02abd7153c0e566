import { assertStringIncludes } from "@std/assert";
import { runDeno } from "../../scripts/run_deno.ts";

Deno.test("fit() keeps its memory for 600 steps of the CNN", async () => {
  const { output } = await runDeno([
    "run",
    "-A",
    "scripts/memory_flat.ts",
    "--device",
    "cpu",
    "--steps",
    "600",
  ]);
  assertStringIncludes(output, "Memory is flat");
});
