import { fromFileUrl, relative } from "@std/path";
import { type Host, runtimeHost } from "@troodon/io";

/** Module of the package, if it was started from a checkout. */
const MODULE = /[/\\]cli[/\\]mod\.ts$/;

/** Returns the shorter of a path and its relative path from `folder`. */
function shorter(path: string, folder: string): string {
  const way = relative(folder, path);
  return way.length < path.length ? way : path;
}

/**
 * Returns the command line that runs a command in the same way as this program was started: `deno task train` in the
 * repository, `npx @troodon/cli train` if npx runs the package.
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
  // If npx downloaded Deno, the path may contain no other.
  const deno = /[/\\]_npx[/\\]/.test(executable) ? `npx --yes deno@${versions["Deno"]}` : "deno";
  if (!MODULE.test(program)) return `${deno} task ${name}`;
  return `${deno} run -A ${shorter(fromFileUrl(program), host.folder())} ${name}`;
}
