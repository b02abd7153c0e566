/**
 * Prints what the sources say of the project's structure: entries of folders, rooms, caches of plans, places that launch, ways to
 * free temporaries, circles of imports. `deno run -A scripts/count_structure.ts [--json] [--root DIR]`; the limits are those of
 * `scripts/structure/limits.ts`.
 *
 * @module
 */

import { packageOf, readProject } from "./check_layers.ts";
import { count, onOff, runProgram, text, type Values } from "@troodon/cli/flags";
import { countCaches, faultsOf } from "./structure/limits.ts";
import { countOf, type Findings, type Structure, structureOf } from "./structure/structure.ts";

const FLAGS = {
  json: onOff("Print one JSON object"),
  root: text("DIR", "Another copy of the project to count", undefined, "this one"),
  folders: count("How many folders to list", 12),
};

const line = (name: string, ...cells: readonly (number | string)[]): void =>
  console.log(`  ${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(7)).join("")}`);

function printByPackage(title: string, found: Findings): void {
  const packages = [...new Set(Object.values(found).flat().map(({ path }) => packageOf(path)!))];
  console.log(title);
  line("", "all", ...packages.map((name) => name.slice(0, 6)));
  for (const [name, places] of Object.entries(found)) {
    line(name, countOf(places), ...packages.map((one) => countOf(places, `packages/${one}/`)));
  }
}

function printPlaces(found: Findings): void {
  for (const [name, places] of Object.entries(found)) {
    for (const { path, count } of places) line(name, count, `  ${path}`);
  }
}

function print(structure: Structure, folders: number): void {
  console.log("Entries of folders");
  for (const { path, entries } of structure.folders.slice(0, folders)) line(path, entries);
  console.log("\nModules of folders besides tests");
  for (const { path, modules } of structure.modules.slice(0, folders)) line(path, modules);
  console.log("\nRooms of wings, arrows between them, arrows back");
  for (const [wing, { rooms, arrows, back }] of Object.entries(structure.wings)) {
    line(wing, rooms, arrows, back.length);
  }
  for (const [backend, found] of Object.entries(structure.planCaches)) {
    console.log(`\nCaches of plans in ${backend}: ${countCaches(found)}`);
    printPlaces(found);
  }
  console.log("\nDoors to a device outside of backends");
  printPlaces(structure.doors);
  printByPackage("\nWays to free temporaries", structure.temporaries);
  for (const [kind, byPackage] of Object.entries(structure.circles)) {
    console.log(`\nModules in circles of ${kind}`);
    for (const [name, circles] of Object.entries(byPackage)) {
      line(name, circles.map(({ length }) => length).join(" + "));
    }
  }
}

async function main({ json, root, folders }: Values<typeof FLAGS>): Promise<void> {
  const structure = structureOf(await readProject(root));
  const faults = faultsOf(structure);
  if (json) console.log(JSON.stringify({ ...structure, faults }));
  else {
    print(structure, folders);
    console.log(
      faults.length === 0 ? "\nAll limits are kept" : `\nBeyond the limits\n  ${faults.join("\n  ")}`,
    );
  }
}

await runProgram({
  usage: "deno run -A scripts/count_structure.ts [flags]",
  about: "Counts what the sources say of the project's structure.",
  flags: FLAGS,
  main: ({ values }) => main(values),
}, Deno.args);
