/**
 * Installs the packages for npm into an empty folder and runs README's example, a program of files and threads, and the command
 * `troodon`, in Deno, Node 22, Node 24, Bun and, but for the command, in pages of Chromium and Firefox: `deno run -A --lock=scripts/npm/deno.lock scripts/try_packages.ts`. Fetches the runtimes from
 * npm. `--steps` times training steps in a page beside TensorFlow.js.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { chromiumAt, findChromium } from "./browser/chromium.ts";
import { findFirefox } from "./browser/firefox.ts";
import { type Browser, runInBrowser } from "./browser/run_page.ts";
import { tryCommand } from "./npm/command.ts";
import { consumeByNpm, readmeExample } from "./npm/consume.ts";
import { bundleForPage, bundlePage, printing, stopBundling, writePrograms } from "./npm/programs.ts";
import { fetchRuntimes, mustRun, runCommand, type Runtime } from "./npm/runtimes.ts";
import { stepPage, type StepTimes, TENSORFLOW } from "./npm/step_page.ts";
import { buildByVite } from "./npm/vite_page.ts";
import { checkTypes } from "./npm/types.ts";

/** A row of the table. */
interface Row {
  readonly where: string;
  /** Last line printed by README's example. */
  readonly readme: string;
  /** True if the program of files and threads printed the same as in Deno. */
  readonly files: string;
  /** Accuracy of a run of the command on test images. */
  readonly command?: string;
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
    const program = [...command, join(project, "node_modules/@troodon/cli/bin.js")];
    const accuracy = `${(100 * await tryCommand(program, folder)).toFixed(2)} %`;
    return { where: name, readme: lastLine(readme), files: "the same", command: accuracy, answer };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs README's example and a program of files in pages of a browser; on a GPU where there is `withGpu`. */
async function tryPages(browser: Browser, project: string, withGpu: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  const { text, modules } = await bundlePage(project);
  const { opfs, blob, url, workers, run } = await runInBrowser(browser, text, "page.ts", {
    timeout: PATIENCE,
    modules,
  }) as PageAnswer;
  assertEquals([opfs[0], blob, url, workers[1], run[0]], [true, true, true, true, true]);
  const vite = await buildByVite(project);
  const options = { timeout: PATIENCE, modules: vite.modules, page: vite.html };
  const built = await runInBrowser(browser, "", "page.ts by Vite", options) as PageAnswer;
  assertEquals([built.opfs[0], built.workers[1], built.run[0]], [true, true, true]);
  for (const device of withGpu ? ["cpu", "webgpu"] : ["cpu"]) {
    const { text, packed } = await bundleForPage(project, printing(await readmeExample(), device));
    const lines = await runInBrowser(browser, text, "README's example", { timeout: PATIENCE }) as string[];
    const files = `OPFS, Blob, URL, workers, runs, by Vite too; ${(packed / 1000).toFixed(0)} kB`;
    rows.push({ where: `${browser.name}, ${device}`, readme: lines.at(-1)!, files });
  }
  return rows;
}

/** Results of `page.ts` on files. */
interface PageAnswer {
  readonly opfs: readonly unknown[];
  readonly blob: boolean;
  readonly url: boolean;
  /** Number of batches, and true if workers gave the same as the page. */
  readonly workers: readonly unknown[];
  /** True if a run that went on after the page was loaded again ended as one that did not. */
  readonly run: readonly unknown[];
}

/** Milliseconds that a page may take. */
const PATIENCE = 300_000;

/** Prints the time of training steps in a page beside TensorFlow.js. */
async function timeSteps(browser: Browser, project: string): Promise<void> {
  await mustRun(["npm", "install", "--no-audit", "--no-fund", "--silent", ...TENSORFLOW], project);
  for (const device of ["cpu", "webgpu"]) {
    const { text } = await bundleForPage(project, stepPage(device));
    const sides = await runInBrowser(browser, text, "steps", { timeout: PATIENCE }) as StepTimes[];
    for (const { library, median, fastest } of sides) {
      console.log(
        `${device}: ${library}: ${median.toFixed(1)} ms a step, median; ${fastest.toFixed(1)} ms, fastest`,
      );
    }
    console.log(`${device}: ${(sides[1]!.fastest / sides[0]!.fastest).toFixed(1)} times as fast`);
  }
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
    const program = findChromium(), firefox = findFirefox();
    const chromium = program === undefined ? undefined : chromiumAt(program);
    for (const [name, browser] of Object.entries({ chromium, firefox })) {
      if (browser === undefined) console.log(`SKIP ${name}: it is not installed`);
      else rows.push(...await tryPages(browser, project, name === "chromium"));
    }
    console.table(rows);
    if (chromium !== undefined && Deno.args.includes("--steps")) await timeSteps(chromium, project);
  } finally {
    await stopBundling();
    await Deno.remove(folder, { recursive: true });
  }
}
