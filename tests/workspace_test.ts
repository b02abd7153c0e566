/** Compiler options: strict for what is published and tested here, Deno's own for examples and a user's files. */
import { assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);

interface Config {
  readonly workspace?: readonly string[];
  readonly compilerOptions?: Readonly<Record<string, boolean>>;
}

const read = (path: string): Config => JSON.parse(Deno.readTextFileSync(new URL(path, ROOT)));

Deno.test("all members of the workspace have the same strict compiler options, and the workspace has none", () => {
  const { workspace = [], compilerOptions } = read("deno.json");
  assertEquals(compilerOptions, undefined);
  const wanted = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noImplicitOverride: true,
    noUncheckedIndexedAccess: true,
    isolatedDeclarations: true,
    verbatimModuleSyntax: true,
  };
  for (const member of workspace) assertEquals(read(`${member}/deno.json`).compilerOptions, wanted, member);
  const packages = [...Deno.readDirSync(new URL("packages/", ROOT))].filter(({ isDirectory }) => isDirectory);
  const members = [...packages.map(({ name }) => `./packages/${name}`), "./bench", "./scripts", "./tests"];
  assertEquals(workspace.toSorted(), members.toSorted());
});
