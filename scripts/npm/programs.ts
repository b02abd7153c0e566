/** Programs that use the packages, as JavaScript for the runtimes and for pages. */

import { gzipSync } from "node:zlib";
import * as esbuild from "npm:esbuild@0.28.2";
import { join } from "@std/path";
import { ROOT } from "../run_deno.ts";
import { readmeExample } from "./consume.ts";

const CONSUMER = join(ROOT, "scripts/npm/consumer");

/** The engines that the packages are for know no `using`. */
const TARGET = "es2022";

/** Writes the programs to a project: `readme.mjs`, `everywhere.mjs` and `numbers.mjs`, and `readme.ts` for compilers. */
export async function writePrograms(project: string): Promise<void> {
  const readme = await readmeExample();
  await Deno.writeTextFile(join(project, "readme.ts"), readme);
  const sources: Record<string, string> = { readme };
  for (const name of ["everywhere", "numbers", "page", "noise", "noise_worker"]) {
    sources[name] = await Deno.readTextFile(join(CONSUMER, `${name}.ts`));
  }
  for (const [name, source] of Object.entries(sources)) {
    const { code } = await esbuild.transform(source, { loader: "ts", format: "esm", target: TARGET });
    await Deno.writeTextFile(join(project, `${name}.mjs`), code.replace(/"(\.\/\w+)\.ts"/g, '"$1.mjs"'));
  }
}

/** Text of a bundle. */
export interface Bundle {
  readonly text: string;
  /** Bytes, minified. */
  readonly bytes: number;
  /** Bytes, minified and compressed by gzip. */
  readonly packed: number;
}

/** Bundles a program with the packages of a project, as pages load it. */
export async function bundleForPage(project: string, source: string): Promise<Bundle> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: source, resolveDir: project, loader: "ts", sourcefile: "page.ts" },
    absWorkingDir: project,
    bundle: true,
    minify: true,
    write: false,
    platform: "browser",
    format: "esm",
    target: TARGET,
    logLevel: "silent",
  });
  const { contents, text } = outputFiles[0]!;
  return { text, bytes: contents.length, packed: gzipSync(contents, { level: 9 }).length };
}

/** Bundles `page.ts` for a page; `modules` has that of its workers. */
export async function bundlePage(
  project: string,
): Promise<{ readonly text: string; readonly modules: Readonly<Record<string, string>> }> {
  const bundled = async (name: string): Promise<string> =>
    (await bundleForPage(project, await Deno.readTextFile(join(project, `${name}.mjs`)))).text;
  return { text: await bundled("page"), modules: { "/noise_worker.js": await bundled("noise_worker") } };
}

/** A module whose `main` runs a program on a device and gives what it prints. A page reads from a GPU asynchronously alone. */
export function printing(program: string, device: string): string {
  const moved = program.replace("chooseDevice()", `chooseDevice(${JSON.stringify(device)})`)
    .replaceAll("loss.item()", "(await loss.itemAsync())");
  const imports = moved.match(/^import [^]*?;\n/gm)?.join("") ?? "";
  return `${imports}
    const lines: string[] = [], { log, error } = console;
    export async function main() {
      console.log = console.error = (line: string) => void lines.push(line);
      try { ${moved.replace(/^import [^]*?;\n/gm, "")} } finally { Object.assign(console, { log, error }); }
      return lines;
    }`;
}

/** Ends the process of esbuild. */
export async function stopBundling(): Promise<void> {
  await esbuild.stop();
}
