/**
 * Installs the packages for npm into an empty folder and runs README's example, and a program of files and threads, in Deno,
 * Node 22, Node 24, Bun and in a page of Chromium: `deno run -A scripts/try_packages.ts`. Fetches the runtimes from npm.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findChromium, runTextInChromium } from "./browser/chromium.ts";
import { consumeByNpm, readmeExample } from "./npm/consume.ts";
import { bundleForPage, printing, stopBundling, writePrograms } from "./npm/programs.ts";
import { fetchRuntimes, mustRun, runCommand, type Runtime } from "./npm/runtimes.ts";
import { checkTypes } from "./npm/types.ts";

/** A row of the table. */
interface Row {
  readonly where: string;
  /** What README's example printed last. */
  readonly readme: string;
  /** Whether the program of files and threads gave the same as in Deno. */
  readonly files: string;
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";

async function tryRuntime({ name, command }: Runtime, project: string, wanted: string | null): Promise<
  Row & {
    readonly answer: string;
  }
> {
  const readme = await mustRun([...command, "readme.mjs"], project);
  const folder = await Deno.makeTempDir();
  const module = new URL(`file://${project}/numbers.mjs`).href;
  try {
    const { success, stdout, stderr } = await runCommand(
      [...command, "everywhere.mjs", folder, module],
      project,
    );
    if (!success) throw new TypeError(`Cannot run everywhere.mjs in ${name}: ${stderr.slice(-2000)}`);
    const answer = lastLine(stdout);
    if (wanted !== null) assertEquals(JSON.parse(answer), JSON.parse(wanted), name);
    return { where: name, readme: lastLine(readme), files: "the same", answer };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function tryPages(chromium: string, project: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const device of ["cpu", "webgpu"]) {
    const { text, packed } = await bundleForPage(project, printing(await readmeExample(), device));
    const lines = await runTextInChromium(chromium, text, "README's example") as string[];
    rows.push({
      where: `Chromium, ${device}`,
      readme: lines.at(-1)!,
      files: `bundle of ${(packed / 1000).toFixed(0)} kB`,
    });
  }
  const page = await Deno.readTextFile(join(project, "page.mjs"));
  const { text } = await bundleForPage(project, page);
  console.log(JSON.stringify(await runTextInChromium(chromium, text, "page.ts"), null, 1));
  return rows;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "troodon-npm-" });
  const rows: Row[] = [];
  try {
    await consumeByNpm(folder);
    const project = join(folder, "project");
    await writePrograms(project);
    console.log(await checkTypes(project));
    let wanted: string | null = null;
    for (const runtime of await fetchRuntimes(join(folder, "runtimes"), console.log)) {
      const { answer, ...row } = await tryRuntime(runtime, project, wanted);
      wanted ??= answer;
      rows.push(row);
    }
    const chromium = findChromium();
    if (chromium === undefined) console.log("SKIP Chromium: there is none");
    else rows.push(...await tryPages(chromium, project));
    console.table(rows);
  } finally {
    await stopBundling();
    await Deno.remove(folder, { recursive: true });
  }
}
