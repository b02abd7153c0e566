/** Modules of this project in headless Chromium, whose software adapter is SwiftShader. */
import { ROOT, runDeno } from "../run_deno.ts";

/** Options of {@linkcode runInChromium}. */
export interface ChromiumOptions {
  /** Given up after so many milliseconds; 120,000 by default. */
  readonly timeout?: number;
  /** Isolates the page, which may then share memory with workers; false by default. */
  readonly isolated?: boolean;
  /** The policy of the page as to what it may run; none by default. */
  readonly policy?: string;
}

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

/** A module with all it imports, in one text that a page can load. */
export async function bundle(entry: string): Promise<string> {
  const run = await runDeno(["bundle", "--quiet", "--keep-names", "--platform=browser", entry]);
  if (!run.success && run.output.includes("@esbuild")) {
    throw new NoBundlerError("Cannot bundle as esbuild is neither in Deno's cache nor reachable");
  }
  if (!run.success) throw new TypeError(`Cannot bundle ${entry}: ${run.output.trim()}`);
  return run.output;
}

/** Puts the module in a page: it has a function `main`, which gives the answer. */
const page = `<!doctype html><meta charset="utf-8"><title>Troodon</title><script type="module">
const answer = async () => {
  try {
    const { main } = await import("/module.js");
    return { value: await main() };
  } catch (error) {
    return { error: String(error?.stack ?? error) };
  }
};
await fetch("/answer", { method: "POST", body: JSON.stringify(await answer()) });
</script>`;

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
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
  options: ChromiumOptions = {},
): Promise<unknown> {
  return await runTextInChromium(chromium, await bundle(entry), entry, options);
}

/**
 * Runs the function `main` that a module exports, in a page of its own, and gives
 * what it returns, as JSON takes it. Needs no network.
 *
 * @param module The text of the module, with all that it imports.
 * @param name Its name for errors.
 * @throws {TypeError} If Chromium does not answer in time, or `main` throws.
 */
export async function runTextInChromium(
  chromium: string,
  module: string,
  name: string,
  { timeout = 120_000, isolated = false, policy }: ChromiumOptions = {},
): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const isolation = isolated
    ? { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }
    : {};
  const allowed = policy === undefined ? {} : { "content-security-policy": policy };
  const html = { headers: { "content-type": "text/html", ...isolation, ...allowed } };
  const script = { headers: { "content-type": "text/javascript" } };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    switch (new URL(request.url).pathname) {
      case "/":
        return new Response(page, html);
      case "/module.js":
        return new Response(module, script);
      case "/answer":
        resolve(await request.json());
        return new Response();
      default:
        return new Response("", { status: 404 });
    }
  });
  const profile = await Deno.makeTempDir({ prefix: "troodon-chromium-" });
  const child = new Deno.Command(chromium, {
    args: [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${server.addr.port}/`],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => resolve({ error: `no answer within ${timeout} ms` }), timeout);
  child.status.then(({ code }) => resolve({ error: `it ended with ${code} before it answered` }));
  try {
    const { value, error } = await promise;
    if (error !== undefined) throw new TypeError(`Cannot run ${name} in Chromium: ${error}`);
    return value;
  } finally {
    clearTimeout(timer);
    stop(child);
    await child.status;
    await server.shutdown();
    await Deno.remove(profile, { recursive: true }).catch(() => {}); // Its last helpers may still write.
  }
}

function stop(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
