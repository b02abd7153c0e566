import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { gatherTests } from "./gather.ts";

Deno.test("gatherTests() runs each test module once, and each block of documentation", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const paths = await gatherTests(["packages/compile", "scripts"], folder);
    const written = paths.filter((path) => path.startsWith(folder));
    const texts = await Promise.all(written.map((path) => Deno.readTextFile(path)));
    const imported = [...texts.join("").matchAll(/^import "(file:.*)";$/gm)].map(([, url]) =>
      fromFileUrl(url!)
    );
    const run = [...imported, ...paths.filter((path) => !path.startsWith(folder))];
    assertEquals(run.length, new Set(run).size);
    assertEquals(run.filter((path) => path.endsWith("scripts/tests/gather_test.ts")).length, 1);
    const doc = run.find((path) => path.includes("packages_compile_program_loop.ts_"))!;
    assert((await Deno.readTextFile(doc)).includes('Deno.test("packages/compile/program_loop.ts:'));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
