/**
 * Checks that imports go to a lower row only, as `packages/README.md` draws it, and that modules do not load each other in a
 * circle. `deno run -A scripts/check_layers.ts` prints each violation and exits with 1 where there is one.
 *
 * @module
 */

import { dirname, fromFileUrl, join, normalize, relative } from "@std/path";
import { type Import, importsOf } from "./imports.ts";

/** The packages from the lowest row to the highest, those to come included; a package imports rows below its own. */
const ROWS: readonly (readonly string[])[] = [
  ["core", "io"],
  ["autograd", "datasets", "serialization", "cpu", "webgpu"],
  ["nn", "optim", "compile", "profile", "testing"],
  ["models", "onnx"],
  ["train", "distributed"],
  ["troodon"],
  ["cli", "dashboard"],
];

/** Libraries from elsewhere, and the packages that may import them. */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  fflate: ["io"],
  "@noble/hashes/legacy.js": ["io"],
  "@huggingface/tokenizers": ["models"],
  "hyparquet/src/index.js": ["datasets"],
  "@bufbuild/protobuf/wire": ["onnx", "train"],
};

/** A library of npm in one version. */
const TOOL = /^npm:(@[\w-]+\/)?[\w-]+@\d+\.\d+\.\d+$/;

const TOP_FOLDERS = ["packages", "examples", "bench", "tests", "scripts"];

const rowOf = (name: string): number => ROWS.findIndex((row) => row.includes(name));

/** The package that a module is in; undefined outside of packages. */
export const packageOf = (path: string): string | undefined => path.match(/^packages\/([^/]+)\//)?.[1];

/** Whether a module is there for development alone and not published. */
export const isTest = (path: string): boolean =>
  /_(test|bench)\.ts$/.test(path) || path.includes("/testdata/");

/** The module of this project that a specifier names, as a path from the root; undefined for everything else. */
export function targetOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return normalize(join(dirname(path), specifier)).replaceAll("\\", "/");
  const [, name, door = "mod"] = specifier.match(/^@troodon\/([^/]+)(?:\/([^/]+))?$/) ?? [];
  return name === undefined ? undefined : `packages/${name}/${door}.ts`;
}

function relativeFault(path: string, specifier: string): string | undefined {
  const target = targetOf(path, specifier)!;
  const own = packageOf(path), other = packageOf(target);
  if (own === undefined) return other && `reaches into @troodon/${other}: import the package by its name`;
  if (own !== other) return `leaves its package @troodon/${own}`;
  return isTest(target) && !isTest(path) ? "is a test, which nothing but a test may import" : undefined;
}

function packageFault(path: string, other: string): string | undefined {
  const own = packageOf(path);
  if (rowOf(other) < 0) return `is in no row: scripts/check_layers.ts does not know @troodon/${other}`;
  if (own === undefined) return undefined;
  if (own === other) return "is its own package: inside a package, import files by relative path";
  if (other === "testing") {
    return isTest(path) || path.startsWith("packages/cli/doctor/")
      ? undefined
      : "is for tests and the doctor";
  }
  const rows = rowOf(own) - rowOf(other);
  if (rowOf(own) < 0) return `cannot be judged: scripts/check_layers.ts does not know @troodon/${own}`;
  if (rows > 0) return undefined;
  return `is in ${
    rows === 0 ? "the same row as" : "a row above"
  } @troodon/${own}: imports go to a lower row only`;
}

function specifierFault(path: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return relativeFault(path, specifier);
  // Tools that nothing published sees, whose versions stand in lock files of their own.
  if (packageOf(path) === undefined && TOOL.test(specifier)) return undefined;
  if (/^(jsr|npm|https?|file|data):/.test(specifier)) return "is remote: name it in the imports of deno.json";
  const other = specifier.match(/^@troodon\/([^/]+)/)?.[1];
  if (other !== undefined) return packageFault(path, other);
  const own = packageOf(path);
  if (own === undefined || isTest(path)) return undefined;
  if (own === "core") return "comes from outside: @troodon/core imports nothing";
  if (specifier === "@std/assert") return "is for tests and examples alone";
  if (specifier.startsWith("node:")) {
    return "is not in every runtime: ask for it when it is used, as runtime.ts of @troodon/io does";
  }
  if (specifier.startsWith("@std/") || LIBRARIES[specifier]?.includes(own)) return undefined;
  return `is neither of this project, nor of @std, nor a library of @troodon/${own}`;
}

/** Circles of modules that load each other, each as the path that leads back to its start. */
function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const state = new Map<string, "open" | "done">();
  const trail: string[] = [];
  const visit = (path: string): void => {
    state.set(path, "open");
    trail.push(path);
    for (const next of edges.get(path) ?? []) {
      if (state.get(next) === "open") cycles.push([...trail.slice(trail.indexOf(next)), next]);
      else if (!state.has(next)) visit(next);
    }
    trail.pop();
    state.set(path, "done");
  };
  for (const path of edges.keys()) if (!state.has(path)) visit(path);
  return cycles;
}

/**
 * Checks a set of modules, given as paths from the root of the project (`packages/nn/mod.ts`) and their texts.
 *
 * @returns A message for each violation; none where all is well.
 */
export function checkLayers(files: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  const edges = new Map<string, string[]>();
  const isLoaded = (path: string, found: Import): boolean =>
    found.kind === "value" && files.has(targetOf(path, found.specifier) ?? "");
  for (const [path, source] of files) {
    const imports = importsOf(source);
    for (const { specifier, line } of imports) {
      const fault = specifierFault(path, specifier);
      if (fault) faults.push(`${path}:${line}: "${specifier}" ${fault}`);
    }
    const loaded = imports.filter((found) => isLoaded(path, found));
    edges.set(path, loaded.map(({ specifier }) => targetOf(path, specifier)!));
  }
  for (const cycle of findCycles(edges)) {
    faults.push(`${cycle[0]}: loads itself in a circle:\n  ${cycle.join("\n  -> ")}`);
  }
  return faults;
}

/** Reads the modules below a folder of the project at `root` into `files`. */
async function readModules(root: string, folder: string, files: Map<string, string>): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory && entry.name !== "node_modules") await readModules(root, path, files);
    else if (entry.isFile && entry.name.endsWith(".ts")) {
      files.set(relative(root, path).replaceAll("\\", "/"), await Deno.readTextFile(path));
    }
  }
}

/** The TypeScript modules of the project, by their path from its root; of another copy of it where `root` says so. */
export async function readProject(
  root: string = fromFileUrl(new URL("..", import.meta.url)),
): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for await (const { name } of Deno.readDir(root)) {
    if (TOP_FOLDERS.includes(name)) await readModules(root, join(root, name), files);
  }
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

if (import.meta.main) {
  const files = await readProject();
  const faults = checkLayers(files);
  for (const fault of faults) console.error(fault);
  console.log(`layers: ${files.size} modules, ${faults.length} violations`);
  if (faults.length > 0) Deno.exit(1);
}
