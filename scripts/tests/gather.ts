/** Gathers test modules and code blocks of documentation in few modules. */
import { join, toFileUrl } from "@std/path";
import { ROOT } from "../run_deno.ts";
import { docBlocks, docTest } from "./doc_blocks.ts";
import { evenly, RESET, runsAlone, type TestFile } from "./groups.ts";

/** Maximum number of test modules and blocks in a module. */
const MOST = 40;

/**
 * Folders whose test modules are slow, start threads, or inspect the state of the process; each gets its own isolate.
 */
const APART = /^tests\//;

/** TypeScript files and Markdown pages in a folder and its subfolders. */
async function* filesIn(folder: string): AsyncGenerator<TestFile> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory && !name.startsWith(".") && name !== "node_modules") yield* filesIn(path);
    else if (/\.(ts|md)$/.test(name)) yield { path, text: await Deno.readTextFile(join(ROOT, path)) };
  }
}

/** Groups items by key, in the order of first occurrence. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  return [...Map.groupBy(items, keyOf)];
}

const roomOf = (path: string): string =>
  path.split("/").slice(0, path.startsWith("packages/") ? 2 : 1).join("_");

/** Writes test modules for the code blocks of a file; returns their paths. */
async function writeBlocks({ path, text }: TestFile, folder: string): Promise<string[]> {
  const blocks = docBlocks(text, path.endsWith(".md"));
  const modules = blocks.map((block) => ({
    path: `${folder}/docs/${path.replaceAll("/", "_")}_${block.line}.ts`,
    text: docTest(block, `${path}:${block.line}`),
  }));
  for (const module of modules) await Deno.writeTextFile(module.path, module.text);
  return modules.map((module) => module.path);
}

/** Writes modules that each import a part of `paths`; returns their paths. */
async function writeGroups(paths: readonly string[], name: string, folder: string): Promise<string[]> {
  const groups = evenly(paths, MOST);
  return await Promise.all(groups.map(async (group, i) => {
    const path = `${folder}/${name}${groups.length > 1 ? `_${i + 1}` : ""}_test.ts`;
    const imports = group.map((one) => `import ${JSON.stringify(toFileUrl(one).href)};\n`);
    await Deno.writeTextFile(path, RESET + imports.join(""));
    return path;
  }));
}

/**
 * Gathers the test modules (`*_test.ts`) and code blocks of documentation in folders.
 *
 * @param folders Folders in the project's root.
 * @param into Empty folder for the written modules.
 * @returns Paths for `deno test`: modules that must run alone, and written modules.
 */
export async function gatherTests(folders: readonly string[], into: string): Promise<string[]> {
  await Deno.mkdir(join(into, "docs"));
  const files: TestFile[] = [];
  for (const folder of folders) for await (const file of filesIn(folder)) files.push(file);
  files.sort((a, b) => a.path < b.path ? -1 : 1);
  const isTest = ({ path }: TestFile): boolean => /(^|[/_])test\.ts$/.test(path);
  const [alone = [], joined = []] = [true, false].map((apart) =>
    files.filter((file) => isTest(file) && (APART.test(file.path) || runsAlone(file)) === apart)
  );
  const paths = alone.map(({ path }) => path);
  for (const [room, group] of grouped(joined, ({ path }) => roomOf(path))) {
    paths.push(...await writeGroups(group.map(({ path }) => join(ROOT, path)), room, into));
  }
  for (const [room, group] of grouped(files.filter((file) => !isTest(file)), ({ path }) => roomOf(path))) {
    const blocks: string[] = [];
    for (const file of group) blocks.push(...await writeBlocks(file, into));
    paths.push(...await writeGroups(blocks, `${room}_docs`, into));
  }
  return paths;
}
