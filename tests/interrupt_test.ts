/** Ctrl-C in `deno task train`. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";

const SCRIPT = fromFileUrl(new URL("../scripts/train.ts", import.meta.url));

Deno.test({
  name: "train ends at Ctrl-C with the way to go on, and unlocks its run",
  ignore: Deno.build.os === "windows",
  async fn() {
    const out = await Deno.makeTempDir();
    const flags = ["--dataset", "generated", "--limit", "64", "--model", "mlp", "--device", "cpu"];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", SCRIPT, ...flags, "--epochs", "100000", "--out", `${out}/run`],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
    }).spawn();
    try {
      const errors = new Response(child.stderr).text();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ""; !text.includes("epoch 1/");) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
      }
      child.kill("SIGINT");
      while (!(await reader.read()).done);
      assertEquals((await child.status).code, 130);
      assertStringIncludes(await errors, `the same command with --resume`);
      const left = Array.from(Deno.readDirSync(`${out}/run`), ({ name }) => name);
      assertEquals(left.filter((name) => name.includes("lock")), []);
    } finally {
      await child.status;
      await Deno.remove(out, { recursive: true });
    }
  },
});
