/** A project of somebody else's that uses the packages: packed, and installed into an empty folder. */

import { join } from "@std/path";
import { ROOT } from "../run_deno.ts";
import { buildNpm, type BuiltPackage } from "./build.ts";
import { readLibraries } from "./packages.ts";
import { mustRun } from "./runtimes.ts";

/** Packs built packages by `npm pack` into `folder`; returns the files. */
export async function packAll(built: readonly BuiltPackage[], folder: string): Promise<string[]> {
  const files: string[] = [];
  await Deno.mkdir(folder, { recursive: true });
  for (const { folder: source } of built) {
    const said = await mustRun(["npm", "pack", "--silent", "--ignore-scripts", source], folder);
    files.push(join(folder, said.trim().split("\n").at(-1)!));
  }
  return files;
}

async function newProject(
  folder: string,
  dependencies: Readonly<Record<string, string>> = {},
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const json = { name: "consumer", private: true, type: "module", dependencies };
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(json, null, 2));
}

/** Builds, packs and installs the packages into an empty project by npm, as a user would. */
export async function consumeByNpm(folder: string): Promise<BuiltPackage[]> {
  const built = await buildNpm(join(folder, "built"));
  const files = await packAll(built, join(folder, "packed"));
  await newProject(join(folder, "project"));
  await mustRun(["npm", "install", "--no-audit", "--no-fund", "--silent", ...files], join(folder, "project"));
  return built;
}

/** Puts the built packages into an empty project, beside libraries from Deno's cache: without npm and its registry. */
export async function consumeByDeno(folder: string): Promise<BuiltPackage[]> {
  const project = join(folder, "project");
  const built = await buildNpm(join(project, "node_modules/@troodon"));
  const libraries = await readLibraries();
  await newProject(project, Object.fromEntries(libraries));
  await Deno.writeTextFile(join(project, "deno.json"), '{ "nodeModulesDir": "auto" }');
  await mustRun([Deno.execPath(), "install", "--quiet"], project);
  // From here on a project as npm leaves it, where every folder of node_modules can be imported.
  await Deno.remove(join(project, "deno.json"));
  // Deno removes what it does not know from node_modules.
  const isThere = await Deno.stat(join(project, "node_modules/@troodon/core")).then(() => true, () => false);
  return isThere ? built : await buildNpm(join(project, "node_modules/@troodon"));
}

/** Returns the example at the head of `README.md`, the first thing that a user runs. */
export async function readmeExample(): Promise<string> {
  const text = await Deno.readTextFile(join(ROOT, "README.md"));
  const example = text.match(/```ts\n([^]*?)```/)?.[1];
  if (example === undefined) throw new TypeError("Cannot read an example in README.md as it must have one");
  return example;
}
