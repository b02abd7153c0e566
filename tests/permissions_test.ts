/** The permissions of the tasks: that they are documented, and that programs say what is wrong where they have less. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { encodePng, Image } from "@troodon/datasets";
import { flagsOf, readTasks } from "./task_permissions.ts";

const ROOT = new URL("..", import.meta.url);

Deno.test("docs/permissions.md has the permissions of every task", async () => {
  const table = new Map<string, string[]>();
  let name = "";
  for (const line of (await Deno.readTextFile(new URL("docs/permissions.md", ROOT))).split("\n")) {
    const [, task = "", permissions = ""] = line.split("|");
    const flags = [...permissions.matchAll(/`(-[^`]+)`/g)].map(([, flag]) => flag!);
    name = /`(\w+)`/.exec(task)?.[1] ?? name;
    if (flags.length > 0) table.set(name, [...table.get(name) ?? [], ...flags]);
  }
  // "The same", but for what it may write and the host of weights.
  const trained = table.get("train")!, write = table.get("evaluate")!;
  const evaluates = (flag: string): string =>
    flag.startsWith("--allow-write") ? write[0]! : flag.replace(",download.pytorch.org", "");
  table.set("evaluate", trained.map(evaluates));
  for (const [task, line] of Object.entries(await readTasks())) {
    const flags = flagsOf(line).filter((flag) => flag !== "--no-check" && !flag.startsWith("--lock="));
    const row = flags.includes("-A") ? "card" : task;
    assertEquals(table.get(row)?.toSorted(), flags.toSorted(), task);
    table.delete(row === "card" ? "" : row);
  }
  assertEquals([...table.keys()], ["card"]);
});

/** Runs a program with the permissions that are given. */
async function run(program: string, permissions: readonly string[], args: readonly string[], cwd: string) {
  const script = fromFileUrl(new URL(`scripts/${program}.ts`, ROOT));
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", ...permissions, script, ...args],
    env: { NO_COLOR: "1", TROODON_NUM_THREADS: "none" },
    cwd,
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), errors: decoder.decode(stderr) };
}

Deno.test("programs run with fewer permissions, and tell the true error in one line where they need more", async () => {
  const cwd = await Deno.makeTempDir(), png = encodePng(new Image(28, 28, 1, new Uint8Array(784)));
  for (const path of ["train/a", "train/b", "test/a", "test/b"]) {
    await Deno.mkdir(join(cwd, "png", path), { recursive: true });
    await Deno.writeFile(join(cwd, "png", path, "1.png"), png);
  }
  const data = ["--dataset", "image-folder", "--data", "png", "--device", "cpu"];
  const args = [...data, "--model", "mlp", "--epochs", "1", "--out", "runs/a"];
  // No variable is read and no library opened; the network is given up when the data are there.
  const preload = fromFileUrl(new URL("tests/network_preload.ts", ROOT));
  const fewer = ["--allow-read", "--allow-write=runs", "--allow-net=example.com", "--preload", preload];
  const trained = await run("train", fewer, args, cwd);
  assertEquals(trained.code, 0, trained.errors);
  assertStringIncludes(trained.errors, "no native BLAS without --allow-ffi");
  assertStringIncludes(trained.out, "Saved runs/a");
  assertStringIncludes(trained.out, "network at first: granted\n");
  assertStringIncludes(trained.out, "network at last: prompt\n");
  const fails = async (
    program: string,
    permissions: readonly string[],
    args: readonly string[],
    message: string,
  ) => {
    const { code, errors } = await run(program, permissions, args, cwd);
    assertEquals(code, 1, errors);
    const lines = errors.trimEnd().split("\n").filter((line) => !line.startsWith("Using "));
    assert(lines.length === 1 && lines[0]!.startsWith("Error: ") && lines[0]!.includes(message), errors);
  };
  await fails("predict", [], ["runs/a", "png/test/a/1.png"], 'Requires read access to "runs/a"');
  await fails(
    "train",
    ["--allow-read"],
    [...args, "--force"],
    "Cannot write the run runs/a as it must be in a folder",
  );
  await Deno.remove(cwd, { recursive: true });
});
