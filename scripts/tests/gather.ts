/** Test modules and blocks of documentation of folders, gathered into few modules. */
import { join, toFileUrl } from "@std/path";
import { ROOT } from "../run_deno.ts";
import { docBlocks, docTest } from "./doc_blocks.ts";
import { evenly, RESET, runsAlone, type TestFile } from "./groups.ts";

/** Test modules and blocks in one module. */
const MOST = 40;

/** Folders whose test modules take long, start threads, or look at the state of a process: each has an isolate. */
const APART = /^tests\//;

/** Files of TypeScript and pages in a folder and those within it. */
async function* filesIn(folder: string): AsyncGenerator<TestFile> {
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${name}`;
    if (isDirectory && !name.startsWith(".") && name !== "node_modules") yield* filesIn(path);
    else if (/\.(ts|md)$/.test(name)) yield { path, text: await Deno.readTextFile(join(ROOT, path)) };
  }
}

/** Lists of what has one key, in the order in which keys come up. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  return [...Map.groupBy(items, keyOf)];
}

const roomOf = (path: string): string =>
  path.split("/").slice(0, path.startsWith("packages/") ? 2 : 1).join("_");

/** Writes the modules of blocks of a file; returns their paths. */
async function writeBlocks({ path, text }: TestFile, folder: string): Promise<string[]> {
  const blocks = docBlocks(text, path.endsWith(".md"));
  const modules = blocks.map((block) => ({
    path: `${folder}/docs/${path.replaceAll("/", "_")}_${block.line}.ts`,
    text: docTest(block, `${path}:${block.line}`),
  }));
  for (const module of modules) await Deno.writeTextFile(module.path, module.text);
  return modules.map((module) => module.path);
}

/** Writes modules that import `paths`, each a part of them; returns their paths. */
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
 * Gathers the test modules (`*_test.ts`) and the blocks of documentation of folders.
 *
 * @param folders Folders in the root of the project.
 * @param into An empty folder for the modules that import others.
 * @returns Paths for `deno test`: modules that must run by themselves, and those written.
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
