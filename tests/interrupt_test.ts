/** Signals in `deno task train`. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadLastState } from "@troodon/train";

const SCRIPT = fromFileUrl(new URL("../scripts/train.ts", import.meta.url));
const FLAGS = ["--dataset", "generated", "--device", "cpu", "--epochs", "100000", "--log-every", "1"];

interface Ended {
  readonly status: Deno.CommandStatus;
  readonly errors: string;
  /** The last step whose loss was printed. */
  readonly step: number;
}

/** Sends a signal to a run once a step is logged, and `again` when it has said that it heard the first. */
async function interrupt(
  flags: readonly string[],
  signal: Deno.Signal,
  again?: Deno.Signal,
): Promise<Ended> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", SCRIPT, ...FLAGS, ...flags],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  let text = "", errors = "";
  const reading = [
    (async () => {
      for await (const part of child.stdout.pipeThrough(new TextDecoderStream())) {
        const isFirst = !/ step \d/.test(text);
        text += part;
        if (isFirst && / step \d/.test(text)) child.kill(signal);
      }
    })(),
    (async () => {
      for await (const part of child.stderr.pipeThrough(new TextDecoderStream())) {
        const isFirst = !errors.includes("Another signal");
        errors += part;
        if (again !== undefined && isFirst && errors.includes("Another signal")) child.kill(again);
      }
    })(),
  ];
  const [status] = await Promise.all([child.status, ...reading]);
  return { status, errors, step: Number(text.match(/ step (\d+) (?!.* step )/s)?.[1]) };
}

Deno.test({
  name: "train saves its state at a signal, says the command that goes on, and unlocks its run",
  ignore: Deno.build.os === "windows",
  async fn() {
    const out = await Deno.makeTempDir();
    try {
      for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
        const path = join(out, signal),
          flags = ["--limit", "640", "--model", "mlp", "--out", path, "--force"];
        const { status, errors, step } = await interrupt(flags, signal);
        assertEquals([status.code, status.signal], [code, null], errors);
        assertStringIncludes(errors, `${signal}: saving the run`);
        const command = ["deno task train", ...FLAGS, ...flags.slice(0, -1), "--resume"].join(" ");
        assertStringIncludes(errors, `Saved the run in ${path}/state.safetensors. To go on:\n  ${command}\n`);
        assertEquals((await loadLastState(path))?.state.position.step, step);
        const left = Array.from(Deno.readDirSync(path), ({ name }) => name);
        assertEquals(left.filter((name) => /lock|tmp/.test(name)), []);
      }
    } finally {
      await Deno.remove(out, { recursive: true });
    }
  },
});

Deno.test({
  name: "train ends at once at a second signal",
  ignore: Deno.build.os === "windows",
  async fn() {
    const out = await Deno.makeTempDir();
    try {
      // Steps that take longer than a signal does.
      const flags = ["--limit", "6000", "--batch-size", "3000", "--model", "cnn", "--out", out];
      const { status, errors } = await interrupt(flags, "SIGTERM", "SIGINT");
      assertEquals([status.signal, errors.includes("To go on")], ["SIGINT", false], errors);
    } finally {
      await Deno.remove(out, { recursive: true });
    }
  },
});
