import { assertEquals } from "@std/assert";

/** Specifiers of npm packages that the lock file names. */
const specifiers = async (path: string): Promise<string[]> =>
  Object.keys(JSON.parse(await Deno.readTextFile(new URL(path, import.meta.url))).specifiers)
    .filter((specifier) => specifier.startsWith("npm:"));

Deno.test("deno.lock has the libraries of the packages alone, which a first run downloads", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("../deno.json", import.meta.url)));
  const names = Object.values<string>(imports).filter((target) => target.startsWith("npm:"));
  // Without the path of a module in the package.
  const libraries = new Set(names.map((name) => name.match(/^npm:@?[^@]+@[^/]+/)![0]));
  assertEquals(
    await specifiers("../deno.lock"),
    [...libraries].sort(),
    "Use --lock=tests/deno.lock with what needs tools, as deno task test does: git checkout deno.lock",
  );
});

Deno.test("tests/deno.lock has the libraries of deno.lock, in the same versions", async () => {
  const tools = new Set(await specifiers("deno.lock"));
  assertEquals((await specifiers("../deno.lock")).filter((specifier) => !tools.has(specifier)), []);
});

Deno.test("scripts/npm/deno.lock has the tools of deno task build:npm alone, in the versions of the tests", async () => {
  const tools = await specifiers("deno.lock"), found = await specifiers("../scripts/npm/deno.lock");
  assertEquals(found.map((name) => name.replace(/@[^@]+$/, "")), ["npm:esbuild", "npm:typescript"]);
  assertEquals(found.filter((name) => !tools.includes(name)), []);
});
