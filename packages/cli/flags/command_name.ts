import { fromFileUrl, relative } from "@std/path";
import { type Host, runtimeHost } from "@troodon/io";

/** The module of the package, as somebody starts it from a checkout. */
const MODULE = /[/\\]cli[/\\]mod\.ts$/;

/** Returns the shorter one of a path and the way to it from `folder`. */
function shorter(path: string, folder: string): string {
  const way = relative(folder, path);
  return way.length < path.length ? way : path;
}

/**
 * Returns the command line that runs a command in the way that this program was started: `deno task train` in the repository,
 * `npx @troodon/cli train` where npx runs the package.
 */
export function commandName(name: string, host: Host = runtimeHost()): string {
  const { runtime, program, executable, versions } = host;
  if (runtime === "Bun") return `bunx @troodon/cli ${name}`;
  if (runtime === "Node") {
    const isInstalled = host.variable("npm_command") === undefined && /[/\\]troodon$/.test(program);
    return isInstalled ? `troodon ${name}` : `npx @troodon/cli ${name}`;
  }
  if (/^(https?|jsr):/.test(program)) return `deno run -A jsr:@troodon/cli ${name}`;
  if (/\bcli[/\\]bin\.js$|^npm:/.test(program)) return `deno run -A npm:@troodon/cli ${name}`;
  // Where npx fetched Deno, there may be none in the path.
  const deno = /[/\\]_npx[/\\]/.test(executable) ? `npx --yes deno@${versions["Deno"]}` : "deno";
  if (!MODULE.test(program)) return `${deno} task ${name}`;
  return `${deno} run -A ${shorter(fromFileUrl(program), host.folder())} ${name}`;
}
