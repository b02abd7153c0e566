/** Modules in pages of browsers without a window, which give an answer. */
import { ROOT } from "../run_deno.ts";

/** A browser, and how it is started. */
export interface Browser {
  readonly name: string;
  /** Its file. */
  readonly program: string;
  /** Its arguments before the address, with a new folder for its files. */
  readonly args: (profile: string) => readonly string[];
}

/** Options of {@linkcode runInBrowser}. */
export interface PageOptions {
  /** Given up after so many milliseconds; 120,000 by default. */
  readonly timeout?: number;
  /** Isolates the page, which may then share memory with workers; false by default. */
  readonly isolated?: boolean;
  /** The policy of the page as to what it may run; none by default. */
  readonly policy?: string;
  /** Text of the page, which posts its answer to `/answer` by itself; by default one that calls `main` of the module. */
  readonly page?: string;
  /** Texts of other modules that the server has, by their paths: `/worker.js`. */
  readonly modules?: Readonly<Record<string, string>>;
}

/** Puts the module in a page: it has a function `main`, which gives the answer. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Troodon</title><script type="module">
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
 * Runs the function `main` that a module exports, in a page of its own, and gives
 * what it returns, as JSON takes it. Needs no network.
 *
 * @param module The text of the module, with all that it imports.
 * @param name Its name for errors.
 * @throws {TypeError} If the browser does not answer in time, or `main` throws.
 */
export async function runInBrowser(
  browser: Browser,
  module: string,
  name: string,
  { timeout = 120_000, isolated = false, policy, page = PAGE, modules = {} }: PageOptions = {},
): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const isolation = isolated
    ? { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" }
    : {};
  const allowed = policy === undefined ? {} : { "content-security-policy": policy };
  const html = { headers: { "content-type": "text/html", ...isolation, ...allowed } };
  const script = { headers: { "content-type": "text/javascript" } };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (Object.hasOwn(modules, pathname)) return new Response(modules[pathname], script);
    switch (pathname) {
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
  const profile = await Deno.makeTempDir({ prefix: "troodon-browser-" });
  const child = new Deno.Command(browser.program, {
    args: [...browser.args(profile), `http://127.0.0.1:${server.addr.port}/`],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => resolve({ error: `no answer within ${timeout} ms` }), timeout);
  child.status.then(({ code }) => resolve({ error: `it ended with ${code} before it answered` }));
  try {
    const { value, error } = await promise;
    if (error !== undefined) throw new TypeError(`Cannot run ${name} in ${browser.name}: ${error}`);
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
