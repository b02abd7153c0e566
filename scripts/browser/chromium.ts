/** Modules of this project in headless Chromium, whose software adapter is SwiftShader. */
import { runDeno } from "../run_deno.ts";
import { type Browser, type PageOptions, runInBrowser } from "./run_page.ts";

// https://chromium.googlesource.com/chromium/src/+/main/docs/gpu/
const FLAGS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-dev-shm-usage",
  "--disable-quic",
  "--disable-sync",
  "--disable-background-networking",
  "--disable-component-update",
  "--no-first-run",
  "--no-default-browser-check",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
];

/** Where Chromium is: `CHROMIUM_PATH`, else where Debian puts it; undefined where there is none. */
export function findChromium(): string | undefined {
  const places = [Deno.env.get("CHROMIUM_PATH"), "/usr/bin/chromium", "/usr/bin/chromium-browser"];
  return places.find((path) => {
    try {
      return path !== undefined && Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** `deno bundle` cannot run: it fetches esbuild from npm the first time. */
export class NoBundlerError extends TypeError {
  override readonly name: string = "NoBundlerError";
}

const bundles = new Map<string, Promise<string>>();

/** A module with all it imports, in one text that a page can load. */
export async function bundle(entry: string): Promise<string> {
  const made = bundles.get(entry) ?? bundleAnew(entry);
  bundles.set(entry, made);
  return await made;
}

async function bundleAnew(entry: string): Promise<string> {
  const run = await runDeno(["bundle", "--quiet", "--keep-names", "--platform=browser", entry]);
  if (!run.success && run.output.includes("@esbuild")) {
    throw new NoBundlerError("Cannot bundle as esbuild is neither in Deno's cache nor reachable");
  }
  if (!run.success) throw new TypeError(`Cannot bundle ${entry}: ${run.output.trim()}`);
  return run.output;
}

/**
 * Runs the function `main` that a module of the project exports: see {@linkcode runTextInChromium}.
 *
 * @param entry The module, as a path from the root of the project.
 * @throws {NoBundlerError} If modules cannot be bundled here.
 * @throws {TypeError} If this module cannot be bundled, or Chromium does not answer in time, or `main` throws.
 */
export async function runInChromium(
  chromium: string,
  entry: string,
  options: PageOptions = {},
): Promise<unknown> {
  return await runTextInChromium(chromium, await bundle(entry), entry, options);
}

/** Returns the Chromium at a path. */
export function chromiumAt(program: string): Browser {
  return { name: "Chromium", program, args: (profile) => [...FLAGS, `--user-data-dir=${profile}`] };
}

/** Runs the function `main` of a module, given as a text with all that it imports: see {@linkcode runInBrowser}. */
export async function runTextInChromium(
  chromium: string,
  module: string,
  name: string,
  options: PageOptions = {},
): Promise<unknown> {
  return await runInBrowser(chromiumAt(chromium), module, name, options);
}
