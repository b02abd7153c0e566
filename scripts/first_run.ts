/**
 * Makes `docs/first_run.md`, the output of a first run in a fresh clone with only Node installed, with the time of each
 * line: `deno run -A scripts/first_run.ts`. Downloads Deno and the libraries from npm into empty caches.
 *
 * @module
 */

import { join } from "@std/path";
import { runProgram } from "@troodon/cli/flags";
import { ROOT } from "./run_deno.ts";

/** Start of the two commands, as in the README. */
const DENO = ["npx", "--yes", "deno@2.9.6", "task"];
const COMMANDS = [[...DENO, "train"], [...DENO, "evaluate", "runs/generated-cnn-bn"]];
/** Programs in the path: those of Node, and the shell that npm uses for scripts. */
const PROGRAMS = ["node", "npm", "npx", "sh"];
/** Environment variables that configure the network. */
const NETWORK = /^(npm_config_registry|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|DENO_CERT)$/i;
/** Lines of npm about itself. */
const NOTICE = /^npm notice/;

/** Runs a command in `folder`, and returns its lines with the seconds since it was started. */
async function transcript(command: readonly string[], folder: string, home: string): Promise<string[]> {
  const [program, ...args] = command, start = performance.now(), lines: string[] = [];
  const network = Object.entries(Deno.env.toObject()).filter(([name]) => NETWORK.test(name));
  const child = new Deno.Command("/bin/sh", {
    args: ["-c", `exec ${join(home, "bin", program!)} ${args.join(" ")} 2>&1`],
    cwd: folder,
    clearEnv: true,
    env: { ...Object.fromEntries(network), HOME: home, PATH: join(home, "bin"), NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    const parts = (rest + text).split("\n");
    rest = parts.pop()!;
    for (const line of parts) {
      if (!NOTICE.test(line)) lines.push(`${seconds}  ${shortened(line, folder)}`.trimEnd());
    }
  }
  const { code } = await child.status;
  if (code !== 0) throw new TypeError(`Cannot run ${command.join(" ")}:\n${lines.join("\n")}`);
  return lines;
}

/** Shortens a line to the width of a page, and removes the path of the clone. */
function shortened(line: string, folder: string): string {
  const text = line.replaceAll(folder, "~/troodon");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/** Returns the path of a program of this machine. */
async function pathOf(program: string): Promise<string> {
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = join(folder, program);
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  throw new TypeError(`Cannot make a first run as ${program} must be in the path`);
}

async function run(command: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new TypeError(`Cannot run ${command}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).trim();
}

async function makePage(): Promise<void> {
  const home = await Deno.makeTempDir(), folder = join(home, "troodon");
  try {
    await Deno.mkdir(join(home, "bin"));
    for (const program of PROGRAMS) await Deno.symlink(await pathOf(program), join(home, "bin", program));
    await run("git", "clone", "--quiet", ROOT, folder);
    const node = await run("node", "--version"), { hardwareConcurrency } = navigator;
    const sections: string[] = [];
    for (const command of COMMANDS) {
      const lines = await transcript(command, folder, home);
      sections.push(`## \`${command.join(" ")}\`\n\n\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`);
    }
    const load = Deno.loadavg()[0]!.toFixed(1);
    await Deno.writeTextFile(
      join(ROOT, "docs/first_run.md"),
      "# A first run with nothing but Node\n\n" +
        "Output of two commands in a fresh clone, on a machine with Node but without Deno and with empty caches. The number " +
        "before each line is the time in seconds since the command was started. The first command installs Deno and five " +
        "small libraries from npm, and trains a network.\n\n" +
        "MNIST could not be downloaded on this machine, so the run uses generated digits.\n\n" +
        `Made by \`deno run -A scripts/first_run.ts\` with Node ${
          node.slice(1)
        } on ${hardwareConcurrency} processor ` +
        `threads (load average ${load}).\n\n${sections.join("\n")}`,
    );
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

if (import.meta.main) {
  await runProgram({
    usage: "deno run -A scripts/first_run.ts",
    about:
      "Makes docs/first_run.md: the output of a first run with only Node installed, with the time of each line.",
    flags: {},
    async main() {
      await makePage();
    },
  }, Deno.args);
}
