/** Runtimes that the packages are tried in, from npm. */

import { join } from "@std/path";

/** A runtime that runs a module. */
export interface Runtime {
  /** Its name and version: "Node 22.23.5". */
  readonly name: string;
  /** The command, before the module and its arguments. */
  readonly command: readonly string[];
}

/** Exit of a program. */
export interface Ended {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command. */
export async function runCommand(
  [program, ...args]: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { success, stdout, stderr } = await new Deno.Command(program!, {
    args,
    cwd,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs a command, which must succeed. */
export async function mustRun(command: readonly string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await runCommand(command, cwd);
  if (!success) throw new TypeError(`Cannot run ${command.join(" ")}: ${(stderr || stdout).slice(-2000)}`);
  return stdout;
}

/** Returns true if a program is there. */
export async function isThere(program: string): Promise<boolean> {
  try {
    return (await runCommand([program, "--version"], Deno.cwd())).success;
  } catch {
    return false;
  }
}

/** npm's names of this system and its processor. */
const PLATFORM = Deno.build.os === "windows" ? "win" : Deno.build.os;
const ARCH = Deno.build.arch === "aarch64" ? "arm64" : "x64";

/** Fetches a version of Node from npm into `folder`. */
async function fetchNode(version: number, folder: string): Promise<Runtime> {
  const root = join(folder, `node${version}`), name = `node-${PLATFORM}-${ARCH}`;
  await Deno.mkdir(root, { recursive: true });
  await mustRun(["npm", "install", "--no-audit", "--no-fund", "--prefix", root, `${name}@${version}`], root);
  const program = join(root, "node_modules", name, "bin/node");
  const found = (await mustRun([program, "--version"], root)).trim().slice(1);
  return { name: `Node ${found}`, command: [program] };
}

/** Fetches Bun from npm into `folder`. */
async function fetchBun(folder: string): Promise<Runtime> {
  const root = join(folder, "bun");
  await Deno.mkdir(root, { recursive: true });
  await mustRun(["npm", "install", "--no-audit", "--no-fund", "--prefix", root, "bun@1.4.5"], root);
  // npm may leave out scripts of installation.
  await mustRun(["node", join(root, "node_modules/bun/install.js")], join(root, "node_modules/bun"));
  const program = join(root, "node_modules/bun/bin/bun.exe");
  return { name: `Bun ${(await mustRun([program, "--version"], root)).trim()}`, command: [program] };
}

/** The Deno that runs this module. */
export function ownDeno(): Runtime {
  return { name: `Deno ${Deno.version.deno}`, command: [Deno.execPath(), "run", "-A", "--quiet"] };
}

/**
 * Returns Deno, and from npm Node 22, Node 24 and Bun.
 *
 * @param folder Where to put them.
 * @param say Called with a line for each that cannot be had.
 */
export async function fetchRuntimes(folder: string, say: (line: string) => void): Promise<Runtime[]> {
  const runtimes = [ownDeno()];
  const wanted: readonly (readonly [string, () => Promise<Runtime>])[] = [
    ["Node 22", () => fetchNode(22, folder)],
    ["Node 24", () => fetchNode(24, folder)],
    ["Bun", () => fetchBun(folder)],
  ];
  for (const [name, fetchIt] of wanted) {
    try {
      runtimes.push(await fetchIt());
    } catch (error) {
      say(`SKIP ${name}: ${(error as Error).message.split("\n", 1)[0]}`);
    }
  }
  return runtimes;
}
