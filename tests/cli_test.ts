import { assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, resolve } from "@std/path";

const MODULE = fromFileUrl(new URL("../packages/cli/mod.ts", import.meta.url));

/** Runs the module of the package in another folder, with permissions of no task. */
async function cli(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", MODULE, ...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("main() runs commands from another folder, and names the command line that was used", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const help = await cli(folder, "train", "--help");
    assertEquals(help.code, 0, help.stderr);
    const [, path = ""] = /^Usage: deno run -A (\S+) train \[flags\]/.exec(help.stdout) ?? [];
    assertEquals(resolve(folder, path), MODULE);
    assertMatch((await cli(folder)).stdout, /^Usage: .* COMMAND \[arguments\]\n[^]*\n {2}predict +Says/);
    assertEquals(
      (await cli(folder, "runs")).stdout,
      `No runs in runs: deno run -A ${path} train makes one\n`,
    );
    const wrong = await cli(folder, "evalute");
    assertEquals(wrong.code, 2);
    assertMatch(wrong.stderr, /^Unknown command: evalute\. Did you mean evaluate\?\nUsage: /);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
