/** Which tests are to catch a change, the nearest first. */
import { dirname } from "@std/path";
import { packageOf, targetOf } from "../check_layers.ts";
import { importsOf } from "../imports.ts";

/** Tests that run together. */
export interface Stage {
  /** What they are: "beside", "package" or what was asked for. */
  readonly name: string;
  /** Files or folders, from the root. */
  readonly paths: readonly string[];
  /** Which of them run; all where it is undefined. */
  readonly filter?: string;
}

/** The suite whose tests bear the names of the functions that a module exports. */
const CONFORMANCE = "tests/conformance_test.ts";

const isTestFile = (path: string): boolean => path.endsWith("_test.ts");

/** The tests that import `path`: themselves, or through files that are there for tests. */
function importersOf(path: string, files: ReadonlyMap<string, string>): string[] {
  const own = packageOf(path);
  return [...files].filter(([other, source]) =>
    isTestFile(other) && packageOf(other) === own &&
    importsOf(source).some(({ specifier }) => targetOf(other, specifier) === path)
  ).map(([other]) => other);
}

/** `path` as a stage: of the conformance suite, only the ops of the changed module, if it exports any. */
function stageOf(path: string, source: string): Stage {
  const names = [...source.matchAll(/^export function ([a-z]\w*)/gm)].map(([, name]) => name);
  if (path !== CONFORMANCE || names.length === 0) return { name: path, paths: [path] };
  return { name: path, paths: [path], filter: `/^(${names.join("|")})\\(\\) conforms/` };
}

/**
 * The stages for a change of `path`: the test beside it and those that import it, then the other tests of its package, and
 * then `also`. Stages without tests are left out.
 *
 * @param files The modules of the project by their path from the root.
 */
export function stagesOf(path: string, files: ReadonlyMap<string, string>, also: readonly string[]): Stage[] {
  const beside = path.replace(/\.ts$/, "_test.ts");
  const near = new Set([...(files.has(beside) ? [beside] : []), ...importersOf(path, files)]);
  const folder = packageOf(path) === undefined ? dirname(path) : `packages/${packageOf(path)}`;
  const rest = [...files.keys()].filter((other) =>
    isTestFile(other) && other.startsWith(`${folder}/`) && !near.has(other)
  );
  const stages: Stage[] = [
    { name: "beside", paths: [...near] },
    { name: "package", paths: rest },
    ...also.map((other) => stageOf(other, files.get(path) ?? "")),
  ];
  return stages.filter(({ paths }) => paths.length > 0);
}
