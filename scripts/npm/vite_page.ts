/** Builds `page.ts` by Vite, which bundles the modules of workers itself. */

import { join } from "@std/path";
import { mustRun } from "./runtimes.ts";

/** Version of Vite that builds the page. */
const VITE = "vite@8.4.0";

/** Page whose script posts the result of `main`. */
const HTML = `<!doctype html><meta charset="utf-8"><title>Troodon</title>
<script type="module" src="./answer.mjs"></script>`;

const ANSWER = `import { main } from "./page.mjs";
const answer = await main().then((value) => ({ value }), (error) => ({ error: String(error?.stack ?? error) }));
await fetch("/answer", { method: "POST", body: JSON.stringify(answer) });`;

/** Page built by a bundler. */
export interface BuiltPage {
  /** Text of the page. */
  readonly html: string;
  /** Texts of its modules, by their paths on the server. */
  readonly modules: Readonly<Record<string, string>>;
}

/** Installs Vite in a folder beside a project with the programs, and builds `page.mjs`. */
export async function buildByVite(project: string): Promise<BuiltPage> {
  const tools = join(project, "../tools"), program = join(tools, "node_modules/vite/bin/vite.js");
  await Deno.mkdir(tools, { recursive: true });
  await mustRun(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", tools, VITE], tools);
  const folder = join(project, "vite");
  await Deno.mkdir(folder, { recursive: true });
  for (const name of ["page", "noise", "noise_worker"]) {
    const text = await Deno.readTextFile(join(project, `${name}.mjs`));
    // Vite takes the module of the worker from where it is, other than a program that was bundled before.
    await Deno.writeTextFile(
      join(folder, `${name}.mjs`),
      text.replace("./noise_worker.js", "./noise_worker.mjs"),
    );
  }
  await Deno.writeTextFile(join(folder, "index.html"), HTML);
  await Deno.writeTextFile(join(folder, "answer.mjs"), ANSWER);
  await mustRun(["node", program, "build", "--logLevel", "error", "--outDir", "dist"], folder);
  const dist = join(folder, "dist"), modules: Record<string, string> = {};
  for await (const { name } of Deno.readDir(join(dist, "assets"))) {
    modules[`/assets/${name}`] = await Deno.readTextFile(join(dist, "assets", name));
  }
  return { html: await Deno.readTextFile(join(dist, "index.html")), modules };
}
